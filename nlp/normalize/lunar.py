"""The Chinese calendar: lunar days and solar terms as dates (1900 to 2100, by `borax`)."""

from __future__ import annotations

from datetime import date

from borax.calendars.lunardate import LunarDate, TermUtils

_LAST_DAY = 30


def lunar_day(year: int, month: int, day: int) -> date | None:
    """The day of a lunar month; the 30th of a month with 29 days is its last. None for no such
    day, or beyond the calendar."""
    for number in (day, day - 1) if day == _LAST_DAY else (day,):
        try:
            found: date = LunarDate(year, month, number, 0).to_solar_date()
        except ValueError:
            continue
        return found
    return None


def next_lunar(now: date, month: int, day: int) -> date | None:
    """The day's next return from `now` on."""
    days = (lunar_day(year, month, day) for year in range(now.year - 1, now.year + 2))
    return next((found for found in days if found and found >= now), None)


def next_day_of_month(now: date, day: int) -> date | None:
    """The lunar day of this lunar month, or of the next one where it has passed."""
    present = LunarDate.from_solar_date(now.year, now.month, now.day)
    this = lunar_day(present.year, present.month, day)
    if this is None or this >= now:
        return this
    month = present.month % 12 + 1
    return lunar_day(present.year + (month == 1), month, day)


def next_term(now: date, name: str) -> date | None:
    """The solar term's next day (冬至, 清明 …) from `now` on."""
    days = (TermUtils.day_start_from_term(year, name) for year in (now.year, now.year + 1))
    return next((found for found in days if found >= now), None)
