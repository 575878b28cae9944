"""Holidays that callers name. Lunar ones by table: the Hong Kong Observatory's calendar."""

from __future__ import annotations

from datetime import date, timedelta

_FIXED = {
    "元旦": (1, 1), "new year's day": (1, 1), "new year": (1, 1), "妇女节": (3, 8),
    "五一": (5, 1), "劳动节": (5, 1), "labour day": (5, 1), "labor day": (5, 1),
    "may day": (5, 1), "六一": (6, 1), "儿童节": (6, 1), "国庆": (10, 1), "国庆节": (10, 1),
    "十一": (10, 1), "national day": (10, 1), "双十一": (11, 11), "双十二": (12, 12),
    "new year's eve": (12, 31), "跨年": (12, 31), "halloween": (10, 31), "万圣节": (10, 31),
    "valentine's day": (2, 14), "植树节": (3, 12), "青年节": (5, 4), "建军节": (8, 1), "光棍节": (11, 11),
    "圣诞": (12, 25), "圣诞节": (12, 25), "christmas": (12, 25), "christmas day": (12, 25),
    "christmas eve": (12, 24), "平安夜": (12, 24), "情人节": (2, 14), "教师节": (9, 10),
}  # fmt: skip
_LUNAR = {
    "春节": ("02-17", "02-06", "01-26", "02-13", "02-03"),
    "清明": ("04-05", "04-05", "04-04", "04-04", "04-05"),
    "端午": ("06-19", "06-09", "05-28", "06-16", "06-05"),
    "中秋": ("09-25", "09-15", "10-03", "09-22", "09-12"),
    "元宵": ("03-03", "02-20", "02-09", "02-27", "02-17"),
}
_FIRST_YEAR = 2026
_ALIASES = {
    "春节": "春节", "大年初一": "春节", "过年": "春节", "chinese new year": "春节",
    "spring festival": "春节", "清明": "清明", "清明节": "清明", "qingming": "清明",
    "tomb sweeping day": "清明", "端午": "端午", "端午节": "端午", "dragon boat festival": "端午",
    "中秋": "中秋", "中秋节": "中秋", "mid-autumn festival": "中秋", "元宵": "元宵",
    "元宵节": "元宵", "lantern festival": "元宵", "除夕": "除夕", "小年": "小年",
}  # fmt: skip
_THANKSGIVING = ("感恩节", "thanksgiving day", "thanksgiving")
#: Every name, longest first.
NAMES = tuple(sorted({*_FIXED, *_ALIASES, *_THANKSGIVING}, key=len, reverse=True))


def next_holiday(name: str, now: date) -> date | None:
    """The holiday's next date from `now` on; None for a lunar one beyond the table."""
    if name in _FIXED:
        month, day = _FIXED[name]
        found = date(now.year, month, day)
        return found if found >= now else date(now.year + 1, month, day)
    if name in _THANKSGIVING:
        return next(d for d in map(_thanksgiving, (now.year, now.year + 1)) if d >= now)
    lunar = _ALIASES.get(name)
    if lunar == "除夕":
        return _lunar("春节", now, timedelta(days=-1))
    if lunar == "小年":
        return _lunar("春节", now, timedelta(days=-7))
    return _lunar(lunar, now, timedelta()) if lunar else None


def _thanksgiving(year: int) -> date:
    """The fourth Thursday of November."""
    first = date(year, 11, 1)
    return first + timedelta(days=(3 - first.weekday()) % 7 + 21)


def _lunar(name: str, now: date, shift: timedelta) -> date | None:
    for year, text in enumerate(_LUNAR[name], start=_FIRST_YEAR):
        found = date.fromisoformat(f"{year}-{text}") + shift
        if found >= now:
            return found
    return None
