"""Mandarin numbers as they are spoken and written.

A number is a fraction, a run of digits read one by one, or a sum over 兆, 亿, 万 and within each
over 千, 百, 十. What stands alone behind 百 or more counts the next lower unit (八百二 is 820).
"""

from __future__ import annotations

import re

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "幺": 1, "两": 2}
_DIGITS |= {str(i): i for i in range(10)}
_DIGITS |= {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")}
_SMALL_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_BIG_UNITS = {"万": 10_000, "亿": 100_000_000, "兆": 1_000_000_000_000}
_SUFFIXES = {"k": 1000, "w": 10_000}
_UNITS = _SMALL_UNITS | _BIG_UNITS
_WAN = 10_000
_HUNDRED = 100

#: What a spoken number may consist of; for use in other patterns.
DIGIT = "零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖\\d"
_CHARACTER = "零〇一二两三四五六七八九幺壹贰叁肆伍陆柒捌玖"
_FRACTION = (
    rf"(?:[{DIGIT}十百]+又)?[{DIGIT}十百千]+分之(?:[{DIGIT}十百]+(?:点[{DIGIT}]+|\.\d+)?|百)"
)
_MANY = "[几多余来]"
_ATOM = (
    rf"(?:\d++(?:\.\d++)?|[{_CHARACTER}十拾百佰仟万亿兆]|千(?!克)"
    rf"|(?<=[十拾百佰千仟零\d]){_MANY}(?=[万亿兆]))"
)
NUMBER = (
    rf"(?:(?:负|(?<![\w)-])-)?(?:{_FRACTION}|(?<![\d/.])(?:\d{{1,4}} )?\d{{1,4}}/\d{{1,4}}(?![\d/])|\d++(?:\.\d++)?(?:[kKwW](?![A-Za-z0-9])|[eE]\d{{1,2}}(?!\d))"
    rf"|{_ATOM}+(?:点[{DIGIT}]+(?:(?:[十百万亿兆]|千(?!克))+)?)?))"
)
_WRITTEN = re.compile(r"(?:(?P<whole>\d+) )?(?P<above>\d+)/(?P<below>\d+)")
#: Two neighbours say that it is somewhere between them: no amount that could be written down.
_BETWEEN = "一两|一二|两三|二三|三四|三五|四五|五六|六七|七八|八九"
_ROUGH = re.compile(
    rf"(?:.*[十百千万亿])?(?:{_BETWEEN})[十百千万亿]*|[百千万][{_CHARACTER}][十百千]万?亿?"
)


def rough(text: str) -> bool:
    """Whether a number is said only roughly (七八百, 两三个, 百八十)."""
    return _ROUGH.fullmatch(text) is not None


def digits(text: str) -> str | None:
    """A sequence of spoken digits as written ones ("幺三八" is "138"); None for anything else."""
    found = [_DIGITS.get(character) for character in text]
    return "".join(map(str, found)) if found and None not in found else None


def number(text: str) -> float | None:
    """The value of a number said in full, in short (八百二 is 820) or digit by digit.

    A number with 几, 多, 余 or 来 before 万 is the least that it can be (二十几万 is 200000).
    None where the words make no number, for percentages, and below zero.
    """
    if text.startswith(("负", "-")):
        return None
    text = re.sub(rf"零?{_MANY}(?=[万亿兆])", "", text.replace(",", ""))
    if re.fullmatch(r"\d+(\.\d+)?([eE]\d{1,2})?", text):
        return float(text)
    written = _WRITTEN.fullmatch(text)
    if written:
        below = int(written["below"])
        return int(written["whole"] or 0) + int(written["above"]) / below if below else None
    if "分之" in text:
        return _fraction(text)
    if text[-1:].lower() in _SUFFIXES and re.fullmatch(r"\d+(?:\.\d+)?", text[:-1]):
        return round(float(text[:-1]) * _SUFFIXES[text[-1].lower()], 6)
    whole, point, fraction = text.partition("点")
    if point:
        return _with_fraction(whole, fraction)
    sequence = digits(text)
    return float(sequence) if sequence else _in_big_units(text)


def _fraction(text: str) -> float | None:
    """Three quarters (四分之三), alone or after a whole number and 又."""
    whole, _, rest = text.rpartition("又")
    below, _, above = rest.partition("分之")
    if below in {"百", "一百", "千", "100"}:
        return None
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


def _in_big_units(text: str) -> float | None:
    """Numbers with 万, 亿, 兆: what is before the largest counts in it, what follows is added."""
    at = max(
        (i for i, c in enumerate(text) if c in _BIG_UNITS),
        key=lambda i: (_BIG_UNITS[text[i]], i),
        default=None,
    )
    if at is None:
        return _section(text)
    unit, head, tail = _BIG_UNITS[text[at]], text[:at], text[at + 1 :]
    over = re.fullmatch(r"\d+\.\d+", head)
    left = float(head) if over else 1.0 if not head and tail else _in_big_units(head)
    if left is None or left == 0:
        return None
    if not tail:
        return round(left * unit, 6)
    if re.fullmatch(rf"[{DIGIT}]", tail):
        return left * unit + (_DIGITS[tail] * unit / 10 if _DIGITS[tail] else 0)
    right = _in_big_units(tail) if not over else None
    return None if right is None or right >= unit else left * unit + right


def _section(text: str) -> float | None:
    """Numbers below 万; in 5千4百 the digits are written."""
    total, current = 0.0, None
    last, lowest, after_zero = 1, _WAN, False
    for token in re.findall(r"\d+(?:\.\d+)?|\D", text):
        unit = _SMALL_UNITS.get(token)
        if unit is None:
            value = float(token) if token[0].isdecimal() else _DIGITS.get(token)
            if value is None or (current is not None and current != 0):
                return None
            after_zero = after_zero or value == 0
            current = value
            continue
        alone = not current and unit != _SMALL_UNITS["十"] and (total or len(text) == 1)
        if unit >= lowest or alone:
            return None
        total += (current or 1) * unit
        lowest = unit
        current, last, after_zero = None, unit, False
    if current and last >= _HUNDRED and not after_zero and current < len(_DIGITS):
        return total + current * last / 10
    return total + (current or 0)


def arabic(text: str) -> str:
    """Numbers before 号, 弄, 栋 and the like written in digits ("八十八号" is "88号")."""
    pattern = rf"({NUMBER})(?=[-到至之]|号|弄|栋|幢|座|楼|层|室|单元|库|门|区|期|房|组|村|队|道|环|支|米|公里|[A-Za-z]|$)"
    return re.sub(pattern, _written, text)


def _written(match: re.Match[str]) -> str:
    spoken = match[1]
    sequence = digits(spoken)
    if sequence is not None:
        return sequence
    value = _in_big_units(spoken)
    return spoken if value is None else f"{value:g}" if value < _WAN else str(int(value))
