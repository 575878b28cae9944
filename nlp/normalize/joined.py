"""Moments said in two pieces, and moments of which either may be meant."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from nlp.normalize.dates import Found, Moment

_LIGHT = re.compile(r"[，,、 ]*(?:的|吧|呢|就是|也就是|号?是?|at|on|the)?[，,、 ]*")
_EITHER = re.compile(
    r"[，,、 ]*(?:或者?是?|还是|要么|要不|or(?: maybe)?)[，,、 ]*(?:在|on |the |at )?"
)
_ANY = re.compile(r"[，,、 ]*(?:和|跟)?[，,、 ]*")
_ALL_DO = re.compile(r"[，,]?(?:都|均|皆)")
_RANGE = re.compile(r" ?(?:到|至|-|~|—|to|till|until|through) ?")


def joined(text: str, found: Iterable[Found]) -> Iterator[Found]:
    """The moments, left to right, with those put together that say one moment."""
    last: Found | None = None
    for one in found:
        both = _both(text, last, one) if last else None
        if last and both is None:
            yield last
        last = both or one
    if last:
        yield last


def _both(text: str, one: Found, other: Found) -> Found | None:
    gap = text[one.end : other.start]
    if one.other is None and (
        _EITHER.fullmatch(gap) or (_ANY.fullmatch(gap) and _ALL_DO.match(text, other.end))
    ):
        return _either(one, other)
    if _RANGE.fullmatch(gap) and not (_clock(one.moment) or _clock(other.moment)):
        return replace(one, end=other.end)
    if not _LIGHT.fullmatch(gap):
        return None
    moment = _one_day(one, other)
    if moment is None:
        return None
    return replace(one, end=other.end, moment=moment, weekday=one.weekday and other.weekday)


def _either(one: Found, other: Found) -> Found:
    first, second = one.moment, other.moment
    if second.implied and not first.implied:
        second = replace(second, day=first.day, implied=False)
    if not _clock(first) and _clock(second) and not second.implied:
        first = replace(first, start=second.start, end=second.end, part=second.part)
    return replace(one, end=other.end, moment=first, other=second)


def _one_day(one: Found, other: Found) -> Moment | None:
    """The moment of which one piece has the day and the other the clock, or both the day."""
    first, second = one.moment, other.moment
    if _clock(first) and _clock(second):
        return None
    if first.implied != second.implied:
        day, clock = (second, first) if first.implied else (first, second)
        return None if _clock(day) or not _clock(clock) else _at(day, clock)
    if first.implied:
        return None
    if first.day != second.day:
        named = one.weekday != other.weekday and first.day.weekday() == second.day.weekday()
        if not named:
            return None
        first, second = (second, first) if one.weekday else (first, second)
    return _at(first, second) if _clock(second) else first


def _clock(moment: Moment) -> bool:
    return moment.start is not None or moment.end is not None


def _at(day: Moment, clock: Moment) -> Moment:
    return replace(clock, day=day.day, implied=False)
