"""Mandarin: what is said for written numbers, units and letters (pure)."""

from __future__ import annotations

import re

from nlp.verbalize.cardinals import LIMIT, zh_cardinal
from nlp.verbalize.written import (
    CLOCK,
    CODE,
    DATE,
    NUMBER,
    PHONE,
    Rule,
    fours,
    phone_groups,
    plain,
    rewrite,
    tidy,
)

_ONE_BY_ONE = str.maketrans("0123456789", "零幺二三四五六七八九")
_IN_YEARS = str.maketrans("0123456789", "零一二三四五六七八九")
_LONG = 3

UNITS = {
    "kgs": "公斤", "kg": "公斤", "g": "克", "mg": "毫克", "t": "吨", "lbs": "磅", "lb": "磅",
    "m3": "立方米", "cbm": "立方米", "m2": "平方米", "cm": "厘米", "mm": "毫米", "km": "公里",
    "m": "米", "l": "升", "ml": "毫升", "mah": "毫安时", "wh": "瓦时", "kwh": "千瓦时",
    "kw": "千瓦", "w": "瓦", "v": "伏", "°c": "摄氏度", "°": "度", "pcs": "件", "h": "小时",
    "min": "分钟", "cny": "元", "rmb": "元", "usd": "美元", "%": "%", "‰": "‰",
}  # fmt: skip
_UNIT = rf"(?:{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})(?![A-Za-z0-9])"
_MEASURE = (
    "(?:[件箱托盘包袋桶卷台套个只支瓶罐捆票批车公吨千克斤磅米厘毫立升元块万亿天秒位名人倍种条张份页摄度"
    "瓦伏]|平方|美元|小时|分钟|年(?!级)|点|单(?!元)|次)"
)
_ID = "(?:[单尾编账号工票](?:号|码)|合同号|运单|验证码|分机|密码|代码)"


def speak(text: str) -> str:
    """Written Mandarin as words. See `nlp.verbalize.verbalize`."""
    return tidy(rewrite(plain(text), _RULES), "，。")


def _groups(groups: list[str]) -> str:
    return "，".join(group.translate(_ONE_BY_ONE) for group in groups)


def _long(digits: str) -> str:
    return _groups(fours(digits))


def _name_digits(digits: str) -> str:
    """The digits of a name such as B2 or CA981: 幺 stands for 1 from three digits on."""
    return _long(digits) if len(digits) >= _LONG else digits.translate(_IN_YEARS)


def _amount(number: str) -> str:
    return zh_cardinal(number) if float(number) < LIMIT else _long(number.replace(".", ""))


def _counted(number: str) -> str:
    """A number before a measure word: 2 is 两 there."""
    return "两" if number == "2" else _amount(number)


def _date(found: re.Match[str]) -> str:
    year, _, month, day = found.groups()
    return f"{year.translate(_IN_YEARS)}年{_amount(month)}月{_amount(day)}号"


def _clock(found: re.Match[str]) -> str:
    hour, minute = found[1], found[2]
    whole = f"{_counted(str(int(hour)))}点"
    if int(minute) == 0:
        return whole
    if minute == "30":
        return whole + "半"
    return f"{whole}{'零' if minute[0] == '0' else ''}{_amount(minute)}分"


def _money(found: re.Match[str]) -> str:
    name = "美元" if found[1] in ("$", "USD") else "元"
    return _counted(re.sub(r"\.0+$", "", found[2])) + (found[3] or "") + name


def _measured(found: re.Match[str]) -> str:
    number, unit = found[1], UNITS[found[2].lower()]
    if unit in "%‰":
        return ("百分之" if unit == "%" else "千分之") + _amount(number)
    return _counted(number) + unit


def _spelled(found: re.Match[str]) -> str:
    parts = re.findall(r"[A-Za-z]|\d+|-", found[0])
    spoken = (_name_digits(p) if p.isdigit() else "，" if p == "-" else p.upper() for p in parts)
    return " ".join(spoken).replace(" ， ", "，")


def _parted(found: re.Match[str]) -> str:
    return "杠".join(_name_digits(part) for part in found[0].split("-"))


_RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern, re.ASCII), say)
    for pattern, say in (
        # "是八百六十" is heard as 一千八百六十 without a pause; "不是" must stay whole.
        (r"(?<!不)是\s*(?=[¥$+]?\d)", lambda m: "是，"),
        (PHONE.pattern, lambda m: _groups(phone_groups(m[0]))),
        (rf"({_ID}[是为：:，\s]*)(\d+)", lambda m: m[1] + _long(m[2])),
        (DATE.pattern, _date),
        (r"(\d{4})年", lambda m: m[1].translate(_IN_YEARS) + "年"),
        (r"(\d+)月(\d+)[日号]", lambda m: f"{_amount(m[1])}月{_amount(m[2])}号"),
        (r"(?<=[:\d日号月点分])\s*~\s*(?=\d)", lambda m: "到"),
        (r"(?<=:\d\d)\s*[-–—]\s*(?=\d?\d:\d\d)", lambda m: "到"),
        (CLOCK.pattern, _clock),
        (r"(?<!\d)(\d\d?)点([0-5]\d)分?", _clock),
        (rf"(?<=[日号月点])\s*[-–—]\s*(?={NUMBER}[日号月点])", lambda m: "到"),
        (
            rf"(?<![\d-])({NUMBER})\s*[-–—]\s*(?={NUMBER}\s*(?:(?i:{_UNIT})|{_MEASURE}|[号月日楼层]))",
            lambda m: m[1] + "到",
        ),
        (rf"([¥$]|USD|CNY|RMB)\s?({NUMBER})([万亿])?元?", _money),
        (rf"(?<![\w)）-])-(?={NUMBER})", lambda m: "负"),
        (rf"({NUMBER})\s?((?i:{_UNIT}))", _measured),
        (r"(?<![\d.])(\d+)/(\d+)(?![\d/])", lambda m: f"{_amount(m[2])}分之{_amount(m[1])}"),
        (
            CODE,
            _spelled,
        ),
        (r"\d+(?:-\d+)+", _parted),
        (r"\d{3,}(?=室|房|国道|省道|县道)|\d{4,}(?=[号弄])|\b0\d+", lambda m: _name_digits(m[0])),
        (rf"(?<![第\d.])({NUMBER})(?=(?:[到至]{NUMBER})?\s?{_MEASURE})", lambda m: _counted(m[1])),
        (r"(?<![\d.])\d{5,}(?![\d.])", lambda m: _long(m[0])),
        (NUMBER, lambda m: _amount(m[0])),
        (r"(?<=[\u4e00-\u9fff])\.(?=[零一二三四五六七八九十])", lambda m: "点"),
        (rf"(?:(?<=每)|/)((?i:{_UNIT}))", lambda m: "每" * (m[0][0] == "/") + UNITS[m[1].lower()]),
        (r"(?<=[元斤吨米件箱])\s?/\s?", lambda m: "每"),
        (r"[A-Z]{2,}", lambda m: " ".join(m[0])),
        (r"[×*]", lambda m: "乘"),
        (r"\+", lambda m: "加"),
        (r"=", lambda m: "等于"),
        (r"&", lambda m: "和"),
        (r"#", lambda m: "号"),
        (r"[~]", lambda m: "到"),
    )
)
