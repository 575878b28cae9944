"""Days, clocks and windows, relative to the call's own clock (shared by both languages)."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

#: A month and day this far back is taken as next year's.
_LONG_PAST = timedelta(days=120)
_NOON = 12
_OLD_YEARS = 70
_FRIDAY, _SATURDAY = 4, 5
_AFTERNOON_UNTIL = 7

#: What a part of the day means where no clock is said, local time.
PARTS: dict[str, tuple[time, time]] = {
    "early": (time(5), time(8)),
    "morning": (time(8), time(12)),
    "noon": (time(11, 30), time(13, 30)),
    "after_lunch": (time(13), time(15)),
    "afternoon": (time(13), time(18)),
    "late_afternoon": (time(16), time(18)),
    "dusk": (time(17), time(19)),
    "evening": (time(18), time(22)),
    "night": (time(20), time(23, 59)),
    "before_work_ends": (time(13), time(18)),
    "after_work": (time(18), time(20)),
    "working": (time(9), time(18)),
}


@dataclass(frozen=True, slots=True)
class Moment:
    """A day, a part of it, or a window, as said.

    Attributes:
        start, end: local clocks; `end` alone for "before six".
        part: said only by a part of the day, so that the clocks are its usual ones.
        implied: no day was said; `day` is the next one that fits.
    """

    day: date
    start: time | None = None
    end: time | None = None
    part: bool = False
    implied: bool = False

    @property
    def deadline(self) -> str:
        """ISO date or local date-time by which something has to be there."""
        clock = self.end or self.start
        return self.day.isoformat() if clock is None else _iso(self.day, clock)

    @property
    def starts(self) -> str | None:
        """ISO local date-time of the beginning, where one was said."""
        return None if self.start is None else _iso(self.day, self.start)

    @property
    def ends(self) -> str | None:
        """ISO local date-time of the end, where one was said."""
        if self.end is None:
            return None
        overnight = self.start is not None and self.end < self.start
        return _iso(self.day + timedelta(days=overnight), self.end)


@dataclass(frozen=True, slots=True)
class Found:
    """A moment and its place in the text, characters.

    Attributes:
        weekday: the day is said only by its name in the week.
        other: a second moment that may be meant just as well ("Wednesday or Thursday").
    """

    start: int
    end: int
    moment: Moment
    weekday: bool = False
    other: Moment | None = None


def _iso(day: date, clock: time) -> str:
    return datetime.combine(day, clock).isoformat(timespec="minutes")


Unit = Literal["day", "week", "month", "year", "workday"]


def later(now: date, amount: float, unit: Unit) -> date:
    """The day so many days, weeks, months, years or working days ahead, or back where negative;
    half a month is 15 days."""
    if unit in {"month", "year"} and amount == int(amount):
        year, month = _month(now, int(amount) * (12 if unit == "year" else 1))
        return date(year, month, min(now.day, calendar.monthrange(year, month)[1]))
    if unit == "workday" and amount > 0:
        day = now
        for _ in range(int(amount)):
            day += timedelta(days={_FRIDAY: 3, _SATURDAY: 2}.get(day.weekday(), 1))
        return day
    return now + timedelta(days=int(amount * {"week": 7, "month": 30, "year": 365}.get(unit, 1)))


def shifted(now: datetime, shift: timedelta, *, deadline: bool = False) -> Moment:
    """The moment so long from now, to the minute; as the latest one for a deadline."""
    then = (now + shift).replace(second=0, microsecond=0)
    clock = then.time()
    return Moment(then.date(), None, clock) if deadline else Moment(then.date(), clock)


def weekday(now: date, day: int, week: int | None) -> date:
    """The given day (Monday is 0) of this week plus `week`; without it the next one to come."""
    monday = now - timedelta(days=now.weekday())
    if week is not None:
        return monday + timedelta(days=day, weeks=week)
    found = monday + timedelta(days=day)
    return found if found >= now else found + timedelta(weeks=1)


def day_of_month(now: date, day: int, months: int | None) -> date | None:
    """The day of the month `months` ahead; without it the next one to come."""
    if months is not None:
        return _in_month(now, day, months)
    ahead = (_in_month(now, day, later) for later in range(3))
    return next((found for found in ahead if found and found >= now), None)


def month_and_day(now: date, month: int, day: int) -> date | None:
    """The day in this year, or next year's when it is long past. None for no such day."""
    found = valid(now.year, month, day)
    if found is None:
        return valid(now.year + 1, month, day)
    return valid(now.year + 1, month, day) if found < now - _LONG_PAST else found


def month_end(now: date, months: int = 0) -> date:
    """The last day of the month `months` ahead."""
    year, month = _month(now, months)
    return date(year, month, calendar.monthrange(year, month)[1])


def nth_weekday(year: int, month: int, day: int, nth: int) -> date | None:
    """The nth Monday (0), Tuesday … of a month; -1 is the last. None for no such day."""
    if nth < 0:
        end = date(year, month, calendar.monthrange(year, month)[1])
        return end - timedelta(days=(end.weekday() - day) % 7)
    first = date(year, month, 1)
    found = first + timedelta(days=(day - first.weekday()) % 7 + 7 * (nth - 1))
    return found if found.month == month else None


def month_ahead(now: date, month: int) -> int:
    """The year in which the month comes next."""
    return now.year + (month < now.month)


def this_year_or_next(now: date, month: int, day: int) -> date | None:
    """The day's next return from `now` on."""
    found = valid(now.year, month, day)
    return found if found and found >= now else valid(now.year + 1, month, day)


def valid(year: int, month: int, day: int) -> date | None:
    """The date, or None for no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def full_year(said: int) -> int:
    """A year of two digits in this century or the last."""
    return said if said >= 100 else said + (2000 if said < _OLD_YEARS else 1900)


def weekend(now: date, week: int | None) -> date:
    """The Saturday meant by "the weekend"; today where that is a weekend's day."""
    if week is None and now.weekday() >= _SATURDAY:
        return now
    return weekday(now, _SATURDAY, week)


def clock(hour: float, minute: int, part: str | None) -> time | None:
    """The 24-hour clock meant; without a part of the day 1 to 6 are in the afternoon."""
    whole = int(hour)
    minute += round((hour - whole) * 60)
    late = part in {
        "afternoon",
        "late_afternoon",
        "after_lunch",
        "dusk",
        "evening",
        "night",
        "before_work_ends",
    }
    if (whole < _NOON and (late or (part == "noon" and whole < _AFTERNOON_UNTIL))) or (
        part is None and 1 <= whole < _AFTERNOON_UNTIL
    ):
        whole += _NOON
    elif part in {"early", "night_small"} and whole == _NOON:
        whole = 0
    if (whole == _NOON and part in {"evening", "night"}) or whole == 2 * _NOON:
        return time(23, 59)
    try:
        return time(whole, minute)
    except ValueError:
        return None


def _in_month(now: date, day: int, months: int) -> date | None:
    return valid(*_month(now, months), day)


def _month(now: date, months: int) -> tuple[int, int]:
    index = now.year * 12 + now.month - 1 + months
    return index // 12, index % 12 + 1
