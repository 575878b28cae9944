"""Mandarin numbers as they are spoken."""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2}
_DIGITS |= {str(i): i for i in range(10)}
_DIGITS |= {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_UNITS |= {"拾": 10, "佰": 100, "仟": 1000}
_WAN = 10_000
_HUNDRED = 100

#: What a spoken number may consist of; for use in other patterns.
DIGIT = "零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖\\d"
_FRACTION = rf"(?:[{DIGIT}十百]+又)?[{DIGIT}十百]+分之[{DIGIT}十百]+"
NUMBER = rf"(?:{_FRACTION}|\d+(?:\.\d+)?[千百]?[万亿千百]?(?:[{DIGIT}十百千]+(?:点[{DIGIT}]+)?)?|(?:[{DIGIT}十拾百佰仟万亿]|千(?!克))+(?:点[{DIGIT}]+[万亿千百]?)?)"


def digits(text: str) -> str | None:
    """A sequence of spoken digits as written ones ("幺三八" is "138"); None for anything else."""
    found = [_DIGITS.get(character) for character in text]
    return "".join(map(str, found)) if found and None not in found else None


def number(text: str) -> float | None:
    """The value of a number said in full, in short (八百二 is 820) or digit by digit.

    None where the words make no number.
    """
    text = text.replace(",", "")
    if re.fullmatch(r"\d+(\.\d+)?", text):
        return float(text)
    if "分之" in text:
        return _fraction(text)
    scaled = re.fullmatch(r"(.+?)([万亿])", text)
    whole, point, fraction = text.partition("点")
    if point:
        return _with_fraction(whole, fraction)
    if scaled and re.fullmatch(r"\d+\.\d+", scaled[1]):
        return float(scaled[1]) * _UNITS[scaled[2]]
    sequence = digits(text)
    return float(sequence) if sequence else _in_units(text)


def _fraction(text: str) -> float | None:
    """Three quarters (四分之三), alone or after a whole number and 又."""
    whole, _, rest = text.rpartition("又")
    below, _, above = rest.partition("分之")
    parts = number(whole) if whole else 0.0, number(above), number(below)
    if parts[0] is None or parts[1] is None or not parts[2]:
        return None
    return round(parts[0] + parts[1] / parts[2], 6)


def _with_fraction(whole: str, fraction: str) -> float | None:
    scale = 1
    while fraction and fraction[-1] in _UNITS:
        scale *= _UNITS[fraction[-1]]
        fraction = fraction[:-1]
    left, right = number(whole), digits(fraction)
    if left is None or right is None:
        return None
    return round(float(f"{int(left)}.{right}") * scale, 6)


def _in_units(text: str) -> float | None:
    """Numbers with 十百千万亿. A last digit after 百, 千, 万 counts the next lower unit."""
    total, section, current = 0.0, 0.0, None
    last, lowest, after_zero = 1, _WAN, False
    for token in re.findall(r"\d+(?:\.\d+)?|\D", text):
        unit = _UNITS.get(token)
        if unit is None:
            value = float(token) if token[0].isdecimal() else _DIGITS.get(token)
            if value is None or (current is not None and current != 0):
                return None
            after_zero = after_zero or value == 0
            current = value
            continue
        if unit >= _WAN:
            total += (section + (current or 0)) * unit
            if not total:
                return None
            section, lowest = 0.0, _WAN
        else:
            if unit >= lowest or (not current and unit != _UNITS["十"]):
                return None
            section += (current or 1) * unit
            lowest = unit
        current, last, after_zero = None, unit, False
    if current and last >= _HUNDRED and not after_zero:
        return total + section + current * last / 10
    return total + section + (current or 0)


def arabic(text: str) -> str:
    """Numbers before 号, 弄, 栋 and the like written in digits ("八十八号" is "88号")."""
    pattern = rf"({NUMBER})(?=[-到至之]|号|弄|栋|幢|座|楼|层|室|单元|库|门|区|期|房|组|村|队|道|环|支|米|公里|[A-Za-z]|$)"
    return re.sub(pattern, _written, text)


def _written(match: re.Match[str]) -> str:
    spoken = match[1]
    sequence = digits(spoken)
    if sequence is not None:
        return sequence
    value = _in_units(spoken)
    return spoken if value is None else f"{value:g}" if value < _WAN else str(int(value))
