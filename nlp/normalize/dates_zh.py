"""Mandarin days and times as they are spoken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from nlp.normalize import dates
from nlp.normalize.dates import PARTS, Moment
from nlp.normalize.holidays import NAMES, next_holiday
from nlp.normalize.numbers_zh import DIGIT, digits, number

_N = rf"[{DIGIT}十]{{1,3}}"
_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "今天": 0, "今儿": 0, "今日": 0, "当天": 0,
         "今早": 0, "今晚": 0, "明天": 1, "明儿": 1, "明日": 1, "明早": 1, "明晚": 1,
         "后天": 2, "后儿": 2, "大后天": 3, "大后儿": 3}  # fmt: skip
_AHEAD: dict[str, dates.Unit] = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month",
    "工作日": "workday",
}  # fmt: skip
_WEEK = {"上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_PARTS = {
    "凌晨": "early", "清早": "early", "清晨": "early", "拂晓": "early", "大早上": "early", "一清早": "early",
    "晌午": "noon", "午夜": "night", "午间": "noon", "午前": "morning", "晚饭后": "evening",
    "中饭后": "after_lunch", "吃过午饭": "after_lunch", "吃了午饭": "after_lunch", "饭后": "after_lunch", "一大早": "early", "大清早": "early", "早上": "morning",
    "早晨": "morning", "上午": "morning", "一早": "morning", "早": "morning", "中午": "noon",
    "正午": "noon", "午饭后": "after_lunch", "午饭以后": "after_lunch", "吃完午饭": "after_lunch",
    "午后": "after_lunch", "下午": "afternoon", "傍晚": "dusk", "晚上": "evening", "晚间": "evening",
    "夜里": "night", "半夜": "night", "深夜": "night", "晚": "evening",
    "下班前": "before_work_ends", "下班后": "after_work", "下班以后": "after_work", "下班之后": "after_work", "下班之前": "before_work_ends", "上班时间": "working",
    "午饭前": "morning", "全天": "working",
}  # fmt: skip
_LONE_PARTS = ("早", "晚")

_DAY = (
    rf"(?P<rel>大前天|大后天|大后儿|前天|昨天|今天|今儿|今日|当天|今早|今晚|明天|明儿|明日|明早|明晚|后天|后儿)个?"
    rf"|(?P<iso>\d{{4}}[-/年]\d{{1,2}}[-/月]\d{{1,2}}日?)"
    rf"|(?:(?P<year>今年|明年|后年|\d{{4}}年|[零〇一二三四五六七八九]{{4}}年)的?)?(?P<month>{_N})月份?(?P<mday>{_N})[号日]?"
    rf"|(?<![\d-])(?P<slash>\d{{1,2}}[/-]\d{{1,2}})(?![\d点时号到件箱托吨-])"
    rf"|(?P<week>下下|下一?|这一?|本|上)?(?P<one>(?<=一)个)?个?(?:周|星期|礼拜)(?:的(?:周|星期|礼拜))?(?P<wday>[一二三四五六日天末1-7])(?!个)"
    rf"|(?<![{DIGIT}十百路街道巷弄])(?P<months>下下|下|这|本)?个?月?的?(?P<day>{_N})[号日](?![楼库门线仓院店码航馆])"
    rf"|(?P<endof>下|这|本)?个?(?P<edge>月底|月初|月中|月末|年底|周末|月底前)"
    rf"|(?P<over>再?过)?(?P<ahead>{_N}|半)个?(?P<unit>天|日|周|星期|礼拜|月|工作日)(?(over)(?:之后|以后|后)?|(?:之后|以后|后|内|之内|以内))"
    rf"|(?P<nextweek>下周|下个?星期|下个?礼拜)(?![一二三四五六日天末1-7])"
    rf"|(?<![{DIGIT}十百])(?P<holiday>{'|'.join(n for n in NAMES if not n[0].isascii())})(?![点月号{DIGIT}十件箱托桶袋吨])(?P<offset>前一天|后一天|前|后)?"
)
_PART = "|".join(sorted((p for p in _PARTS if p not in _LONE_PARTS), key=len, reverse=True))
_CLOCK = (
    rf"(?:(?P<hm{{0}}>\d{{1,2}}:\d{{2}})|(?:差(?P<lack{{0}}>一刻|{_N}分)钟?(?:到|就)?)?"
    rf"(?!(?<=[慢快大小多少高低有差早晚带含装放加掺夹])一点(?![{DIGIT}十半钟整]))(?P<h{{0}}>{_N})[点时](?![{DIGIT}]*个?(?:吨|公斤|千克|斤|立方|方|米|万|克|磅|元|块))(?!问题|也|都|点|儿|错|意见|没|不|毛病)"
    rf"(?:(?P<half{{0}}>半)|过?(?P<q{{0}}>[一三]刻)|差(?P<less{{0}}>一刻|{_N}分)|过?(?P<m{{0}}>{_N})分?(?!号)|[钟整]?)钟?)"
)


def _clock(index: int) -> str:
    return _CLOCK.replace("{0}", str(index))


_WHEN = re.compile(
    rf"(?:(?P<lead>最晚|最迟|不晚于|不要晚于|赶在))?"
    rf"(?:(?:{_DAY})(?:的|，| )?)?"
    rf"(?:(?P<part>{_PART}|(?<=[今明])[早晚])(?:的|，)?)?"
    rf"从?(?:{_clock(1)}(?:左右|前后)?)?"
    rf"(?:(?:到|至|-|~|—|和)(?:(?P<part2>{_PART})的?)?{_clock(2)})?"
    rf"(?P<tail>之前|以前|前(?!台|面|海|进|门)|之后|以后|后(?!天|面|门|街))?"
)


#: Half an hour from now; 之内 makes it the latest moment.
_SOON = re.compile(
    rf"(?P<over>再?过)?(?P<n>{_N}|半)个?(?P<half>半)?(?P<unit>小时|钟头|分钟|刻钟)"
    rf"(?:(?P<within>之内|以内|内)|(?:之后|以后|后)|(?(over)|(?!)))"
)


def _shift(match: re.Match[str]) -> timedelta:
    amount = (
        0.5 if match["n"] == "半" else (number(match["n"]) or 0) + (0.5 if match["half"] else 0)
    )
    minutes = {"分钟": 1, "刻钟": 15}.get(match["unit"], 60)
    return timedelta(minutes=amount * minutes)


@dataclass(frozen=True, slots=True)
class Found:
    """A moment and its place in the text, characters."""

    start: int
    end: int
    moment: Moment


def find(text: str, now: datetime) -> Iterator[Found]:
    """Every day or time said, left to right. A time without a day means today, or tomorrow
    where that has passed."""
    position = 0
    while position < len(text):
        soon = _SOON.match(text, position)
        shift = _shift(soon) if soon else None
        if soon and shift:
            yield Found(*soon.span(), dates.shifted(now, shift, deadline=bool(soon["within"])))
            position = soon.end()
            continue
        match = _WHEN.match(text, position)
        moment = _moment(match, now) if match and match.end() > position else None
        if match is None or moment is None:
            position += 1
            continue
        yield Found(match.start(), match.end(), _marked(match, moment))
        position = match.end()


def _moment(match: re.Match[str], now: datetime) -> Moment | None:
    part = _part(match)
    start = _time(match, 1, part)
    second = _PARTS.get(match["part2"] or "", part)
    end = _time(match, 2, second)
    if end is not None and start is not None and end < start and end.hour < 12 and second is None:
        end = end.replace(hour=end.hour + 12)
    day = _day(match, now.date())
    if day is None:
        if start is None and part is None:
            return None
        day = _implied_day(now, start or PARTS[part or "working"][1])
    if start is None and part is not None and end is None:
        begin, finish = PARTS[part]
        if part == "before_work_ends":
            return Moment(day, None, finish, part=True)
        return _bounded(match, Moment(day, begin, finish, part=True))
    return _bounded(match, Moment(day, start, end))


def _marked(match: re.Match[str], moment: Moment) -> Moment:
    """The moment, marked where its day was not said."""
    said = ("rel", "iso", "month", "slash", "wday", "day", "edge", "ahead", "nextweek", "holiday")
    return moment if any(match[name] for name in said) else replace(moment, implied=True)


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


def _time(match: re.Match[str], index: int, part: str | None) -> time | None:
    written = match[f"hm{index}"]
    if written:
        hour, minute = map(int, written.split(":"))
        return dates.clock(hour, minute, part or "as_written")
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
        minute = 15 if match[f"q{index}"][0] == "一" else 45
    if match[f"m{index}"]:
        minute = int(number(match[f"m{index}"]) or 0)
    return dates.clock(value, minute, part)


def _day(match: re.Match[str], now: date) -> date | None:
    if match["rel"]:
        return now + timedelta(days=_DAYS[match["rel"]])
    if match["iso"]:
        return _iso(match["iso"])
    if match["slash"]:
        month, day = map(int, re.split("[/-]", match["slash"]))
        return dates.month_and_day(now, month, day)
    if match["month"]:
        month, day = (int(number(match[name]) or 0) for name in ("month", "mday"))
        year = match["year"]
        return _in_year(year, now, month, day) if year else dates.month_and_day(now, month, day)
    if match["wday"]:
        return _week_day(match, now)
    if match["day"]:
        months = None if match["months"] is None else {"下": 1, "下下": 2}.get(match["months"], 0)
        return dates.day_of_month(now, int(number(match["day"]) or 0), months)
    if match["ahead"]:
        amount = 0.5 if match["ahead"] == "半" else number(match["ahead"]) or 0.0
        return dates.later(now, amount, _AHEAD[match["unit"]])
    if match["nextweek"]:
        return dates.weekday(now, 0, 1)
    if match["holiday"]:
        return _holiday(match, now)
    return _edge(match, now) if match["edge"] else None


def _week_day(match: re.Match[str], now: date) -> date:
    week = None if match["week"] is None or match["one"] else _WEEK[match["week"].rstrip("一")]
    said = match["wday"]
    if said == "末":
        return dates.weekend(now, week)
    day = 6 if said in "日天7" else int(number(said) or 1) - 1
    return dates.weekday(now, day, week)


def _in_year(said: str, now: date, month: int, day: int) -> date | None:
    ahead = {"今年": 0, "明年": 1, "后年": 2}.get(said)
    year = now.year + ahead if ahead is not None else int(digits(said[:-1]) or 0)
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _edge(match: re.Match[str], now: date) -> date | None:
    months = 1 if match["endof"] == "下" else 0
    edge = match["edge"]
    if edge == "周末":
        return dates.weekend(now, None)
    if edge == "年底":
        return date(now.year, 12, 31)
    if edge == "月初":
        return dates.day_of_month(now, 1, months or None)
    if edge == "月中":
        return dates.day_of_month(now, 15, months or None)
    return dates.month_end(now, months)


def _holiday(match: re.Match[str], now: date) -> date | None:
    day = next_holiday(match["holiday"], now)
    if day is None:
        return None
    offset = {"前一天": -1, "后一天": 1, "前": -1}.get(match["offset"] or "", 0)
    return day + timedelta(days=offset)


def _iso(text: str) -> date | None:
    parts = re.findall(r"\d+", text)
    try:
        return date(*map(int, parts))
    except ValueError:
        return None
