"""English days as they are spoken and written, in lower case: the pattern, and which day it means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta

from nlp.normalize import dates
from nlp.normalize.dates import full_year, valid
from nlp.normalize.holidays import NAMES, holiday_in, last_holiday, next_holiday
from nlp.normalize.numbers_en import NUMBER, number

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september",
           "october", "november", "december")  # fmt: skip
_ORDINALS = {
    word: value
    for value, word in enumerate(
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
        "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth "
        "twenty-first twenty-second twenty-third twenty-fourth twenty-fifth twenty-sixth "
        "twenty-seventh twenty-eighth twenty-ninth thirtieth thirty-first".split(),
        start=1,
    )
}
_FROM_NOW = {
    "today": 0, "tonight": 0, "tomorrow": 1, "tomorrows": 1, "tmrw": 1, "yesterday": -1,
    "the following day": 1, "the next day": 1, "next day": 1, "day after tomorrow": 2, "overmorrow": 2,
    "day before yesterday": -2,
}  # fmt: skip
_UNITS: dict[str, dates.Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}
_FIRST, _MIDDLE, _LATE = 1, 15, 21
_EDGES = {"beginning": _FIRST, "start": _FIRST, "early": _FIRST, "middle": _MIDDLE, "mid": _MIDDLE,
          "late": _LATE, "end": 0}  # fmt: skip

_ORD = "|".join(o.replace("-", "[- ]") for o in sorted(_ORDINALS, key=len, reverse=True))
_CARD = (
    r"(?:twenty|thirty)[- ](?:one|two|three|four|five|six|seven|eight|nine)|twenty|thirty|[a-z]+teen|"
    r"ten|eleven|twelve|one|two|three|four|five|six|seven|eight|nine"
)
_WD = "(?:" + "|".join(f"{d}s?|{d[:3]}" for d in _WEEKDAYS) + r"|tues|thurs?|weds)\b\.?"
MONTH = "(?:" + "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + r"|sept)\b\.?"
_SUFFIXED = rf"(?:\d{{1,2}}(?:st|nd|rd|th)|{_ORD})\b"
_NUM = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?\b|(?:{_ORD})\b)"
_YEAR = r"(?:20\d\d|19\d\d|two thousand (?:and )?[a-z]+(?:[- ][a-z]+)?|twenty twenty[- ][a-z]+)\b"
_OF_MONTH = rf"(?P<ofmonth>(?:the|this|next|last) month|{MONTH})"
_HOLIDAY = "|".join(re.escape(n) for n in NAMES if n[0].isascii())
_COUNT = rf"(?:{NUMBER}|an?|a couple(?: of)?)"
DAY = (
    rf"(?:the )?(?P<rel>{'|'.join(sorted(_FROM_NOW, key=len, reverse=True))})\b"
    rf"|(?P<count>{_COUNT}|the) (?P<cunit>day|week|fortnight|month)s? (?P<way>from|after|before|on) (?P<anchor>today|now|tomorrow|{_WD}|{_HOLIDAY})"
    rf"|(?<![\d.])(?P<iso>\d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}})(?!\d)"
    rf"|(?<![\d./-])(?P<numeric>\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d\d))(?![\d.])"
    rf"|(?:the )?(?P<nth>first|second|third|fourth|fifth|last|1st|2nd|3rd|4th|5th) (?P<nday>{_WD}|day) (?:of|in) {_OF_MONTH}(?:,? (?:of )?(?P<nyear>{_YEAR}))?"
    rf"|(?P<thatweek>next|this|last) week(?:'s)?(?: on)? (?P<wday2>{_WD})|(?P<wday3>{_WD}) (?:of |from )?(?P<thatweek2>next|this|last) week"
    rf"|(?P<wday5>{_WD}) (?P<twice>week\b|after next\b)"
    rf"|(?P<wday4>{_WD}),? (?:the )?(?P<dated>{_SUFFIXED})(?! (?:of )?{MONTH}| of)"
    rf"|(?:(?P<week>this coming|this|next|coming|upcoming|following|last|past|previous) )?(?P<wday>{_WD})"
    rf"|(?:(?P<weekend>this|next|the|last|this coming) )weekend"
    rf"|(?:the )?(?P<mday>{_NUM}|\d{{1,2}})(?: day)?[- ]?(?:of )?(?P<month>{MONTH})(?:[-, ]*(?P<myear>{_YEAR}|\d\d\b(?![:.]))(?![:.]))?"
    rf"|(?P<month2>{MONTH})[- ]?(?:the )?(?P<mday2>{_SUFFIXED}|\d{{1,2}}(?!\d)|{_CARD})\b(?! ?(?:a\.?m|p\.?m|o'?clock|:))(?:,? *(?:of )?(?P<myear2>{_YEAR}))?"
    rf"|(?<![\d./-])(?P<slash>\d{{1,2}} ?/ ?\d{{1,2}}|\d{{1,2}} ?- ?(?:1[3-9]|2\d|3[01]))(?![\d./-]|\s*(?:[ap]\.?m\b|o'?clock))"
    rf"|the (?P<day>{_NUM})(?: of (?P<months>this|next) month)?(?! (?:floor|one|item|pallet|box|time|week|day|street|avenue|number))"
    rf"|(?:the )?(?:(?P<edge>end|beginning|start|middle) of (?P<endof>the |this |next )?(?P<unit>month|week|year)\b|month[- ](?P<edge4>end)\b|(?P<edge2>end|beginning|start|middle) of (?P<emonth>{MONTH})(?: (?P<eyear>{_YEAR}))?|(?P<edge3>early|mid|late)[- ](?P<emonth2>{MONTH}))"
    rf"|(?:the )?(?P<nextweek>week after next|week after|next week|following week)"
    rf"|(?:(?P<before>(?:the )?day (?:before|after)|eve of) (?:the )?)?(?:this |next |(?P<lasttime>last ))?(?P<holiday>{_HOLIDAY})\b(?: (?:of |in )?(?P<hyear>{_YEAR}))?"
)


def resolve(match: re.Match[str], side: str, now: date) -> date | None:
    """The day that the groups of `DAY` mean, whose names begin with `side`; None for no such day."""
    got = {k[len(side) :]: v for k, v in match.groupdict().items() if k.startswith(side) and v}
    if "rel" in got:
        return now + timedelta(days=_FROM_NOW[got["rel"]])
    if "count" in got:
        return _counted(got, now)
    if "iso" in got:
        return valid(*map(int, re.split("[-/.]", got["iso"])))
    if "numeric" in got:
        return _numeric(got["numeric"])
    if "nth" in got:
        return _nth(got, now)
    if "wday" in got or "wday2" in got or "wday3" in got or "wday4" in got or "wday5" in got:
        return _weekday(got, now)
    if "weekend" in got:
        return dates.weekend(now, {"next": 1, "last": -1}.get(got["weekend"]))
    if "month" in got or "month2" in got:
        return _month_and_day(got, now)
    if "slash" in got:
        return _slashed(got["slash"], now)
    if "day" in got:
        months = {"this": 0, "next": 1}.get(got.get("months", ""))
        return dates.day_of_month(now, _ordinal(got["day"]), months)
    if "nextweek" in got:
        return dates.weekday(now, 0, 2 if got["nextweek"].startswith("week after") else 1)
    if "holiday" in got:
        return _holiday(got, now)
    return _edge(got, now)


def by_weekday(match: re.Match[str]) -> bool:
    """Whether the day is said only by its name in the week."""
    return bool(match["a_wday"] or match["b_wday"])


def _index(names: tuple[str, ...], said: str) -> int:
    return next(i for i, name in enumerate(names) if name.startswith(said[:3]))


def _ordinal(said: str) -> int:
    said = said.replace(" ", "-")
    if said in _ORDINALS:
        return _ORDINALS[said]
    written = re.sub(r"\D", "", said)
    return int(written) if written else int(number(said) or 0)


def _year(said: str | None) -> int | None:
    if said is None:
        return None
    if said.isdigit():
        return full_year(int(said))
    return int(number(re.sub(r"^twenty ", "two thousand ", said)) or 0) or None


def _counted(got: Mapping[str, str], now: date) -> date | None:
    """A week from Friday, two days after Christmas, the day before Thanksgiving."""
    said, anchor = got["count"], got["anchor"]
    amount = 1.0 if said in {"a", "an", "the"} else number(said.removesuffix(" of"))
    if anchor in {"today", "now", "tomorrow"}:
        base: date | None = now + timedelta(days=anchor == "tomorrow")
    elif re.fullmatch(_WD, anchor):
        base = dates.weekday(now, _index(_WEEKDAYS, anchor), None)
    else:
        base = next_holiday(anchor, now)
    if base is None or amount is None:
        return None
    unit = got["cunit"]
    if unit == "fortnight":
        unit, amount = "week", amount * 2
    return dates.later(base, -amount if got["way"] == "before" else amount, _UNITS[unit])


def _numeric(said: str) -> date | None:
    """Month first, as in 11/26/2026, unless that is no date or points part it (26.11.2026)."""
    first, second, year = map(int, re.split("[-/.]", said))
    american = valid(full_year(year), first, second)
    european = valid(full_year(year), second, first)
    return (european or american) if "." in said else (american or european)


def _slashed(said: str, now: date) -> date | None:
    first, second = map(int, re.split(" ?[/-] ?", said))
    american = dates.month_and_day(now, first, second)
    return american or ("/" in said and dates.month_and_day(now, second, first)) or None


def _of_month(got: Mapping[str, str], now: date) -> tuple[int, int]:
    said = got["ofmonth"]
    if said.endswith(" month"):
        shift = {"next": 1, "last": -1}.get(said.split()[0], 0)
        found = dates.later(now.replace(day=1), shift, "month")
        return found.year, found.month
    month = _index(_MONTHS, said) + 1
    return _year(got.get("nyear")) or dates.month_ahead(now, month), month


def _nth(got: Mapping[str, str], now: date) -> date | None:
    year, month = _of_month(got, now)
    nth = -1 if got["nth"] == "last" else _ordinal(got["nth"])
    if got["nday"] != "day":
        return dates.nth_weekday(year, month, _index(_WEEKDAYS, got["nday"]), nth)
    return dates.month_end(date(year, month, 1)) if nth < 0 else valid(year, month, nth)


def _weekday(got: Mapping[str, str], now: date) -> date | None:
    said = next(got[k] for k in ("wday", "wday2", "wday3", "wday4", "wday5") if k in got)
    index = _index(_WEEKDAYS, said)
    if "dated" in got:
        return _dated(now, index, _ordinal(got["dated"]))
    if "twice" in got:
        return dates.weekday(now, index, None) + timedelta(weeks=1)
    that = got.get("thatweek") or got.get("thatweek2")
    if that:
        return dates.weekday(now, index, {"next": 1, "last": -1}.get(that, 0))
    week = {"next": 1, "following": 1, "last": -1, "past": -1, "previous": -1}
    return dates.weekday(now, index, week.get(got.get("week", "")))


def _dated(now: date, weekday: int, day: int) -> date | None:
    """The next day with this number that falls on this day of the week."""
    days = (dates.day_of_month(now, day, months) for months in range(24))
    fitting = (d for d in days if d and d >= now and d.weekday() == weekday)
    return next(fitting, dates.day_of_month(now, day, None))


def _month_and_day(got: Mapping[str, str], now: date) -> date | None:
    month = _index(_MONTHS, got.get("month") or got["month2"]) + 1
    day = _ordinal(got.get("mday") or got["mday2"])
    year = _year(got.get("myear") or got.get("myear2"))
    return dates.month_and_day(now, month, day) if year is None else valid(year, month, day)


def _edge(got: Mapping[str, str], now: date) -> date | None:
    said = got.get("edge") or got.get("edge2") or got.get("edge3") or got.get("edge4")
    if said is None:
        return None
    day = _EDGES[said]
    name = got.get("emonth") or got.get("emonth2")
    if name:
        month = _index(_MONTHS, name) + 1
        year = _year(got.get("eyear")) or dates.month_ahead(now, month)
        return valid(year, month, day) if day else dates.month_end(date(year, month, 1))
    ahead = 1 if got.get("endof", "").strip() == "next" else 0
    if got.get("unit") == "week":
        return dates.weekday(now, {_FIRST: 0, _MIDDLE: 2}.get(day, 4), ahead)
    if got.get("unit") == "year":
        return date(now.year + ahead, *{_FIRST: (1, 1), _MIDDLE: (6, 30)}.get(day, (12, 31)))
    return dates.day_of_month(now, day, ahead or None) if day else dates.month_end(now, ahead)


def _holiday(got: Mapping[str, str], now: date) -> date | None:
    year = _year(got.get("hyear"))
    found = holiday_in(got["holiday"], year) if year else next_holiday(got["holiday"], now)
    if "lasttime" in got:
        found = last_holiday(got["holiday"], now)
    if found is None:
        return None
    beside = got.get("before", "")
    return found + timedelta(days=1 if "after" in beside else -1 if beside else 0)
