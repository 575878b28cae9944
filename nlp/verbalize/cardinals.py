"""Whole numbers and decimals in words (pure).

Our own, small and tested over the whole range: the libraries at hand cost seconds to load,
carry a licence that does not fit, or give written forms (二千) that people do not say.
"""

from __future__ import annotations

import re

_ZH_DIGITS = "零一二三四五六七八九"
_ZH_PLACES = ("", "十", "百", "千")
_ZH_GROUPS = ("", "万", "亿")
# fmt: off
_EN_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)
_EN_TENS = (
    "zero", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety",
)
# fmt: on
_EN_GROUPS = ((10**9, "billion"), (10**6, "million"), (1000, "thousand"), (100, "hundred"))
_EN_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_TWENTY = 20

#: From here on a number is no longer said as an amount.
LIMIT = 10**12


def zh_cardinal(number: str) -> str:
    """A number such as `10005` or `320.5` as said: 一万零五, 三百二十点五, 两千, 十二.

    Raises:
        ValueError: not a plain number below `LIMIT`.
    """
    whole, _, fraction = number.partition(".")
    tail = "点" + "".join(_ZH_DIGITS[int(d)] for d in fraction) if fraction else ""
    return _zh_whole(_checked(whole)) + tail


def _zh_whole(number: int) -> str:
    digits = f"{number:012d}"
    words = "".join(
        _zh_group(digits[i : i + 4]) + name * (digits[i : i + 4] != "0000")
        for i, name in zip((0, 4, 8), reversed(_ZH_GROUPS), strict=True)
    )
    words = re.sub(r"零+", "零", words)
    words = re.sub(r"零(?=[万亿]|$)", "", words).lstrip("零")
    words = re.sub(r"^一十", "十", words)
    return re.sub(r"^二(?=[百千万亿])", "两", words) or "零"


def _zh_group(digits: str) -> str:
    return "".join(
        _ZH_DIGITS[int(d)] + (place if d != "0" else "")
        for d, place in zip(digits, reversed(_ZH_PLACES), strict=True)
    )


def en_cardinal(number: str) -> str:
    """A number such as `1288` or `320.5` as said: three hundred twenty point five.

    Raises:
        ValueError: not a plain number below `LIMIT`.
    """
    whole, _, fraction = number.partition(".")
    tail = " point " + " ".join(_EN_ONES[int(d)] for d in fraction) if fraction else ""
    return _en_whole(_checked(whole)) + tail


def _en_whole(number: int) -> str:
    for size, name in _EN_GROUPS:
        if number >= size:
            high, low = divmod(number, size)
            return f"{_en_whole(high)} {name}" + (f" {_en_whole(low)}" if low else "")
    if number < _TWENTY:
        return _EN_ONES[number]
    tens, ones = divmod(number, 10)
    return _EN_TENS[tens] + (f"-{_EN_ONES[ones]}" if ones else "")


def en_ordinal(number: str) -> str:
    """A whole number as an ordinal: 25 is twenty-fifth.

    Raises:
        ValueError: not a plain whole number below `LIMIT`.
    """
    return re.sub(r"[a-z]+$", _ordinal_word, _en_whole(_checked(number)))


def _ordinal_word(found: re.Match[str]) -> str:
    last = found[0]
    return _EN_ORDINALS.get(last) or re.sub("y$", "ie", last) + "th"


def _checked(whole: str) -> int:
    number = int(whole)
    if not 0 <= number < LIMIT:
        raise ValueError(f"{whole} is too large to be said as an amount.")
    return number
