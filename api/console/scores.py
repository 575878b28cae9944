"""The scorecard of the desk's own calls, for the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from api.console.context import Context
from api.wordings import dialogue_settings, settings_in_force
from models.call import Call
from models.order import Order
from nlp.training.real import real_score
from nlp.training.scorecard import Card


def cards_of(context: Context, calls: Iterable[tuple[Call, Order | None]]) -> Mapping[str, Card]:
    """By SID the card of each call that is over and in which the desk spoke.

    What orders cannot do without is what is asked for today.

    Args:
        calls: each with what it was about.
    """
    now = settings_in_force(context.store, dialogue_settings(context.settings))
    found = ((call.sid, real_score(call, order, required=now.required)) for call, order in calls)
    return {sid: card for sid, card in found if card is not None}
