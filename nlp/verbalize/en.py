"""English: what is said for written numbers, units and letters (pure)."""

from __future__ import annotations

import re

from nlp.verbalize.cardinals import LIMIT, en_cardinal, en_ordinal
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

# fmt: off
_DIGIT_WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)
# fmt: on
_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_NOON = 12

#: Sign to one and many.
UNITS = {
    "kgs": ("kilogram", "kilograms"), "kg": ("kilogram", "kilograms"), "g": ("gram", "grams"),
    "t": ("ton", "tons"), "lbs": ("pound", "pounds"), "lb": ("pound", "pounds"),
    "m3": ("cubic meter", "cubic meters"), "cbm": ("cubic meter", "cubic meters"),
    "m2": ("square meter", "square meters"), "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"), "km": ("kilometer", "kilometers"),
    "m": ("meter", "meters"), "l": ("liter", "liters"), "ml": ("milliliter", "milliliters"),
    "mah": ("milliamp hour", "milliamp hours"), "wh": ("watt hour", "watt hours"),
    "kwh": ("kilowatt hour", "kilowatt hours"), "kw": ("kilowatt", "kilowatts"),
    "w": ("watt", "watts"), "v": ("volt", "volts"), "pcs": ("piece", "pieces"),
    "h": ("hour", "hours"), "min": ("minute", "minutes"), "cny": ("yuan", "yuan"),
    "rmb": ("yuan", "yuan"), "usd": ("dollar", "dollars"), "%": ("percent", "percent"),
    "°c": ("degree Celsius", "degrees Celsius"), "°": ("degree", "degrees"),
}  # fmt: skip
_UNIT = rf"(?:{'|'.join(map(re.escape, sorted(UNITS, key=len, reverse=True)))})(?![A-Za-z0-9])"
_NOUN = (
    r"(?:pieces?|boxe?s?|cartons?|pallets?|drums?|bags?|rolls?|crates?|units?|items?|sets?|tons?"
    r"|tonnes?|kilos?|kilograms?|pounds?|meters?|metres?|cubic|square|liters?|litres?|dollars?"
    r"|yuan|percent|million|billion|thousand|hours?|minutes?|days?)\b"
)
_ID = (
    r"(?:(?:order|tracking|account|contract|phone|mobile|reference|extension|code|ending)"
    r"(?: number| no\.?)?|number)"
)
_STREET = r"(?=\s(?:[A-Z][\w'-]*\s){1,3}(?:Road|Rd|Street|St|Avenue|Ave|Lane|Highway|Boulevard)\b)"


def speak(text: str) -> str:
    """Written English as words. See `nlp.verbalize.verbalize`."""
    return tidy(rewrite(plain(text), _RULES), ",.")


def _groups(groups: list[str]) -> str:
    return ", ".join(" ".join(_DIGIT_WORDS[int(d)] for d in group) for group in groups)


def _long(digits: str) -> str:
    return _groups(fours(digits))


def _amount(number: str) -> str:
    return en_cardinal(number) if float(number) < LIMIT else _long(number.replace(".", ""))


def _year(year: str) -> str:
    """2026 is twenty twenty-six; years that end in 00 to 09 go as amounts."""
    if year[2] == "0":
        return _amount(year)
    return f"{_amount(year[:2])} {_amount(year[2:])}"


def _date(found: re.Match[str]) -> str:
    year, _, month, day = found.groups()
    return f"{_MONTHS[int(month) - 1]} {en_ordinal(day)}, {_year(year)} "


def _month(name: str) -> str:
    return next(month for month in _MONTHS if month.startswith(name[:3]))


def _clock(found: re.Match[str]) -> str:
    hour, minute = int(found[1]) % 24, found[2]
    if minute == "00" and hour in (0, _NOON):
        return "noon" if hour else "midnight"
    minutes = "" if minute == "00" else f" {'oh ' if minute[0] == '0' else ''}{_amount(minute)}"
    return f"{_amount(str(hour % _NOON or _NOON))}{minutes} {'a.m.' if hour < _NOON else 'p.m.'}"


def _unit(number: str, sign: str) -> str:
    one, many = UNITS[sign.lower()]
    return one if number == "1" else many


def _money(found: re.Match[str]) -> str:
    number = re.sub(r"\.0+$", "", found[2])
    return f"{_amount(number)} {_unit(number, 'usd' if found[1] in ('$', 'USD') else 'cny')}"


def _spelled(found: re.Match[str]) -> str:
    parts = re.findall(r"[A-Za-z]|\d+|-", found[0])
    return " ".join(_long(p) if p.isdigit() else "," if p == "-" else p.upper() for p in parts)


_RULES: tuple[Rule, ...] = tuple(
    (re.compile(pattern, re.ASCII), say)
    for pattern, say in (
        (PHONE.pattern, lambda m: _groups(phone_groups(m[0]))),
        (rf"(?i:\b({_ID}(?: is)?[:,]?\s))(\d+)\b(?!\.\d)", lambda m: m[1] + _long(m[2])),
        (DATE.pattern, _date),
        (
            rf"\b({_MONTH})\.? (\d\d?)(?:st|nd|rd|th)?\b(?![:.]\d)",
            lambda m: f"{_month(m[1])} {en_ordinal(m[2])}",
        ),
        (r"(?<=:\d\d)\s*[-–—~]\s*(?=\d?\d:\d\d)", lambda m: " to "),
        (rf"(\d)\s*[-–—~]\s*(?={NUMBER}\s*(?:(?i:{_UNIT})|{_NOUN}))", lambda m: f"{m[1]} to "),
        (CLOCK.pattern + r"(?:\s?(?i:[ap]\.?m\b\.?))?", _clock),
        (r"\b(\d+)(?:st|nd|rd|th)\b", lambda m: en_ordinal(m[1])),
        (rf"([¥$]|USD|CNY|RMB)\s?({NUMBER})", _money),
        (rf"(?<![\w)-])-(?={NUMBER})", lambda m: "minus "),
        (rf"({NUMBER})\s?((?i:{_UNIT}))", lambda m: f"{_amount(m[1])} {_unit(m[1], m[2])}"),
        (
            CODE,
            _spelled,
        ),
        (
            rf"\b\d{{4,}}{_STREET}|\b0\d+|(?i:(?<=room ))\d{{3,}}",
            lambda m: _long(m[0]),
        ),
        (rf"({NUMBER})(?=\s{_NOUN})", lambda m: _amount(m[0])),
        (r"(?<![\d.])\d{5,}(?![\d.])", lambda m: _long(m[0])),
        (r"(?<=\d)[-/](?=\d)", lambda m: " dash " if m[0] == "-" else " over "),
        (NUMBER, lambda m: _amount(m[0])),
        (rf"/((?i:{_UNIT}))", lambda m: f" per {UNITS[m[1].lower()][0]}"),
        (r"\bNo\.(?=\s)", lambda m: "number"),
        (r"\b[A-Z]{2,}\b", lambda m: " ".join(m[0])),
        (r"[×*]", lambda m: " by "),
        (r"\+", lambda m: " plus "),
        (r"=", lambda m: " equals "),
        (r"&", lambda m: " and "),
        (r"#", lambda m: " number "),
        (r"@", lambda m: " at "),
    )
)
