"""Simulated orders through understanding and dialogue, over a line that damages the words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from statistics import median
from typing import Any
from zoneinfo import ZoneInfo

from api.config import Settings
from api.engines import make_understander
from models.call import Disposition, Lang
from models.order import Status
from nlp.simulation.goals import random_call
from nlp.simulation.noise import damage
from nlp.simulation.run import Outcome, play
from nlp.understand import Understander

_AT = datetime(2026, 11, 24, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
_TO_PERSON = frozenset({Disposition.TRANSFERRED, Disposition.CALL_BACK})
#: One call in so many is in English.
_ENGLISH_EVERY = 4


def run(seed: int, orders: int = 1000, noise_percent: int = 20) -> dict[str, Any]:
    """Plays `orders` calls.

    Args:
        noise_percent: damaged characters of a hundred (Mandarin; English words suffer less).

    Returns:
        `correct_rate`: finished calls in which every value that the caller confirmed as sure is
        the caller's goal; `wrong_confirmed_rate`: calls in which one is not; `reviewed_rate`:
        calls whose order is set aside because a text stayed unclear; `untouched_rate`: calls
        that end with the caller's order and nothing for a person to do; `unflagged`: orders with
        an unclear text that are not set aside, which must be none; `handed_over_rate`: calls that
        end with a person or a call-back; `median_turns`: the caller's, in finished calls.
        Names and streets count as equal when they sound equal.
    """
    return figures(list(simulate(seed, orders, noise_percent / 100)))


def figures(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """What `run` returns, of these calls."""
    finished = [one for one in outcomes if one.finished]
    wrong = [one for one in finished if one.mistakes]
    reviewed = [one for one in finished if one.unsure]
    untouched = [one for one in finished if not one.wrong and not one.unsure]
    handed_over = [one for one in outcomes if one.disposition in _TO_PERSON]
    return {
        "correct_rate": _share(len(finished) - len(wrong), len(finished)),
        "wrong_confirmed_rate": _share(len(wrong), len(outcomes)),
        "handed_over_rate": _share(len(handed_over), len(outcomes)),
        "reviewed_rate": _share(len(reviewed), len(outcomes)),
        "untouched_rate": _share(len(untouched), len(outcomes)),
        "unflagged": sum(one.order.status is not Status.NEEDS_REVIEW for one in reviewed),
        "finished_rate": _share(len(finished), len(outcomes)),
        "median_turns": median(one.turns for one in finished) if finished else None,
        "calls": len(outcomes),
        "dispositions": dict(Counter(one.disposition.value for one in outcomes)),
        "wrong_fields": dict(Counter(name for one in wrong for name in one.mistakes)),
        "unsure_fields": dict(Counter(name for one in reviewed for name in one.unsure)),
        "reasons": dict(Counter(one.reason for one in handed_over)),
    }


def simulate(seed: int, orders: int, rate: float) -> Iterator[Outcome]:
    """The calls, one after another; each has its own seed, so that one can be played alone."""
    understander = make_understander(Settings())
    understander.warm_up()
    for number in range(orders):
        yield one_call(understander, seed, number, rate)


def one_call(understander: Understander, seed: int, number: int, rate: float) -> Outcome:
    """The call with this number."""
    rng = random.Random(f"{seed}/{number}")
    lang: Lang = "en" if number % _ENGLISH_EVERY == _ENGLISH_EVERY - 1 else "zh"
    call = random_call(rng, lang=lang, today=_AT.date())
    return play(
        call,
        understand=understander.understand,
        damage=lambda text, chance: damage(text, lang, chance, rate),
        rng=rng,
        at=_AT,
    )


def transcripts(outcomes: Sequence[Outcome]) -> str:
    """The calls as text, for reading."""
    heads = [f"{one.disposition} {one.wrong}" for one in outcomes]
    return "\n\n".join(
        "\n".join([head, *one.transcript]) for head, one in zip(heads, outcomes, strict=True)
    )


def _share(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
