"""When persons can be reached, who is rung, and when customers are reminded (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from models.errors import RuleError
from models.phones import dialled_number

Span = tuple[time, time]
Spans = tuple[Span, ...]

_MIDNIGHT = time(0, 0)
_DAYS = 7
_MOST_EXCEPTIONS = 200
_MOST_REMINDERS = 10
_LONGEST_EXCEPTION = timedelta(days=366)
_LONGEST_WAIT_H = 240.0
#: How a day without hours is written.
CLOSED = "-"
_EXCEPTION = re.compile(r"(\S+?)(?:\.\.(\S+))?\s+(\S.*)")
_SPAN = re.compile(r"(\d{2}:\d{2})\s*-\s*(\d{2}:\d{2})")

#: The names of these settings in the order of the form, as they are stored.
TEXTS = ("clerk_number", "head_number", "fallback_number", "quiet_hours", "remind_hours")
#: How long customers may wait, hours, where nobody chose otherwise. The signature's runs always,
#: the others in opening hours only.
WAITS: Mapping[str, str] = {"wait_call_back": "0.5", "wait_signature": "24", "wait_release": "2"}
LISTS = ("week", "exceptions")


class UnfitOffice(RuleError):
    """A setting of the office makes no sense; the message says which."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """The office as calls and reminders go by it.

    Attributes:
        week: the hours of each day, Monday first; a span belongs to the day it begins on.
        exceptions: days, first and last, with hours of their own; later ones go before.
        clerk, head, fallback: numbers in E.164, empty for nobody. The fallback is rung where
            nobody answers.
        quiet: when no customer is reminded, local time.
        remind: hours after the link at which an unsigned order is reminded of, rising.
        waits: how long each of `WAITS` may take.
    """

    week: tuple[Spans, ...]
    exceptions: tuple[tuple[date, date, Spans], ...] = ()
    clerk: str = ""
    head: str = ""
    fallback: str = ""
    quiet: Span | None = None
    remind: tuple[float, ...] = ()
    waits: Mapping[str, timedelta] = field(
        default_factory=lambda: {name: parse_wait(text) for name, text in WAITS.items()}
    )

    def hours(self, day: date) -> Spans:
        """The hours that begin on a day."""
        for first, last, spans in reversed(self.exceptions):
            if first <= day <= last:
                return spans
        return self.week[day.weekday()]

    def ends(self, day: date, zone: ZoneInfo) -> datetime:
        """When the hours that begin on a day are over; where it has none, at midnight."""
        last = (self.hours(day) or ((_MIDNIGHT, _MIDNIGHT),))[-1]
        until = day + timedelta(days=1) if last[1] == _MIDNIGHT or _over_midnight(last) else day
        return datetime.combine(until, last[1], zone)

    def open_at(self, at: datetime) -> bool:
        """Whether persons can be reached at a local time."""
        now, today = at.time().replace(tzinfo=None), at.date()
        over = (span for span in self.hours(today - timedelta(days=1)) if _over_midnight(span))
        return any(_begun(span, now) for span in self.hours(today)) or any(
            now < ends for _, ends in over
        )

    def number(self, whom: str | None) -> str:
        """Whom a transfer rings; the clerk where the head has no number."""
        return self.head if whom == "head" and self.head else self.clerk


def read(values: Mapping[str, Any]) -> Office:
    """The office of its settings, all of which must be there.

    Raises:
        UnfitOffice: one of them, or how they go together, makes no sense.
    """
    week = tuple(parse_spans(text) for text in values["week"])
    if len(week) != _DAYS:
        raise UnfitOffice("Opening hours need seven days.")
    clerk, head, fallback = (parse_number(values[name]) for name in TEXTS[:3])
    if (head or fallback) and not clerk:
        raise UnfitOffice("Without a clerk's number nobody is rung: fill it in as well.")
    if fallback and fallback in (clerk, head):
        raise UnfitOffice("The fallback has to be another number than the clerk's and the head's.")
    return Office(
        week=week,
        exceptions=parse_exceptions(values["exceptions"]),
        clerk=clerk,
        head=head,
        fallback=fallback,
        quiet=parse_quiet(values["quiet_hours"]),
        remind=parse_remind(values["remind_hours"]),
        waits={name: parse_wait(values[name]) for name in WAITS},
    )


def stored(values: Mapping[str, Any]) -> dict[str, Any]:
    """The settings in their one form. Raises UnfitOffice."""
    office = read(values)
    return {
        "week": [_written(spans) for spans in office.week],
        "exceptions": [
            f"{first}{'' if first == last else f'..{last}'} {_written(spans)}"
            for first, last, spans in office.exceptions
        ],
        "clerk_number": office.clerk,
        "head_number": office.head,
        "fallback_number": office.fallback,
        "quiet_hours": "" if office.quiet is None else _written((office.quiet,)),
        "remind_hours": ",".join(f"{hour:g}" for hour in office.remind),
        **{name: f"{round(wait / timedelta(hours=1), 4):g}" for name, wait in office.waits.items()},
    }


def parse_spans(text: str) -> Spans:
    """Hours such as `08:30-12:00, 13:30-18:00`; `24:00` ends a day, nothing or `-` is closed.

    Raises:
        UnfitOffice: the text is not of that form, or two spans overlap.
    """
    if text.strip() in ("", CLOSED):
        return ()
    spans = tuple(sorted(_span(part) for part in re.split("[,，]", text)))
    if any(begins == ends != _MIDNIGHT for begins, ends in spans):
        raise UnfitOffice("Write hours as HH:MM-HH:MM, such as 08:30-18:00.")
    for (_, ends), (begins, _) in pairwise(spans):
        if ends == _MIDNIGHT or ends > begins:
            raise UnfitOffice("Hours of one day overlap.")
    if any(_over_midnight(span) for span in spans[:-1]):
        raise UnfitOffice("Hours of one day overlap.")
    return spans


def parse_exceptions(lines: Sequence[str]) -> tuple[tuple[date, date, Spans], ...]:
    """Days with hours of their own: `2026-10-01..2026-10-07 -`, `2026-10-10 09:00-17:00`.

    Raises:
        UnfitOffice: a line is not of that form.
    """
    if len(lines) > _MOST_EXCEPTIONS:
        raise UnfitOffice("At most 200 exceptions: delete those that are past.")
    return tuple(_exception(line) for line in lines if line.strip())


def parse_number(text: str) -> str:
    """A telephone number in E.164, or nothing. Raises UnfitOffice."""
    if not text.strip():
        return ""
    number = dialled_number(text.strip())
    if number is None:
        raise UnfitOffice("A telephone number is not valid; write it as +8621… or 021….")
    return number


def parse_quiet(text: str) -> Span | None:
    """From when to when nobody is disturbed, of `HH:MM-HH:MM`; None where it is empty.

    Raises:
        UnfitOffice: the text is not of that form.
    """
    return _span(text) if text.strip() else None


def parse_remind(text: str) -> tuple[float, ...]:
    """Hours, rising, of a list such as `4,24,48`.

    Raises:
        UnfitOffice: one of them is no number above zero, or there are too many.
    """
    wrong = UnfitOffice("Write reminders as hours after the link with commas, such as 4,24,48.")
    try:
        hours = sorted({float(part) for part in re.split("[,，]", text) if part.strip()})
    except ValueError as error:
        raise wrong from error
    if len(hours) > _MOST_REMINDERS or not all(0 < hour < float("inf") for hour in hours):
        raise wrong
    return tuple(hours)


def parse_wait(text: str) -> timedelta:
    """How long a customer may wait, of hours such as `0.5`.

    Raises:
        UnfitOffice: the text is no number of hours from one minute to ten days.
    """
    wrong = UnfitOffice("Write a wait as hours, such as 0.5; at most 240.")
    try:
        hours = float(text)
    except ValueError as error:
        raise wrong from error
    if not 1 / 60 <= hours <= _LONGEST_WAIT_H:
        raise wrong
    return timedelta(minutes=round(hours * 60))


def _exception(line: str) -> tuple[date, date, Spans]:
    wrong = UnfitOffice(
        "Write an exception as 2026-10-01 09:00-17:00, or 2026-10-01..2026-10-07 - for closed."
    )
    match = _EXCEPTION.fullmatch(line.strip())
    if match is None:
        raise wrong
    try:
        first = date.fromisoformat(match[1])
        last = date.fromisoformat(match[2] or match[1])
    except ValueError as error:
        raise wrong from error
    if not first <= last <= first + _LONGEST_EXCEPTION:
        raise wrong
    return first, last, parse_spans(match[3])


def _span(text: str) -> Span:
    wrong = UnfitOffice("Write hours as HH:MM-HH:MM, such as 08:30-18:00.")
    match = _SPAN.fullmatch(text.strip())
    if match is None:
        raise wrong
    try:
        ends = _MIDNIGHT if match[2] == "24:00" else time.fromisoformat(match[2])
        return time.fromisoformat(match[1]), ends
    except ValueError as error:
        raise wrong from error


def _written(spans: Spans) -> str:
    texts = (f"{begins:%H:%M}-{_closing(ends)}" for begins, ends in spans)
    return ", ".join(texts) or CLOSED


def _closing(ends: time) -> str:
    return "24:00" if ends == _MIDNIGHT else f"{ends:%H:%M}"


def _over_midnight(span: Span) -> bool:
    begins, ends = span
    return ends != _MIDNIGHT and ends < begins


def in_spans(spans: Spans, at: datetime) -> bool:
    """Whether a local time lies in hours that are the same each day."""
    now = at.time().replace(tzinfo=None)
    over = any(_over_midnight(span) and now < span[1] for span in spans)
    return over or any(_begun(span, now) for span in spans)


def _begun(span: Span, now: time) -> bool:
    begins, ends = span
    return begins <= now and (ends == _MIDNIGHT or ends < begins or now < ends)
