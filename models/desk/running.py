"""Whether a call is still on the line."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from models.call import Call, Disposition
from models.rows import CallRow

#: A call without an end that began longer ago has lost its end and is over.
LIVE_FOR = timedelta(hours=4)


def going_on(calls: Iterable[Call | CallRow], at: datetime) -> bool:
    """Whether one of these calls goes on; one whose end nobody noted does not for ever."""
    return any(call.ended_at is None and at - call.started_at < LIVE_FOR for call in calls)


def being_taken(calls: Iterable[Call | CallRow], at: datetime) -> bool:
    """Whether the assistant takes values in one of these calls; where a person has the caller,
    the person writes them."""
    return going_on((c for c in calls if c.disposition != Disposition.TRANSFERRED), at)
