"""When a customer may be reminded (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from models.errors import RuleError

Quiet = tuple[time, time]


def parse_quiet(text: str) -> Quiet | None:
    """From when to when nobody is disturbed, of `HH:MM-HH:MM`; None where it is empty.

    Raises:
        RuleError: the text is not of that form.
    """
    if not text.strip():
        return None
    try:
        begins, ends = (time.fromisoformat(part.strip()) for part in text.split("-"))
    except ValueError as error:
        raise RuleError(
            f"INTAKE_QUIET_HOURS is {text!r}; write it as HH:MM-HH:MM, such as 21:00-08:00."
        ) from error
    return begins, ends


def parse_hours_after(text: str) -> tuple[float, ...]:
    """Hours, rising, of a list such as `4,24,48`.

    Raises:
        RuleError: one of them is no number above zero.
    """
    try:
        hours = sorted({float(part) for part in text.split(",") if part.strip()})
    except ValueError as error:
        raise RuleError(
            f"INTAKE_REMIND_HOURS is {text!r}; write hours with commas, such as 4,24,48."
        ) from error
    if any(hour <= 0 for hour in hours):
        raise RuleError("INTAKE_REMIND_HOURS: every reminder comes after the link, not before.")
    return tuple(hours)


def undisturbed(at: datetime, quiet: Quiet | None) -> datetime:
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
    sent: datetime, ends: datetime, hours: Sequence[float], quiet: Quiet | None
) -> list[datetime]:
    """When to remind of a link that was sent at `sent` and ends at `ends`, both local.

    Reminders that the quiet hours push into one moment are one.
    """
    moments = [undisturbed(sent + timedelta(hours=after), quiet) for after in hours]
    return sorted({moment for moment in moments if moment < ends})
