"""Call-backs: why the desk calls a customer, what came of each ring, when it rings again (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from models.call import Disposition


class Cause(StrEnum):
    """Why a customer is called back."""

    DROPPED = "dropped"
    LINES_BUSY = "lines_busy"
    DRAFT = "draft"
    CLERK = "clerk"
    EMAIL = "email"
    FAX = "fax"


class State(StrEnum):
    """How a call-back stands; only a planned one rings.

    `DONE`: the customer was reached. `SETTLED`: it is not needed any more. `TASK`: a person has it.
    """

    PLANNED = "planned"
    DONE = "done"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    TASK = "task"


class Rang(StrEnum):
    """What came of one ring.

    `LATER`: the customer was reached and had no time. `DROPPED`: the line broke, or nobody spoke.
    `REFUSED`: the telephone company will never place this call.
    """

    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    MACHINE = "machine"
    FAX = "fax"
    DROPPED = "dropped"
    LATER = "later"
    WRONG_NUMBER = "wrong_number"
    REFUSED = "refused"
    REACHED = "reached"


#: What a person has to see to, however often it was rung.
HOPELESS = frozenset({Rang.FAX, Rang.WRONG_NUMBER, Rang.REFUSED})
#: Words of the telephone company for a ring that is over.
OVER = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})
_ENDS: Mapping[str, Rang] = {
    "busy": Rang.BUSY,
    "no-answer": Rang.NO_ANSWER,
    "failed": Rang.FAILED,
    "canceled": Rang.FAILED,
}
_TALKED: Mapping[Disposition, Rang] = {
    Disposition.ABANDONED: Rang.DROPPED,
    Disposition.FAILED: Rang.DROPPED,
    Disposition.NOT_NOW: Rang.LATER,
    Disposition.WRONG_NUMBER: Rang.WRONG_NUMBER,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class CallBackRules:
    """How often it is rung, and how long is waited between.

    Attributes:
        most: rings of one call-back at most.
        most_a_day: rings of one number within 24 hours at most.
        prefixes: beginnings of numbers that are rung; others are a person's.
        pauses: the wait after each outcome that is tried again.
    """

    most: int
    most_a_day: int
    prefixes: tuple[str, ...]
    pauses: Mapping[Rang, timedelta]


def came_of(
    status: str, answered_by: str | None, disposition: Disposition | None, *, known: bool
) -> Rang | None:
    """What came of a ring, None while that is not known.

    Args:
        status: the telephone company's word for the call.
        answered_by: its guess at who answered (`human`, `machine_end_beep`, `fax`, …).
        disposition: how the talk ended, as far as it is stored.
        known: whether nothing more will be stored, so that no talk means a broken line.
    """
    if status in _ENDS:
        return _ENDS[status]
    if status not in OVER:
        return None
    if (answered_by or "").startswith("machine"):
        return Rang.MACHINE
    if answered_by == "fax":
        return Rang.FAX
    if disposition is not None:
        return _TALKED.get(disposition, Rang.REACHED)
    return Rang.DROPPED if known else None
