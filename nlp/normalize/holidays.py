"""Holidays that callers name, and the days off around the national ones.

A holiday is a date, a weekday of a month, a lunar day or a solar term. The days off follow the
State Council's rules on public holidays (2024): their last day is the usual one.
"""

from __future__ import annotations

from datetime import date, timedelta

from nlp.normalize.dates import nth_weekday
from nlp.normalize.lunar import next_lunar, next_term

_FIXED = {
    (1, 1): "元旦 元旦节 阳历新年 新年元旦|new year's day|new years day|new year's|new year",
    (2, 14): "情人节|valentine's day|valentines day|valentine day|valentine's",
    (3, 8): "妇女节 三八节 三八妇女节|women's day|international women's day",
    (3, 12): "植树节|arbor day",
    (3, 15): "三一五 消费者权益日 国际消费者权益日|",
    (3, 17): "|st patrick's day|saint patrick's day|st. patrick's day",
    (4, 1): "愚人节|april fools|april fool's day|april fools' day|april fools day",
    (4, 22): "地球日|earth day",
    (5, 1): "五一 劳动节 五一节 五一劳动节 五一国际劳动节|labour day|labor day|may day",
    (5, 4): "青年节 五四青年节|youth day",
    (6, 1): "六一 儿童节 六一儿童节 国际儿童节|children's day",
    (7, 1): "建党节 七一|",
    (7, 4): "|independence day|fourth of july|4th of july",
    (8, 1): "建军节 八一建军节|army day",
    (9, 10): "教师节|teacher's day|teachers' day",
    (10, 1): "国庆 国庆节 十一|national day",
    (10, 31): "万圣节 万圣夜|halloween|hallowe'en",
    (11, 11): "双十一 光棍节 双11|singles day|singles' day|veterans day",
    (12, 12): "双十二 双12|",
    (12, 24): "平安夜 圣诞前夜|christmas eve|xmas eve",
    (12, 25): "圣诞 圣诞节|christmas day|christmas|xmas|xmas day",
    (12, 26): "|boxing day",
    (12, 31): "跨年 跨年夜|new year's eve|new years eve",
}  # fmt: skip
#: Month, weekday (Monday is 0), which of them (-1 is the last), days added.
_WEEKDAYS = {
    (1, 0, 3, 0): "|martin luther king day|mlk day",
    (2, 0, 3, 0): "|presidents day|presidents' day",
    (5, 6, 2, 0): "母亲节|mother's day|mothers day|mothers' day",
    (5, 0, -1, 0): "|memorial day",
    (6, 6, 3, 0): "父亲节|father's day|fathers day|fathers' day",
    (10, 0, 2, 0): "|columbus day",
    (11, 3, 4, 0): "感恩节|thanksgiving day|thanksgiving",
    (11, 3, 4, 1): "黑色星期五 黑五|black friday",
    (11, 3, 4, 4): "|cyber monday",
}
#: Month, day, days added.
_LUNAR = {
    (1, 1, 0): "春节 大年初一 农历新年 过年 新春|chinese new year|spring festival|lunar new year",
    (
        1,
        1,
        -1,
    ): "除夕 大年三十 年三十 大年夜 除夕夜 年夜|chinese new year's eve|lunar new year's eve",
    (1, 15, 0): "元宵 元宵节 灯节|lantern festival",
    (2, 2, 0): "龙抬头|",
    (5, 5, 0): "端午 端午节|dragon boat festival|duanwu",
    (7, 7, 0): "七夕 七夕节|qixi|qixi festival",
    (7, 15, 0): "中元节|ghost festival",
    (8, 15, 0): "中秋 中秋节|mid-autumn festival|mid autumn festival|moon festival|mid-autumn day",
    (9, 9, 0): "重阳 重阳节|double ninth festival|chongyang",
    (12, 8, 0): "腊八 腊八节|",
    (12, 23, 0): "小年|",
}
_TERMS = {
    "清明": "清明 清明节|qingming|tomb sweeping day|tomb-sweeping day|qingming festival",
    "冬至": "冬至 冬至节|winter solstice",
    "夏至": "夏至|", "立春": "立春|", "立冬": "立冬|", "立秋": "立秋|", "立夏": "立夏|",
}  # fmt: skip
#: Days off behind the first of them.
_DAYS_OFF = {"元旦": 1, "春节": 7, "清明": 1, "五一": 5, "端午": 1, "中秋": 1, "国庆": 7, "十一": 7}


def _names(said: str) -> list[str]:
    chinese, *english = said.split("|")
    return [*chinese.split(), *filter(None, english)]


_BY_DATE = {name: key for key, said in _FIXED.items() for name in _names(said)}
_BY_WEEKDAY = {name: key for key, said in _WEEKDAYS.items() for name in _names(said)}
_BY_MOON = {name: key for key, said in _LUNAR.items() for name in _names(said)}
_BY_TERM = {name: key for key, said in _TERMS.items() for name in _names(said)}
#: Every name, longest first.
NAMES = tuple(sorted({*_BY_DATE, *_BY_WEEKDAY, *_BY_MOON, *_BY_TERM}, key=len, reverse=True))


def next_holiday(name: str, now: date) -> date | None:
    """The holiday's next date from `now` on; None beyond the lunar calendar."""
    if name in _BY_MOON:
        month, day, shift = _BY_MOON[name]
        found = next_lunar(now - timedelta(days=shift), month, day)
        return None if found is None else found + timedelta(days=shift)
    if name in _BY_TERM:
        return next_term(now, _BY_TERM[name])
    days = (holiday_in(name, year) for year in (now.year, now.year + 1))
    return next((day for day in days if day and day >= now), None)


def holiday_in(name: str, year: int) -> date | None:
    """The holiday of a year; lunar ones are counted to the year in which they fall."""
    if name in _BY_DATE:
        return date(year, *_BY_DATE[name])
    if name in _BY_WEEKDAY:
        month, weekday, nth, shift = _BY_WEEKDAY[name]
        found = nth_weekday(year, month, weekday, nth)
        return None if found is None else found + timedelta(days=shift)
    found = next_holiday(name, date(year, 1, 1))
    return found if found and found.year == year else None


def last_holiday(name: str, now: date) -> date | None:
    """The holiday's last date before `now`."""
    days = (holiday_in(name, year) for year in (now.year, now.year - 1))
    return next((day for day in days if day and day < now), None)


def first_day_back(name: str, day: date) -> date:
    """The first day behind a holiday's days off, as they usually fall."""
    off = next((n for key, n in _DAYS_OFF.items() if name.startswith(key)), 1)
    return day + timedelta(days=off)
