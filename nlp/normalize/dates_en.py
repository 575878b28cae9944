"""English days and times as they are spoken, in lower case."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from nlp.normalize import dates, days_en
from nlp.normalize.dates import PARTS, Found, Moment
from nlp.normalize.days_en import DAY, MONTH
from nlp.normalize.joined import joined
from nlp.normalize.late import Late
from nlp.normalize.numbers_en import NUMBER, number

_HOURS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty twenty-one twenty-two twenty-three"
).split()
_PARTS = {
    "early morning": "early", "morning": "morning", "midday": "noon", "lunchtime": "noon",
    "after lunch": "after_lunch", "after work": "after_work", "afternoon": "afternoon", "evening": "evening",
    "tonight": "evening", "night": "night", "end of the day": "before_work_ends", "late afternoon": "late_afternoon",
    "end of day": "before_work_ends", "close of business": "before_work_ends", "eod": "before_work_ends",
    "cob": "before_work_ends", "end of business": "before_work_ends", "close of play": "before_work_ends",
    "business hours": "working", "working hours": "working", "office hours": "working",
}  # fmt: skip
_HOUR = "|".join(_HOURS[:12])
_LATE_HOUR = "|".join(h.replace("-", "[- ]") for h in reversed(_HOURS[12:]))
_MINUTE = r"(?:oh |o')?(?:[a-z]+teen|ten|eleven|twelve|twenty|thirty|forty|fifty)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|(?:oh |o')(?:one|two|three|four|five|six|seven|eight|nine)"
#: "From five to six" is a window, and so is "5 to 6"; "five to six" is a clock.
_PAST = (
    r"half|three quarters|a quarter|quarter|twenty[- ]five|twenty|(?<!from )(?<!between )(?:ten|five)"
    rf"|(?:{_HOUR}|[a-z]+teen|(?:twenty|thirty|forty|fifty)(?:[- ](?:{_HOUR}))?)(?= min(?:ute)?s? )"
    r"|\d{1,2}(?= min(?:ute)?s? | (?:past|after) | (?:to|till) (?:noon|midnight))|(?:1[3-9]|[2-5]\d)(?= (?:to|till) )"
)
_HALF_DAY = r"(?:am|pm|a\.m|p\.m)\b"
_TODAY = r"tonight|this (?:morning|afternoon|evening)|tomorrow (?:morning|afternoon|evening|night)|in the|at night"
_UNTIL = r"(?:\s*(?:-|–|—|to|'?till?|until|and|through)\s*)"


def _clock(index: int, *, bare: bool) -> str:
    """A clock; a bare hour only counts where the words around it make it one."""
    need = (
        ""
        if bare
        else rf"(?=\s*(?:{_HALF_DAY}|o'?clock|-?ish\b|{_TODAY})|{_UNTIL}(?:\d{{1,2}}(?:[:.]\d\d)?|{_HOUR})\s*(?:{_HALF_DAY}|o'?clock|in the (?:morning|afternoon|evening)))"
    )
    mil = r"(?!\s*[a-z])" if bare else r"(?!)"
    return (
        rf"(?:(?:12 )?(?P<noon{index}>noon|midnight|mid-night)(?:ish)?\b"
        rf"|(?P<past{index}>{_PAST})(?: min(?:ute)?s?)?[- ](?P<dir{index}>past|to|after|till) (?P<ph{index}>noon|midnight|\d{{1,2}}(?!\d)|(?:{_HOUR})\b)"
        rf"|half (?P<hh{index}>{_HOUR})\b(?=$|[ ,]*(?:{_HALF_DAY}|{_TODAY}|tomorrow|please))"
        rf"|(?P<h{index}>\d{{1,2}})(?:[:.]|(?<=\bat \d) |(?<=\bat \d\d) )(?P<mm{index}>[0-5]\d)(?:[:.]\d\d)?(?!\d|\.\d|\s*(?:kg|kilo|ton|cubic|cbm|m\b|meters?))"
        rf"|(?P<mil{index}>\d{{3,4}})(?=\s*(?:{_HALF_DAY}|hours\b|hrs\b|h\b|{_TODAY})|{mil})|(?P<hun{index}>{_HOUR}|{_LATE_HOUR}) hundred hours"
        rf"|(?P<wh{index}>{_HOUR}|{_LATE_HOUR}) (?P<wm{index}>{_MINUTE})(?! (?:kilo|ton|pound|pallet|box|carton|piece|hundred))"
        rf"|(?P<b{index}>\d{{1,2}}(?![\d:.,/]\d|\d|st\b|[nr]d\b|th\b)|(?:{_HOUR})\b)(?!\s*(?:of )?{MONTH}){need})"
        rf"(?:\s*(?:o'?clock|hours|hrs|sharp|-?ish)\b)?(?:\s*(?:in the )?(?P<ap{index}>[ap])\.?m\b\.?)?"
    )


_PART = "|".join(sorted(_PARTS, key=len, reverse=True))
#: Behind these a bare hour is a clock, which the cue below takes.
_BARE = rf"\s+(?:(?:[01]?\d|2[0-4])(?![\d:/.-])|(?:{_HOUR})\b)(?!\s*(?:of )?{MONTH})"
_LEADS = rf"(?:by|before|after(?! lunch| work)|until)(?!{_BARE})|no later than|not later than"
_WHEN = Late(
    rf"\b(?:(?P<lead>{_LEADS})\b)?\s*"
    rf"(?:(?:on |@ ?)?(?P<daya>{DAY.replace('?P<', '?P<a_')}))?[ ,]*(?:(?:in the |at |by |after |first thing (?:in the )?)?(?:this |the )?(?P<part>{_PART})\b)?[ ,]*"
    rf"(?:(?:(?P<mid>at|around|about|by|before|after|until|for|between|from|no later than) )?(?:about |around )?{_clock(1, bare=False)}"
    rf"|(?P<cue>at|around|about|by|before|after|between|from) (?:about |around )?{_clock(3, bare=True)}(?!\s+(?!this\b|please|yes\b)[a-z]+s\b))?"
    rf"(?:{_UNTIL}{_clock(2, bare=True)})?"
    rf"(?:[ ,]*(?:in (?:the )?|at |this )?(?P<partb>{_PART})\b)?"
    rf"(?(daya)|(?:[ ,]*(?:on )?(?P<dayb>{DAY.replace('?P<', '?P<b_')}))?)"
    rf"(?:[ ,]*(?:in the )?(?P<partc>{_PART})\b)?"
)
#: "In two hours", "three days from now"; "within" makes it the latest moment.
_UNIT = r"minutes?|mins?|hours?|hrs?|h\b|days?|weeks?|months?|years?|(?:business|working|work) days?|fortnights?"
_SOON = Late(
    rf"\b(?:(?P<within>within|in less than|inside|no more than|in under)(?: the)?(?: next| coming)? |(?P<over>in|after)(?: the next| about| around| another| roughly)? )?"
    rf"(?P<n>{NUMBER}|an?|half an?|a couple(?: of)?|a few)\s?(?:of an? |more )?(?P<half>half )?(?P<unit>{_UNIT})"
    rf"(?P<more> and a half)?(?: (?:and )?(?P<minutes>{NUMBER}) min(?:ute)?s?)?(?:'s?)?(?P<later> from (?:now|today)| later| time| hence)?(?P<ago> ago)?\b"
)
_UNITS: dict[str, dates.Unit] = {"day": "day", "week": "week", "month": "month", "year": "year"}


def _soon(match: re.Match[str], now: datetime) -> Moment | None:
    """The moment so long from now or ago; None where no word says that it is meant from now."""
    within = match["within"] is not None
    if not (within or match["over"] or match["later"] or match["ago"]):
        return None
    said = re.sub(r"^half an?$", "0.5", match["n"].removesuffix(" of"))
    amount = 1.0 if said in {"a", "an"} else number(said)
    if amount is None:
        return None
    amount = (amount * 0.5 if match["half"] else amount) + (0.5 if match["more"] else 0)
    unit = match["unit"].rstrip("s")
    back = -1 if match["ago"] else 1
    if unit.startswith(("min", "h")):
        minutes = amount * (1 if unit.startswith("min") else 60)
        minutes += (number(match["minutes"]) or 0) if match["minutes"] else 0
        return dates.shifted(now, timedelta(minutes=back * minutes), deadline=within)
    if unit == "fortnight":
        return Moment(dates.later(now.date(), back * amount * 2, "week"))
    kind: dates.Unit = "workday" if " " in unit else _UNITS[unit]
    return Moment(dates.later(now.date(), back * amount, kind))


def find(text: str, now: datetime) -> Iterator[Found]:
    """Every day or time said in lower-case text, left to right."""
    yield from joined(text, _each(text, now))


def _each(text: str, now: datetime) -> Iterator[Found]:
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
        yield Found(match.start(), end, _marked(match, moment), days_en.by_weekday(match))
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
    if end and start and start > end and match["ap2"] and not match[f"ap{first}"]:
        start = _time(match, first, part, "a" if match["ap2"] == "p" else "p")
    if end and start and end < start and end.hour < 12:
        end = end.replace(hour=end.hour + 12)
    day = _day(match, "a_", now) or _day(match, "b_", now)
    lead = match["lead"] or match["cue"] or match["mid"] or ""
    if day is None:
        if (start is None and part is None) or match["daya"] or match["dayb"]:
            return None
        clock = end or start or PARTS[part or "working"][1]
        day = now.date() + timedelta(days=clock <= now.time())
    if start is None and end is None and part is not None:
        begin, finish = PARTS[part]
        deadline = lead in {"by", "before"} or part == "before_work_ends"
        return Moment(day, None if deadline else begin, finish, part=True)
    deadline = lead in {"by", "before", "until"} or lead.endswith("later than")
    return Moment(day, None, end or start) if deadline else Moment(day, start, end)


def _day(match: re.Match[str], side: str, now: datetime) -> date | None:
    return days_en.resolve(match, side, now.date()) if match[f"day{side[0]}"] else None


def _marked(match: re.Match[str], moment: Moment) -> Moment:
    """The moment, marked where its day was not said."""
    return moment if match["daya"] or match["dayb"] else replace(moment, implied=True)


def _said(match: re.Match[str], i: int) -> bool:
    names = ("noon", "past", "hh", "h", "mil", "hun", "wh", "b")
    return any(match[f"{name}{i}"] for name in names)


def _time(match: re.Match[str], i: int, part: str | None, other: str | None) -> time | None:
    if not _said(match, i):
        return None
    if match[f"noon{i}"]:
        return time(12) if match[f"noon{i}"] == "noon" else time(23, 59)
    hour, minute = _hour_and_minute(match, i)
    half = match[f"ap{i}"] or other
    if half:
        part = "morning" if half == "a" else "afternoon"
        hour = 0 if half == "a" and hour == 12 else hour
    elif match[f"mil{i}"] or match[f"hun{i}"] or match[f"ph{i}"] == "noon":
        part = part or "as_written"
    return dates.clock(hour, minute, part)


def _hour_and_minute(match: re.Match[str], i: int) -> tuple[int, int]:
    past = match[f"past{i}"]
    if past:
        hour = _hour(match[f"ph{i}"])
        named = {"half": 30, "a quarter": 15, "quarter": 15, "three quarters": 45}
        minute = named.get(past) or int(number(past) or 0)
        return (hour - 1, 60 - minute) if match[f"dir{i}"] in {"to", "till"} else (hour, minute)
    if match[f"hh{i}"]:
        return _hour(match[f"hh{i}"]), 30
    if match[f"mil{i}"]:
        return int(match[f"mil{i}"][:-2]), int(match[f"mil{i}"][-2:])
    if match[f"hun{i}"]:
        return _hour(match[f"hun{i}"]), 0
    if match[f"wh{i}"]:
        return _hour(match[f"wh{i}"]), _minutes(match[f"wm{i}"])
    if match[f"h{i}"]:
        return int(match[f"h{i}"]), int(match[f"mm{i}"])
    return _hour(match[f"b{i}"]), 0


def _hour(word: str) -> int:
    if word in {"noon", "midnight"}:
        return 12
    word = word.replace(" ", "-")
    return _HOURS.index(word) + 1 if word in _HOURS else int(word)


def _minutes(words: str) -> int:
    return int(number(words.replace("o'", "").replace("oh ", "")) or 0)
