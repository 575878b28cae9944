"""The desk's opening hours (pure)."""

from __future__ import annotations

from datetime import datetime, time

from models.errors import RuleError

_MIDNIGHT = time(0, 0)


def parse_hours(text: str) -> tuple[time, time]:
    """Opening and closing time from `HH:MM-HH:MM`; `24:00` is the end of the day.

    Raises:
        RuleError: the text is not of that form.
    """
    try:
        opens, closes = text.split("-")
        return time.fromisoformat(opens.strip()), _closing(closes.strip())
    except ValueError as error:
        raise RuleError(
            f"INTAKE_HOURS is {text!r}; write it as HH:MM-HH:MM, such as 08:30-18:00."
        ) from error


def open_at(hours: tuple[time, time], at: datetime) -> bool:
    """Whether a local time lies within the hours; a span over midnight is understood."""
    opens, closes = hours
    now = at.time().replace(tzinfo=None)
    if closes == _MIDNIGHT:
        return now >= opens
    if opens <= closes:
        return opens <= now < closes
    return now >= opens or now < closes


def _closing(text: str) -> time:
    return _MIDNIGHT if text == "24:00" else time.fromisoformat(text)
