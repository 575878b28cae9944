"""Mandarin days as they are spoken and written: the pattern, and which day it means."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from nlp.normalize import dates
from nlp.normalize.dates import full_year, valid
from nlp.normalize.holidays import NAMES, first_day_back, holiday_in, next_holiday
from nlp.normalize.lunar import lunar_day, next_day_of_month, next_lunar
from nlp.normalize.numbers_zh import DIGIT, digits, number

N = rf"[{DIGIT}十]{{1,3}}"
_C = "零〇一二三四五六七八九"
_FROM_NOW = {
    "大前天": -3, "大前日": -3, "前天": -2, "前日": -2, "前儿": -2, "昨天": -1, "昨日": -1, "昨儿": -1,
    "昨晚": -1, "昨早": -1, "今天": 0, "今儿": 0, "今日": 0, "当天": 0, "当日": 0, "今早": 0, "今晚": 0, "今晨": 0,
    "明天": 1, "明儿": 1, "明日": 1, "明早": 1, "明晚": 1, "明晨": 1, "聽日": 1, "听日": 1, "隔天": 1, "隔日": 1, "次日": 1,
    "第二天": 1, "后天": 2, "后儿": 2, "后日": 2, "后晚": 2, "大后天": 3, "大后儿": 3, "大后日": 3,
}  # fmt: skip
_AHEAD: dict[str, dates.Unit] = {
    "天": "day", "日": "day", "周": "week", "星期": "week", "礼拜": "week", "月": "month",
    "工作日": "workday", "年": "year",
}  # fmt: skip
_WEEK = {"上上": -2, "上": -1, "这": 0, "本": 0, "今": 0, "下": 1, "下下": 2, "下下下": 3}
_YEARS = {"去年": -1, "今年": 0, "本年": 0, "明年": 1, "来年": 1, "后年": 2}
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "今": 0, "当": 0, "下": 1, "下下": 2}
_LUNAR_MONTHS = {"正": 1, "冬": 11, "腊": 12}
_FIRST, _MIDDLE, _LAST_THIRD = 1, 15, 21
_EDGES = {
    "初": _FIRST, "头": _FIRST, "上旬": _FIRST, "中": _MIDDLE, "中旬": _MIDDLE, "下旬": _LAST_THIRD,
    "底": 0, "末": 0, "尾": 0,
}  # fmt: skip

_YEAR = rf"(?:{'|'.join(_YEARS)}|\d{{2,4}}年|[{_C}]{{2,4}}年|[一两二]千(?:零?[{_C}十]{{1,3}})?年)"
_ANY_MONTH = r"(?:上上|下下|上|下|这|本|今|当)一?个?月"
_WEEKLY = r"(?:周|星期|礼拜)"
_WDAY = "[一二三四五六日天末1-7]"
_HOLIDAY = "|".join(n for n in NAMES if not n[0].isascii())
DAY = (
    rf"(?<!大)(?P<rel>{'|'.join(sorted(_FROM_NOW, key=len, reverse=True))})个?"
    rf"|(?<![\d.])(?P<iso>\d{{4}}(?:[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}[日号]?| \d{{2}} \d{{2}}\b)|20\d\d[01]\d[0-3]\d(?!\d))"
    rf"|(?<![\d./-])(?P<dmy>\d{{1,2}}[-/.]\d{{1,2}}[-/.](?:\d{{4}}|\d\d))(?![\d.])"
    rf"|(?:(?P<lyear>{_YEAR})的?)?(?P<lunar>农历|阴历|旧历)?(?:(?P<lyear2>{_YEAR})的?)?(?P<lmonth>[正冬腊]月|{N}月(?=初)|(?(lunar){N}月|(?!)))份?(?P<lday>初{N}|{N})[号日]?"
    rf"|(?<!月)(?P<newyear>大?年)?初(?P<lone>[一二三四五六七八九十])(?!中|级|步|次|期)"
    rf"|(?:(?P<nyear>{_YEAR})的?)?(?P<nmonth>{N}月份?|{_ANY_MONTH})的?(?:第(?P<nth>[一二三四五1-5])|(?P<nlast>最后一?))个?{_WEEKLY}(?P<nday>{_WDAY})"
    rf"|(?:(?P<eyear>{_YEAR})的?)?(?:(?P<emonth>{N}月份?|{_ANY_MONTH})的?)?(?P<edge>月[底末尾初头中]|[上中下]旬|(?(emonth)[底末尾初头中](?!旬|[午秋])|(?!)))前?"
    rf"|(?:(?P<yyear>{_YEAR})的?)?(?P<yedge>年[底末尾初中])(?!级)"
    rf"|(?:(?P<year>{_YEAR})的?)?(?P<month>{N}|{_ANY_MONTH[:-1]})月份?的?(?P<mday>{N})[号日]?(?![{DIGIT}点])"
    rf"|(?<![\d./-])(?P<slash>\d{{1,2}}[/-]\d{{1,2}}|\d{{1,2}}\.\d{{1,2}}(?=[号日]))[号日]?(?![\d点时到件箱托吨-])"
    rf"|(?P<week>下下下?|下|上上|上|这|本|今)?(?P<one>一个)?一?个?{_WEEKLY}(?:的{_WEEKLY})?(?P<wday>{_WDAY})(?!个)"
    rf"|(?<![{DIGIT}十百路街道巷弄])(?P<day>{N})[号日](?![楼库门线仓院店码航馆])"
    rf"|(?P<over>再?过)?(?P<ahead>{N}|半)个?(?P<unit>天|日|周|星期|礼拜|月|年|工作日)(?:左右)?(?(over)(?:之后|以后|后)?|(?:之后|以后|后|内|之内|以内))"
    rf"|(?P<back>{N}|半)个?(?P<bunit>天|日|周|星期|礼拜|月|年|工作日)(?:之前|以前|前)"
    rf"|(?P<nextweek>下下?个?{_WEEKLY})(?!{_WDAY})"
    rf"|(?<![{DIGIT}十百])(?:(?P<hyear>{_YEAR})的?)?(?P<holiday>{_HOLIDAY})(?![点月号{DIGIT}十件箱托桶袋吨])"
    rf"(?:(?:期间|假期|长假|放假|假|那天|当天|当日|节)*)(?P<offset>前夕|前夜|前(?P<before>{N})天|(?:之|以)?后第?(?P<behind>{N})天|[第的]*第二天|次日|(?:的?前)一天|(?:的?后)一天|之前|以前|前|之后|以后|过后|后|回来)?"
)


def resolve(match: re.Match[str], now: date) -> date | None:
    """The day that the groups of `DAY` mean; None for no such day, or where none was said."""
    means = next((meaning for group, meaning in _MEANINGS.items() if match[group]), None)
    return means(match, now) if means else None


def said(match: re.Match[str]) -> bool:
    """Whether a day was said, even one that does not exist."""
    return any(match[group] for group in _MEANINGS)


def by_weekday(match: re.Match[str]) -> bool:
    """Whether the day is said only by its name in the week."""
    return bool(match["wday"]) and match["wday"] != "末"


def _amount(said: str) -> float:
    return 0.5 if said == "半" else number(said) or 0.0


def _from_now(match: re.Match[str], now: date) -> date:
    return now + timedelta(days=_FROM_NOW[match["rel"]])


def _ahead(match: re.Match[str], now: date) -> date:
    return dates.later(now, _amount(match["ahead"]), _AHEAD[match["unit"]])


def _back(match: re.Match[str], now: date) -> date:
    return dates.later(now, -_amount(match["back"]), _AHEAD[match["bunit"]])


def _of_month(match: re.Match[str], now: date) -> date | None:
    return dates.day_of_month(now, int(number(match["day"]) or 0), None)


def _slashed(match: re.Match[str], now: date) -> date | None:
    month, day = map(int, re.split("[/.-]", match["slash"]))
    return dates.month_and_day(now, month, day)


def _next_week(match: re.Match[str], now: date) -> date:
    return dates.weekday(now, 0, 1 + match["nextweek"].startswith("下下"))


def _lone_lunar(match: re.Match[str], now: date) -> date | None:
    day = int(number(match["lone"]) or 0)
    return next_lunar(now, 1, day) if match["newyear"] else next_day_of_month(now, day)


def _iso(match: re.Match[str], now: date) -> date | None:
    text = match["iso"]
    if text.isdigit():
        return valid(int(text[:4]), int(text[4:6]), int(text[6:]))
    year, month, day = map(int, re.findall(r"\d+", text))
    return valid(year, month, day)


def _day_month_year(match: re.Match[str], now: date) -> date | None:
    """Month first, as in 10/31/2026, unless that is no date or points part it (31.10.2026)."""
    text = match["dmy"]
    first, second, year = map(int, re.split("[-/.]", text))
    american = valid(full_year(year), first, second)
    european = valid(full_year(year), second, first)
    return (european or american) if "." in text else (american or european)


def _year(said: str | None, now: date) -> int | None:
    if said is None:
        return None
    if said in _YEARS:
        return now.year + _YEARS[said]
    written = digits(said[:-1])
    return full_year(int(written)) if written else int(number(said[:-1]) or 0) or None


def _month(said: str, now: date) -> tuple[int | None, int]:
    """Year and month; no year for a month said by its number."""
    name = said.removesuffix("份").removesuffix("月").removesuffix("个")
    name = name.removesuffix("一") if name[0] not in "一二三四五六七八九十" else name
    if name in _MONTHS:
        ahead = dates.later(now.replace(day=1), _MONTHS[name], "month")
        return ahead.year, ahead.month
    return None, int(number(name) or 0)


def _lunar(match: re.Match[str], now: date) -> date | None:
    name = match["lmonth"].removesuffix("月")
    month = _LUNAR_MONTHS.get(name) or int(number(name) or 0)
    day = int(number(match["lday"].removeprefix("初")) or 0)
    year = _year(match["lyear"] or match["lyear2"], now)
    return next_lunar(now, month, day) if year is None else lunar_day(year, month, day)


def _nth(match: re.Match[str], now: date) -> date | None:
    year, month = _month(match["nmonth"], now)
    if not 1 <= month <= 12:
        return None
    year = _year(match["nyear"], now) or year or dates.month_ahead(now, month)
    day = 6 if match["nday"] in "日天7" else int(number(match["nday"]) or 6) - 1
    return dates.nth_weekday(year, month, day, int(number(match["nth"] or "") or -1))


def _edge(match: re.Match[str], now: date) -> date | None:
    day = _EDGES[match["edge"].removeprefix("月")]
    if match["emonth"] is None:
        if day:
            return dates.day_of_month(now, day, None)
        return dates.month_end(now)
    year, month = _month(match["emonth"], now)
    if not 1 <= month <= 12:
        return None
    year = _year(match["eyear"], now) or year or dates.month_ahead(now, month)
    return valid(year, month, day) if day else dates.month_end(date(year, month, 1))


def _year_edge(match: re.Match[str], now: date) -> date:
    said = _year(match["yyear"], now)
    month, day = {"初": (1, 1), "中": (6, 30)}.get(match["yedge"][1], (12, 31))
    if said is not None:
        return date(said, month, day)
    return dates.this_year_or_next(now, month, day) or now


def _month_and_day(match: re.Match[str], now: date) -> date | None:
    year, month = _month(match["month"] + "月", now)
    year = _year(match["year"], now) or year
    day = int(number(match["mday"]) or 0)
    return dates.month_and_day(now, month, day) if year is None else valid(year, month, day)


def _week_day(match: re.Match[str], now: date) -> date:
    week = None if match["week"] is None or match["one"] else _WEEK[match["week"]]
    said = match["wday"]
    if said == "末":
        return dates.weekend(now, week)
    day = 6 if said in "日天7" else int(number(said) or 1) - 1
    return dates.weekday(now, day, week)


def _holiday(match: re.Match[str], now: date) -> date | None:
    name, said = match["holiday"], match["offset"] or ""
    year = _year(match["hyear"], now)
    day = next_holiday(name, now) if year is None else holiday_in(name, year)
    if day is None:
        return None
    if match["before"]:
        return day - timedelta(days=int(number(match["before"]) or 0))
    if "前" in said:
        return day - timedelta(days=1)
    if said.endswith("第二天") or said == "次日" or "后一天" in said:
        return day + timedelta(days=1)
    if match["behind"]:
        back = first_day_back(name, day) if "第" in said else day + timedelta(days=1)
        return back + timedelta(days=int(number(match["behind"]) or 1) - 1)
    return first_day_back(name, day) if said else day


#: Each group of `DAY` that says a day, and which day it means.
_MEANINGS: dict[str, Callable[[re.Match[str], date], date | None]] = {
    "rel": _from_now, "iso": _iso, "dmy": _day_month_year, "lmonth": _lunar, "lone": _lone_lunar,
    "nday": _nth, "edge": _edge, "yedge": _year_edge, "month": _month_and_day, "slash": _slashed,
    "wday": _week_day, "day": _of_month, "ahead": _ahead, "back": _back, "nextweek": _next_week,
    "holiday": _holiday,
}  # fmt: skip
