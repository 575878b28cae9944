"""Finds a short amount by its sound where one was asked for: 西脱 is 七托, 六分半 is 六方半.

A recogniser has no context for an answer of two syllables, but the question gives it: a number and
one of few units. Values: `Quantity`, little sure, so that they are read back.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from nlp.components.quantities import PACKAGES, Quantity
from nlp.components.scene import Entity, Scene
from nlp.normalize.numbers_zh import NUMBER, number
from nlp.phonetics import HALF, NEAR, blurred, cost, split
from nlp.readings import syllables

_SHAPE = re.compile(
    r"(?:大概|差不多|一共|总共|有|是|约)?(?P<n>[^，？]{1,4}?)(?P<unit>[\u4e00-\u9fff])(?P<half>半)?"
)
_NUMBER = re.compile(NUMBER)
#: Units by what is asked for: their sound, and how much one is in the field's unit.
_UNITS: Mapping[str, Mapping[str, tuple[str, float]]] = {
    "weight": {"吨": ("dun", 1000.0), "斤": ("jin", 0.5), "磅": ("bang", 0.45359237)},
    "volume": {"方": ("fang", 1.0)},
    "pieces": {
        "托": ("tuo", 1.0),
        "箱": ("xiang", 1.0),
        "件": ("jian", 1.0),
        "桶": ("tong", 1.0),
        "袋": ("dai", 1.0),
        "卷": ("juan", 1.0),
    },
}
_NUMERALS = {
    "yi": "一",
    "liang": "两",
    "er": "二",
    "san": "三",
    "si": "四",
    "wu": "五",
    "liu": "六",
    "qi": "七",
    "ba": "八",
    "jiu": "九",
    "shi": "十",
    "bai": "百",
}
#: Digits side by side are a rough amount (两三吨), not twenty-three.
_ROUGH = re.compile("[一二两三四五六七八九]{2}")
#: What may end an answer in its own right.
_NO_UNIT = frozenset(
    "吧的了啊呢吗嘛哦多来几上下整左右号点块元毛角年月日天岁秒个只台些半百千万亿十零"
)
_SURE = 0.5


def find(scene: Scene) -> Iterator[Entity]:
    """The amount that the whole answer sounds like."""
    units = _UNITS.get(scene.slot)
    match = _SHAPE.fullmatch(scene.text)
    if units is None or match is None or not scene.free(0, len(scene.text)):
        return
    clear = _NUMBER.fullmatch(match["n"]) is not None
    said = match["n"] if clear else _numeral(match["n"])
    unit = None if match["unit"] in _NO_UNIT else _unit(match["unit"], units, clear=clear)
    amount = number(said) if said and not _ROUGH.search(said) else None
    if unit is None or amount is None:
        return
    amount = (amount + (0.5 if match["half"] else 0.0)) * units[unit][1]
    quantity = Quantity(amount, packaging=PACKAGES.get(unit))
    yield Entity(scene.slot, match.start("n"), match.end(), quantity, _SURE, repaired=True)


def _unit(heard: str, units: Mapping[str, tuple[str, float]], *, clear: bool) -> str | None:
    """The unit that sounds nearest, and nearer than the others."""
    sound = syllables(heard)[0]
    ranked = sorted((cost(sound, own), name) for name, (own, _) in units.items())
    apart, best = ranked[0]
    alike = split(blurred(sound))[0] == split(blurred(units[best][0]))[0]
    near = apart <= NEAR or (clear and alike and apart <= HALF)
    alone = len(ranked) == 1 or apart < ranked[1][0]
    return best if near and alone else None


def _numeral(heard: str) -> str | None:
    """The numerals that the characters sound like; None where one sounds like none or like two."""
    found = ""
    for sound in syllables(heard):
        ranked = sorted((cost(sound, own), numeral) for own, numeral in _NUMERALS.items())
        if ranked[0][0] > NEAR or ranked[0][0] == ranked[1][0]:
            return None
        found += ranked[0][1]
    return found
