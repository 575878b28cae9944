"""English days and times as they are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from nlp.normalize import dates
from nlp.normalize.dates import PARTS, Moment
from nlp.normalize.dates_zh import Found
from nlp.normalize.holidays import NAMES, next_holiday
from nlp.normalize.numbers_en import NUMBER, number

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
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
_HOURS = ("one two three four five six seven eight nine ten eleven twelve").split()
_PARTS = {
    "early morning": "early", "morning": "morning", "midday": "noon", "lunchtime": "noon",
    "after lunch": "after_lunch", "after work": "after_work", "afternoon": "afternoon", "evening": "evening",
    "tonight": "evening", "night": "night", "end of the day": "before_work_ends",
    "end of day": "before_work_ends", "close of business": "before_work_ends",
}  # fmt: skip
_ORD = "|".join(o.replace("-", "[- ]") for o in sorted(_ORDINALS, key=len, reverse=True))
_DAYNAME = "|".join(f"{d}|{d[:3]}" for d in _DAYS) + "|tues|thurs"
_MONTH = "|".join(f"{m}|{m[:3]}" for m in _MONTHS) + "|sept"
_NUM = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?|{_ORD})"
_HOUR = "|".join(_HOURS)
_MINUTE = r"(?:oh |o')?(?:[a-z]+teen|ten|eleven|twelve|twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:oh |o')(?:five)"

_DAY = (
    rf"(?P<rel>the day after tomorrow|day after tomorrow|today|tonight|tomorrow|yesterday)"
    rf"|(?P<iso>\d{{4}}-\d{{1,2}}-\d{{1,2}})"
    rf"|(?P<thatweek>next|this) week(?: on)? (?P<wday2>{_DAYNAME})\b|(?P<wday3>{_DAYNAME}) (?:of )?(?P<thatweek2>next|this) week"
    rf"|(?:(?P<week>this coming|this|next|coming|last) )?(?P<wday>{_DAYNAME})\b"
    rf"|(?:(?P<weekend>this|next|the) )weekend"
    rf"|(?:the )?(?P<mday>{_NUM})(?: day)? (?:of )?(?P<month>{_MONTH})\b"
    rf"|(?P<month2>{_MONTH}) (?:the )?(?P<mday2>{_NUM})\b"
    rf"|the (?P<day>{_NUM})(?: of (?P<months>this|next) month)?\b(?! (?:floor|one|item|pallet))"
    rf"|(?:the )?(?P<edge>end|beginning|middle) of (?P<endof>the|this|next) (?P<unit>month|week|year)"
    rf"|in (?P<ahead>\d+|{_HOUR}) days?(?: time)?|(?P<ahead2>\d+|{_HOUR}) days from now"
    rf"|(?P<nextweek>next week)"
    rf"|(?P<holiday>{'|'.join(n for n in NAMES if n[0].isascii())})"
)
_PART = "|".join(sorted(_PARTS, key=len, reverse=True))


def _clock(index: int, *, bare: bool) -> str:
    """A clock; a bare hour only counts where the words around it make it one."""
    need = "" if bare else r"(?=\s*(?:am|pm|a\.m|p\.m|o'?clock|in the|at night))"
    return (
        rf"(?:(?P<noon{index}>noon|midnight)"
        rf"|(?P<past{index}>half|quarter|a quarter|ten|five|twenty)[- ](?P<dir{index}>past|to) (?P<ph{index}>\d{{1,2}}|{_HOUR})"
        rf"|(?P<h{index}>\d{{1,2}})[:.](?P<mm{index}>\d{{2}})"
        rf"|(?P<wh{index}>{_HOUR}) (?P<wm{index}>{_MINUTE})(?! (?:kilo|ton|pound|pallet|box|carton|piece|hundred))"
        rf"|(?P<b{index}>\d{{1,2}}|{_HOUR})\b{need})"
        rf"(?:\s*o'?clock)?(?:\s*(?P<ap{index}>[ap])\.?m\b\.?)?"
    )


_WHEN = re.compile(
    rf"\b(?P<lead>by|before|no later than|not later than|after(?! lunch)|until)?\s*"
    rf"(?:(?:on )?(?P<daya>{_DAY.replace('?P<', '?P<a_')}))?[ ,]*(?:(?:in the |at |by |after )?(?:this )?(?P<part>{_PART}))?[ ,]*"
    rf"(?:(?:(?P<mid>at|around|about|by|before|after|until|no later than) )?{_clock(1, bare=False)}"
    rf"|(?P<cue>at|around|about|by|before|after|between|from) {_clock(3, bare=True)}(?!\s+(?!this\b|please|yes\b)[a-z]+s\b))?"
    rf"(?:\s*(?:to|till|until|and|-|through) {_clock(2, bare=True)})?"
    rf"(?:[ ,]*(?:in the |at |this )?(?P<partb>{_PART}))?"
    rf"(?:[ ,]*(?:on )?(?P<dayb>{_DAY.replace('?P<', '?P<b_')}))?"
    rf"(?:[ ,]*(?:in the )?(?P<partc>{_PART}))?"
)


#: "In two hours", "three days from now"; "within" makes it the latest moment.
_SOON = re.compile(
    rf"\b(?P<within>within|in less than|inside|no more than)?(?(within)(?: the)?(?: next| coming)? |(?:(?P<over>in|after)(?: the next| about| another)? )?)"
    rf"(?P<n>{NUMBER}|an?|half an|a couple of|a few) (?P<half>half )?(?P<unit>minutes?|mins?|hours?|hrs?|days?|weeks?|months?|(?:business|working|work) days?|fortnights?)"
    rf"(?P<more> and a half)?(?P<later> from (?:now|today)| later| time| hence)?\b"
)
_UNITS: dict[str, dates.Unit] = {"day": "day", "week": "week", "month": "month"}


def _soon(match: re.Match[str], now: datetime) -> Moment | None:
    """The moment so long from now; None where no word says that it is meant from now."""
    within = match["within"] is not None
    if not (within or match["over"] or match["later"]):
        return None
    said = re.sub(r"^(?:half an?)$", "0.5", match["n"])
    amount = 1.0 if said in {"a", "an"} else number(said)
    if amount is None:
        return None
    amount = (amount * 0.5 if match["half"] else amount) + (0.5 if match["more"] else 0)
    unit = match["unit"].rstrip("s")
    if unit.startswith(("min", "hour", "hr")):
        minutes = amount * (1 if unit.startswith("min") else 60)
        return dates.shifted(now, timedelta(minutes=minutes), deadline=within)
    if unit == "fortnight":
        return Moment(dates.later(now.date(), amount * 2, "week"))
    kind: dates.Unit = "workday" if " " in unit else _UNITS[unit]
    return Moment(dates.later(now.date(), amount, kind))


def find(text: str, now: datetime) -> Iterator[Found]:
    """Every day or time said in lower-case text, left to right."""
    position = 0
    while position < len(text):
        soon = _SOON.match(text, position)
        shifted = _soon(soon, now) if soon else None
        if soon and shifted:
            yield Found(*soon.span(), shifted)
            position = soon.end()
            continue
        match = _WHEN.match(text, position)
        said = match is not None and match.group().strip(" ,")
        moment = _moment(match, now) if match and said else None
        if match is None or moment is None:
            following = re.compile(r"\b\w").search(text, position + 1)
            position = following.start() if following else len(text)
            continue
        end = match.start() + len(match.group().rstrip(" ,"))
        yield Found(match.start(), end, _marked(match, moment))
        position = max(end, position + 1)


def _moment(match: re.Match[str], now: datetime) -> Moment | None:
    said_part = match["part"] or match["partb"] or match["partc"]
    part = _PARTS[said_part] if said_part else None
    if match["a_rel"] == "tonight" or match["b_rel"] == "tonight":
        part = part or "evening"
    first = 1 if _said(match, 1) else 3
    end = _time(match, 2, part, None)
    start = _time(match, first, part, match["ap2"])
    if match["b2"] and start is None and part is None:
        end = None
    if end and start and end < start and end.hour < 12:
        end = end.replace(hour=end.hour + 12)
    day = _day(match, "a_", now.date()) or _day(match, "b_", now.date())
    if day is None:
        if start is None and part is None:
            return None
        clock = start or PARTS[part or "working"][1]
        day = now.date() + timedelta(days=clock <= now.time())
    lead = match["lead"] or match["cue"] or match["mid"] or ""
    if start is None and end is None and part is not None:
        begin, finish = PARTS[part]
        deadline = lead in {"by", "before"} or part == "before_work_ends"
        return Moment(day, None if deadline else begin, finish, part=True)
    if lead in {"by", "before", "until"} or lead.endswith("later than"):
        return Moment(day, None, end or start)
    return Moment(day, start, end)


def _marked(match: re.Match[str], moment: Moment) -> Moment:
    """The moment, marked where its day was not said."""
    return moment if match["daya"] or match["dayb"] else replace(moment, implied=True)


def _said(match: re.Match[str], i: int) -> bool:
    return any(match[f"{name}{i}"] for name in ("noon", "past", "h", "wh", "b"))


def _time(match: re.Match[str], i: int, part: str | None, other: str | None) -> time | None:
    if not _said(match, i):
        return None
    if match[f"noon{i}"]:
        return time(12) if match[f"noon{i}"] == "noon" else time(23, 59)
    minute = 0
    if match[f"past{i}"]:
        hour = _hour(match[f"ph{i}"])
        minute = {"half": 30, "ten": 10, "five": 5, "twenty": 20}.get(match[f"past{i}"], 15)
        if match[f"dir{i}"] == "to":
            hour, minute = hour - 1, 60 - minute
    elif match[f"wh{i}"]:
        hour, minute = _hour(match[f"wh{i}"]), _minutes(match[f"wm{i}"])
    elif match[f"h{i}"]:
        hour, minute = int(match[f"h{i}"]), int(match[f"mm{i}"])
    else:
        hour = _hour(match[f"b{i}"])
    half = match[f"ap{i}"] or other
    if half:
        part = "morning" if half == "a" else "afternoon"
        hour = 0 if half == "a" and hour == 12 else hour
    return dates.clock(hour, minute, part)


def _hour(word: str) -> int:
    return _HOURS.index(word) + 1 if word in _HOURS else int(word)


def _minutes(words: str) -> int:
    return int(number(words.replace("o'", "").replace("oh ", "")) or 0)


def _ordinal(word: str) -> int:
    word = word.replace(" ", "-")
    return _ORDINALS[word] if word in _ORDINALS else int(re.sub(r"\D", "", word))


def _day(match: re.Match[str], side: str, now: date) -> date | None:
    got = {k[2:]: v for k, v in match.groupdict().items() if k.startswith(side) and v}
    if "rel" in got:
        shift = {"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}.get(got["rel"], 2)
        return now + timedelta(days=shift)
    if "iso" in got:
        year, month, day = map(int, got["iso"].split("-"))
        return _valid(year, month, day)
    if "wday" in got:
        index = next(i for i, d in enumerate(_DAYS) if d.startswith(got["wday"][:3]))
        week = {"next": 1, "last": -1}.get(got.get("week", ""))
        return dates.weekday(now, index, week)
    that = got.get("thatweek") or got.get("thatweek2")
    if that:
        said = got.get("wday2") or got["wday3"]
        index = next(i for i, d in enumerate(_DAYS) if d.startswith(said[:3]))
        return dates.weekday(now, index, 1 if that == "next" else 0)
    if "weekend" in got:
        return dates.weekend(now, 1 if got["weekend"] == "next" else None)
    name = got.get("month") or got.get("month2")
    if name:
        index = next(i for i, m in enumerate(_MONTHS, 1) if m.startswith(name[:3]))
        return dates.month_and_day(now, index, _ordinal(got.get("mday") or got["mday2"]))
    if "day" in got:
        months = {"this": 0, "next": 1}.get(got.get("months", ""))
        return dates.day_of_month(now, _ordinal(got["day"]), months)
    if "edge" in got:
        return _edge(got, now)
    ahead = got.get("ahead") or got.get("ahead2")
    if ahead:
        return now + timedelta(days=int(number(ahead) or 0))
    if "nextweek" in got:
        return dates.weekday(now, 0, 1)
    return next_holiday(got["holiday"], now) if "holiday" in got else None


def _edge(got: dict[str, str], now: date) -> date | None:
    later = 1 if got["endof"] == "next" else 0
    if got["unit"] == "week":
        return dates.weekday(now, {"end": 4, "beginning": 0, "middle": 2}[got["edge"]], later)
    if got["unit"] == "year":
        return date(now.year + later, 12, 31)
    if got["edge"] == "end":
        return dates.month_end(now, later)
    day = 1 if got["edge"] == "beginning" else 15
    return dates.day_of_month(now, day, later or None)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
