"""The scorecard of the desk's own calls, for the pages that show them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from api.console.context import Context
from api.vault.recordings import begins_at, lasts_ms
from api.wordings import dialogue_settings, settings_in_force
from models.call import Call
from models.order import Order
from models.store import UnitOfWork
from nlp.training.real import real_score, speakers
from nlp.training.scorecard import Card

#: Silence between the parts of a recording, and at its end, in which nothing can have been said
#: that matters, milliseconds.
_GAP_MS = 5_000


def cards_of(context: Context, calls: Iterable[tuple[Call, Order | None]]) -> Mapping[str, Card]:
    """By SID the card of each call that is over and in which the desk spoke.

    What orders cannot do without is what is asked for today.

    Args:
        calls: each with what it was about.
    """
    now = settings_in_force(context.store, dialogue_settings(context.settings))
    found: dict[str, Card] = {}
    with context.store.reading() as uow:
        for call, order in calls:
            card = real_score(
                call,
                order,
                required=now.required,
                later=_written_later(uow, call, order),
                gaps=_has_gaps(uow, call),
            )
            if card is not None:
                found[call.sid] = card
    return found


def _written_later(uow: UnitOfWork, call: Call, order: Order | None) -> frozenset[str]:
    """What people wrote into the order after the call."""
    if order is None or call.ended_at is None or "clerk" not in speakers(call):
        return frozenset()
    after = (row for row in uow.orders.history(order.id) if row.at > call.ended_at)
    return frozenset(name for row in after for name in row.changes)


def _has_gaps(uow: UnitOfWork, call: Call) -> bool:
    """Whether a part of what a person said is in no recording. A recording whose period is over
    tells nothing any more."""
    if call.ended_at is None or "clerk" not in speakers(call):
        return False
    rows = [(begins_at(row.name), row.size) for row in uow.recordings.of_call(call.sid)]
    parts = sorted((at, at + lasts_ms(size)) for at, size in rows if at is not None)
    over = (call.ended_at - call.started_at) // timedelta(milliseconds=1)
    edges = [*(begin for begin, _ in parts[1:]), over]
    return any(next_ - end > _GAP_MS for (_, end), next_ in zip(parts, edges, strict=False))
