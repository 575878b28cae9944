"""When a customer may be reminded, and called (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from models.office import Office, Span

_SEARCHED = 400


def undisturbed(at: datetime, quiet: Span | None) -> datetime:
    """`at`, or the end of the quiet hours it lies in. The desk's local time is meant."""
    if quiet is None or quiet[0] == quiet[1]:
        return at
    begins, ends = quiet
    now = at.time().replace(tzinfo=None)
    over_midnight = begins > ends
    inside = now >= begins or now < ends if over_midnight else begins <= now < ends
    if not inside:
        return at
    day = at.date() + timedelta(days=1) if over_midnight and now >= begins else at.date()
    return datetime.combine(day, ends, at.tzinfo)


def reminders(
    sent: datetime, ends: datetime, hours: Sequence[float], quiet: Span | None
) -> list[datetime]:
    """When to remind of a link that was sent at `sent` and ends at `ends`, both local.

    Reminders that the quiet hours push into one moment are one.
    """
    moments = [undisturbed(sent + timedelta(hours=after), quiet) for after in hours]
    return sorted({moment for moment in moments if moment < ends})


def allowed_from(at: datetime, office: Office) -> datetime:
    """The first moment from `at` on, local time, outside quiet hours and holidays.

    A holiday is an exception of the office's without hours. Where there is no such moment within
    a year, `at` is given back: better a call at a bad time than none.
    """
    moment = at
    for _ in range(_SEARCHED):
        if _holiday(moment, office):
            tomorrow = moment.date() + timedelta(days=1)
            moment = datetime.combine(tomorrow, time.min, at.tzinfo)
        elif (calm := undisturbed(moment, office.quiet)) != moment:
            moment = calm
        else:
            return moment
    return at


def _holiday(at: datetime, office: Office) -> bool:
    day = at.date()
    own_hours = any(first <= day <= last for first, last, _ in office.exceptions)
    return own_hours and not office.hours(day)
