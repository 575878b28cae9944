"""Phrases that can answer a slot, for recognisers that can be bound to them (pure).

Words are separated by spaces, as the models' vocabularies have them.
"""

from __future__ import annotations

from collections.abc import Mapping

from models.call import Lang
from nlp.meaning import Expectation

_YES_NO: Mapping[Lang, tuple[str, ...]] = {
    "zh": (
        "是", "是 的", "对", "对 的", "对 对", "没错", "没有 错", "好", "好 的", "可以", "行",
        "确认", "嗯", "不", "不是", "不 对", "不 是", "错 了", "没有", "有", "不用", "不行",
    ),
    "en": (
        "yes", "yes please", "yeah", "yep", "correct", "that's right", "right", "okay", "sure",
        "confirmed", "no", "nope", "wrong", "not right", "that's wrong", "incorrect", "no thanks",
    ),
}  # fmt: skip

_DIGITS: Mapping[Lang, tuple[str, ...]] = {
    "zh": tuple("零一幺二两三四五六七八九十百千万半点"),
    "en": (
        "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
        "eighteen", "nineteen", "twenty", "thirty", "forty", "fifty", "sixty", "seventy",
        "eighty", "ninety", "hundred", "thousand", "double", "triple", "point", "and", "a half",
    ),
}  # fmt: skip

_UNITS: Mapping[str, Mapping[Lang, tuple[str, ...]]] = {
    "pieces": {
        "zh": (*"件箱托桶袋个包卷", "托盘"),
        "en": ("pieces", "boxes", "cartons", "pallets", "drums", "bags", "crates", "rolls"),
    },
    "weight_kg": {
        "zh": ("公斤", "斤", "吨", "千克", "磅"),
        "en": ("kilos", "kilograms", "kilogram", "tons", "tonnes", "pounds"),
    },
    "volume_m3": {
        "zh": ("立方", "立方米", "方"),
        "en": ("cubic meters", "cubic metres", "cubes"),
    },
}

_PHONES = ("consignor.phone", "consignee.phone", "contact.phone", "phone", "sms_phone")


def grammar(expectation: Expectation) -> tuple[str, ...]:
    """The phrases, empty where anything may be said."""
    slot, lang = expectation.slot, expectation.lang
    if slot == "yes_no":
        return _YES_NO[lang]
    if slot in _PHONES:
        return _DIGITS[lang]
    if slot is not None and slot in _UNITS:
        return _DIGITS[lang] + _UNITS[slot][lang]
    return ()
