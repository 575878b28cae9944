"""The desk's figures: which stretches of time they are counted by, and what is counted (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.errors import RuleError

#: Longer periods are nobody's table, and no page's.
MOST_STRETCHES = 120
_WEEK = timedelta(days=7)
_ISO_WEEK = re.compile(r"2\d{3}-W\d{2}")


class By(StrEnum):
    """How long a stretch is. A week begins on Monday."""

    DAY = "day"
    WEEK = "week"


class BadPeriod(RuleError):
    """The period ends before it begins, or has too many stretches."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A day or a week of the desk's calendar, and the instants it lies between."""

    day: date
    since: datetime
    before: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What happened in one stretch. Averages are None where there was nothing to average.

    Attributes:
        contained: calls that ended with what the caller wanted, without a person.
        seconds: a call's mean length.
        turns: the caller's contributions in calls that ended with an order.
        ordered: those calls.
        confidence: the recogniser's mean confidence in the callers' turns, 0 to 1.
        notices, heard: order versions whose notice was played; those that heard it whole.
        messages, delivered: text messages; those that arrived.
        links, signed: order versions with a signing link; those signed within a day of it.
    """

    calls: int = 0
    contained: int = 0
    seconds: float | None = None
    turns: int = 0
    ordered: int = 0
    confidence: float | None = None
    notices: int = 0
    heard: int = 0
    messages: int = 0
    delivered: int = 0
    links: int = 0
    signed: int = 0

    @property
    def turns_per_order(self) -> float | None:
        """The callers' turns in a call that ended with an order."""
        return self.turns / self.ordered if self.ordered else None


@dataclass(frozen=True, slots=True)
class Corrections:
    """How often one field's value was replaced by another one."""

    field: str
    by_caller: int
    by_clerk: int


def stretches(first: date, last: date, by: By, zone: ZoneInfo) -> Sequence[Stretch]:
    """The days, or the whole weeks, from one day to another, both included.

    Raises:
        BadPeriod: see there.
    """
    if last < first:
        raise BadPeriod("The period ends before it begins.")
    step = _WEEK if by is By.WEEK else timedelta(days=1)
    day = first - timedelta(days=first.weekday()) if by is By.WEEK else first
    if (last - day) // step >= MOST_STRETCHES:
        raise BadPeriod("This period is too long. Choose a shorter one, or count by week.")
    found = []
    while day <= last:
        found.append(Stretch(day, _midnight(day, zone), _midnight(day + step, zone)))
        day += step
    return found


def iso_week(text: str, today: date, zone: ZoneInfo) -> Stretch:
    """The week that `2026-W48` names; the one of today where it names none, or one to come."""
    day = today
    if _ISO_WEEK.fullmatch(text):
        try:
            day = min(today, date.fromisocalendar(int(text[:4]), int(text[6:]), 1))
        except ValueError:
            day = today
    (found,) = stretches(day, day, By.WEEK, zone)
    return found


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone)
