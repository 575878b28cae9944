"""Mandarin days and times as they are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from nlp.normalize import dates, days_zh
from nlp.normalize.dates import PARTS, Found, Moment
from nlp.normalize.days_zh import DAY, N
from nlp.normalize.joined import joined
from nlp.normalize.numbers_zh import DIGIT, number

_PARTS = {
    "凌晨": "early", "清早": "early", "清晨": "early", "拂晓": "early", "大早上": "early", "一清早": "early",
    "晌午": "noon", "午夜": "night", "午间": "noon", "午前": "morning", "晚饭后": "evening",
    "中饭后": "after_lunch", "吃过午饭": "after_lunch", "吃了午饭": "after_lunch", "饭后": "after_lunch", "一大早": "early", "大清早": "early", "早上": "morning",
    "早晨": "morning", "早间": "morning", "上午": "morning", "一早": "morning", "早": "morning", "晨": "morning", "中午": "noon",
    "正午": "noon", "午饭后": "after_lunch", "午饭以后": "after_lunch", "吃完午饭": "after_lunch",
    "午后": "after_lunch", "下午": "afternoon", "傍晚": "dusk", "黄昏": "dusk", "晚上": "evening", "晚间": "evening", "今夜": "night",
    "夜里": "night", "夜间": "night", "半夜": "night", "深夜": "night", "晚": "evening",
    "下班前": "before_work_ends", "下班后": "after_work", "下班以后": "after_work", "下班之后": "after_work", "下班之前": "before_work_ends", "上班时间": "working",
    "午饭前": "morning", "全天": "working", "上班后": "morning", "一上班": "morning", "白天": "working",
}  # fmt: skip
_LONE_PARTS = ("早", "晚", "晨")
_PART = "|".join(sorted((p for p in _PARTS if p not in _LONE_PARTS), key=len, reverse=True))
_HOURS = rf"(?:{N}[点时](?!间|候)|\d{{1,2}}:\d\d)"
_CLOCK = (
    rf"(?:(?P<hm{{0}}>\d{{1,2}}:\d{{2}})(?::\d\d)?(?:\s*(?P<ap{{0}}>[AaPp])\.?[Mm]\b\.?)?|(?P<wh{{0}}>\d{{1,2}})\s*(?P<wap{{0}}>[AaPp])\.?[Mm]\b\.?"
    rf"|(?:差(?P<lack{{0}}>一刻|{N}分)钟?(?:到|就)?)?"
    rf"(?!(?<=[慢快大小多少高低有差早晚带含装放加掺夹])一点(?![{DIGIT}十半钟整]))(?P<h{{0}}>{N})[点时](?!间|候|[{DIGIT}]*个?(?:吨|公斤|千克|斤|立方|方|米|万|克|磅|元|块))(?!问题|也|都|点|儿|错|意见|没|不|毛病)"
    rf"(?:(?P<half{{0}}>半)|过?(?P<q{{0}}>[一三13]刻)|差(?P<less{{0}}>一刻|{N}分)|(?:过|零)?(?P<m{{0}}>{N})分?(?!号)|[钟整]?)钟?)"
)


def _clock(index: int) -> str:
    return _CLOCK.replace("{0}", str(index))


_WHEN = re.compile(
    rf"(?:(?P<lead>最晚|最迟|不晚于|不要晚于|赶在))?"
    rf"(?:(?:{DAY})(?:的|，| )?)?"
    rf"(?:(?P<part>{_PART}|(?<=[今明昨后])[早晚晨]|[早晚](?={_HOURS}))(?:的|，)?)?"
    rf"从?(?:{_clock(1)}(?:左右|前后|上下)?|(?P<bare>{N})(?=[到至~—-]{N}[点时]))?"
    rf"(?:(?:到|至|-|~|—|和)(?:(?P<part2>{_PART}|[早晚](?={_HOURS}))的?)?{_clock(2)})?"
    rf"(?P<tail>之前|以前|前(?!台|面|海|进|门)|之后|以后|后(?!天|面|门|街))?"
)
#: Half an hour from now; 之内 makes it the latest moment.
_SPAN = rf"(?:(?:{N}|半)个?半?(?:小时|钟头|刻钟|分钟)零?)"
_SOON = re.compile(
    rf"(?P<over>再?过)?(?P<span>{_SPAN}+)(?:左右)?"
    rf"(?:(?P<within>之内|以内|内)|(?P<back>之前|以前|前)|(?:之后|以后|后)|(?(over)|(?!)))"
)
_STEP = re.compile(rf"(?P<n>{N}|半)个?(?P<half>半)?(?P<unit>小时|钟头|刻钟|分钟)")
_MINUTES = {"分钟": 1, "刻钟": 15}
_HOUR = 60


def find(text: str, now: datetime) -> Iterator[Found]:
    """Every day or time said, left to right. A time without a day means today, or tomorrow
    where that has passed."""
    yield from joined(text, _each(text, now))


def _each(text: str, now: datetime) -> Iterator[Found]:
    position = 0
    while position < len(text):
        soon = _SOON.match(text, position)
        if soon:
            shift = _shift(soon)
            yield Found(*soon.span(), dates.shifted(now, shift, deadline=bool(soon["within"])))
            position = soon.end()
            continue
        match = _WHEN.match(text, position)
        moment = _moment(match, now) if match and match.end() > position else None
        if match is None or moment is None:
            position += 1
            continue
        yield Found(*match.span(), _marked(match, moment), days_zh.by_weekday(match))
        position = match.end()


def _shift(match: re.Match[str]) -> timedelta:
    minutes = 0.0
    for step in _STEP.finditer(match["span"]):
        amount = 0.5 if step["n"] == "半" else number(step["n"]) or 0
        minutes += (amount + (0.5 if step["half"] else 0)) * _MINUTES.get(step["unit"], _HOUR)
    return timedelta(minutes=-minutes if match["back"] else minutes)


def _moment(match: re.Match[str], now: datetime) -> Moment | None:
    part = _part(match)
    start = _time(match, 1, part) or _bare(match, part)
    second = _PARTS.get(match["part2"] or "", part)
    end = _time(match, 2, second)
    if end is not None and start is not None and end < start and end.hour < 12 and second is None:
        end = end.replace(hour=end.hour + 12)
    day = days_zh.resolve(match, now.date())
    if day is None:
        if (start is None and part is None) or days_zh.said(match):
            return None
        day = _implied_day(now, end or start or PARTS[part or "working"][1])
    if start is None and part is not None and end is None:
        begin, finish = PARTS[part]
        if part == "before_work_ends":
            return Moment(day, None, finish, part=True)
        return _bounded(match, Moment(day, begin, finish, part=True))
    return _bounded(match, Moment(day, start, end))


def _marked(match: re.Match[str], moment: Moment) -> Moment:
    """The moment, marked where its day was not said."""
    return moment if days_zh.said(match) else replace(moment, implied=True)


def _bounded(match: re.Match[str], moment: Moment) -> Moment:
    """ "Before six" ends at six; "after six" begins there."""
    tail = match["tail"] or ""
    if tail.endswith("前") or match["lead"]:
        clock = moment.end if moment.part and match["lead"] else moment.end or moment.start
        if moment.part and tail.endswith("前"):
            clock = time(12) if moment.start == PARTS["noon"][0] else moment.start
        return Moment(moment.day, None, clock)
    if tail.endswith("后"):
        return Moment(moment.day, moment.start, None)
    return moment


def _implied_day(now: datetime, clock: time) -> date:
    return now.date() + timedelta(days=clock <= now.time())


def _part(match: re.Match[str]) -> str | None:
    said = match["part"]
    if said:
        return _PARTS[said]
    relative = match["rel"] or ""
    return _PARTS[relative[-1]] if relative[-1:] in _LONE_PARTS else None


def _bare(match: re.Match[str], part: str | None) -> time | None:
    """The first hour of a window whose second one alone is said in full (五到六点)."""
    hour = number(match["bare"]) if match["bare"] and match["h2"] else None
    return None if hour is None else dates.clock(hour, 0, part)


def _time(match: re.Match[str], index: int, part: str | None) -> time | None:
    half = match[f"ap{index}"] or match[f"wap{index}"]
    if half:
        part = "early" if half in "aA" else "afternoon"
    written = match[f"hm{index}"] or match[f"wh{index}"]
    if written:
        hour, _, minute = written.partition(":")
        return dates.clock(int(hour), int(minute or 0), part or "as_written")
    said = match[f"h{index}"]
    value = number(said) if said else None
    if value is None:
        return None
    lacking = match[f"lack{index}"] or match[f"less{index}"]
    if lacking:
        minutes = 15 if lacking == "一刻" else int(number(lacking[:-1]) or 0)
        return dates.clock(value - 1, 60 - minutes, part) if 0 < minutes < 60 else None
    minute = 30 if match[f"half{index}"] else 0
    if match[f"q{index}"]:
        minute = 15 if match[f"q{index}"][0] in "一1" else 45
    if match[f"m{index}"]:
        minute = int(number(match[f"m{index}"]) or 0)
    return dates.clock(value, minute, part)
