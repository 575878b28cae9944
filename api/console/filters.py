"""Which orders a page's address asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.order import Status
from models.repositories.board import Filter, Queue

#: Longer texts are nobody's search.
_LONGEST = 100


def read(args: Mapping[str, str], zone: ZoneInfo) -> Filter:
    """The filter in an address; what cannot be read asks for nothing."""
    until = day(args.get("before", ""))
    return Filter(
        queue=_queue(args.get("queue", "")),
        status=_status(args.get("status", "")),
        text=args.get("q", "").strip()[:_LONGEST],
        owner=args.get("owner", "").strip()[:_LONGEST],
        since=_midnight(day(args.get("since", "")), zone),
        before=_midnight(None if until is None else until + timedelta(days=1), zone),
    )


def page_number(args: Mapping[str, str]) -> int:
    """The page asked for, from 1."""
    text = args.get("page", "")
    return max(1, int(text)) if text.isdecimal() and len(text) < len("1000000") else 1


def _queue(text: str) -> Queue:
    return Queue(text) if text in {q.value for q in Queue} else Queue.OPEN


def _status(text: str) -> Status | None:
    return Status(text) if text in {s.value for s in Status} else None


def day(text: str) -> date | None:
    """A day as forms send it; None where it is none, or none that databases can hold."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if 1970 <= found.year <= 9000 else None  # noqa: PLR2004 - see above


def _midnight(day: date | None, zone: ZoneInfo) -> datetime | None:
    if day is None:
        return None
    return datetime.combine(day, time(), zone)
