"""Who answers for an order that nobody answers for yet (pure).

The rules, in this order: the customer's own clerk; where that one is away, who stands in; else, of
those on shift, the one with the fewest open orders. Nobody on shift: the order waits in the queue.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from models.errors import RuleError
from models.office import Spans, in_spans


class Why(StrEnum):
    """Why somebody was chosen; kept in the order's history."""

    OWN = "the customer's own clerk"
    STANDS_IN = "stands in for the customer's own clerk"
    FEWEST = "on shift, with the fewest open orders"
    ABSENCE = "stands in during an absence"
    AWAY = "on shift, while the owner is away"
    LEFT = "the owner works here no more"


@dataclass(frozen=True, slots=True)
class Absence:
    """Days, first and last, on which somebody is away, and who stands in."""

    first: date
    last: date
    stand_in: str | None = None

    def on(self, day: date) -> bool:
        """Whether the day is one of them."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, kw_only=True)
class Clerk:
    """Somebody who works on orders: daily hours (none: always on shift), open orders, absences.

    Attributes:
        takes: is given orders; who does not may still stand in for somebody.
    """

    name: str
    takes: bool = True
    shift: Spans = ()
    open_orders: int = 0
    absences: tuple[Absence, ...] = ()

    def away(self, now: datetime) -> Absence | None:
        """The absence that a local day lies in, or None."""
        return next((a for a in self.absences if a.on(now.date())), None)

    def on_shift(self, now: datetime) -> bool:
        """Whether orders reach this person at a local time."""
        return self.takes and self.is_there(now)

    def is_there(self, now: datetime) -> bool:
        """Whether this person works at a local time; without hours of their own: always."""
        return self.away(now) is None and (not self.shift or in_spans(self.shift, now))


@dataclass(frozen=True, slots=True)
class Choice:
    """Who answers for the order, and why."""

    name: str
    why: Why


def choose(clerks: Iterable[Clerk], *, own: str | None, now: datetime) -> Choice | None:
    """Who is given an order at a local time; None leaves it to whoever takes it.

    The customer's own clerk gets it out of shift, too: it is there in the morning.
    """
    people = {clerk.name: clerk for clerk in clerks}
    mine = people.get(own or "")
    if mine is not None and not mine.takes:
        mine = None
    if mine is not None and mine.away(now) is None:
        return Choice(mine.name, Why.OWN)
    if mine is not None and (other := stand_in(people.values(), mine.name, now)) is not None:
        return Choice(other, Why.STANDS_IN)
    ready = [clerk for clerk in people.values() if clerk.on_shift(now)]
    if not ready:
        return None
    least = min(ready, key=lambda clerk: (clerk.open_orders, clerk.name))
    return Choice(least.name, Why.FEWEST)


def succeed(
    clerks: Sequence[Clerk], owner: str, *, own: str | None, now: datetime
) -> Choice | None:
    """Who goes on with the order of somebody who is away or works here no more, local time.

    Who stands in, or else whoever would be given the order if it were new. None where the owner
    is there, or nobody can take it.
    """
    people = {clerk.name: clerk for clerk in clerks}
    if owner in people and people[owner].away(now) is None:
        return None
    if owner in people and (other := stand_in(clerks, owner, now)) is not None:
        return Choice(other, Why.ABSENCE)
    found = choose(clerks, own=None if own == owner else own, now=now)
    why = Why.AWAY if owner in people else Why.LEFT
    return None if found is None else Choice(found.name, why)


def stand_in(clerks: Iterable[Clerk], name: str, now: datetime) -> str | None:
    """Who stands in for somebody who is away, over several absences; None where nobody does."""
    people = {clerk.name: clerk for clerk in clerks}
    asked: list[str] = []
    while name in people and name not in asked:
        absence = people[name].away(now)
        if absence is None:
            return name
        asked.append(name)
        name = absence.stand_in or ""
    return None


def check(absence: Absence, name: str, others: Sequence[str]) -> Absence:
    """The absence, if it makes sense. Raises RuleError."""
    if absence.last < absence.first:
        raise RuleError("The period ends before it begins.")
    if absence.stand_in is not None and (
        absence.stand_in == name or absence.stand_in not in others
    ):
        raise RuleError("Somebody else who works on orders has to stand in.")
    return absence
