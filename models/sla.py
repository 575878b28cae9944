"""How long customers may wait for the desk, and how it stands with that (pure).

The limits are the office's (`models.office.WAITS`). Waits for a person run in the desk's opening
hours only; the customer's own signature runs always.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.office import Office

#: An office that opens on none of so many days counts as always open.
_FAR = 60
#: From this part of a wait on, there is a warning.
_SOON = 0.75


class Wait(StrEnum):
    """What somebody waits for."""

    CALL_BACK = "call_back"
    SIGNATURE = "signature"
    RELEASE = "release"


class Light(StrEnum):
    """How a wait stands."""

    FINE = "fine"
    SOON = "soon"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Clock:
    """One wait of one order: what for, until when, and how it stands."""

    wait: Wait
    due: datetime
    light: Light


def clock(wait: Wait, since: datetime, *, now: datetime, office: Office) -> Clock:
    """The wait that began at `since`. All times are local to the desk."""
    limit = office.waits[f"wait_{wait}"]
    if wait is Wait.SIGNATURE:
        due, warned = since + limit, since + limit * _SOON
    else:
        due = after_open(office, since, limit)
        warned = after_open(office, since, limit * _SOON)
    light = Light.LATE if now >= due else Light.SOON if now >= warned else Light.FINE
    return Clock(wait, due, light)


def after_open(office: Office, start: datetime, length: timedelta) -> datetime:
    """The moment at which the office has been open for `length` since `start`, local time."""
    left = length
    # A span of the day before may still run over midnight.
    day = start.date() - timedelta(days=1)
    for _ in range(_FAR):
        for begins, ends in office.hours(day):
            opens = datetime.combine(day, begins, start.tzinfo)
            closes = datetime.combine(day, ends, start.tzinfo)
            if ends <= begins:
                closes += timedelta(days=1)
            opens = max(opens, start)
            if closes <= opens:
                continue
            if closes - opens >= left:
                return opens + left
            left -= closes - opens
        day += timedelta(days=1)
    return start + length
