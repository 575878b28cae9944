"""Finds weights, volumes, counts of pieces, money and lone numbers in lower-case English text.

Values: `Quantity`, as in Mandarin. Weights are kg, volumes m³, money CNY.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

from nlp.components.choices import plural
from nlp.components.quantities import Quantity, summed
from nlp.components.scene import Entity, Scene
from nlp.normalize.late import Late
from nlp.normalize.numbers_en import NUMBER, number
from nlp.normalize.units import LENGTH, VOLUME, WEIGHT, alternatives, tidy_amount

_W, _V, _L = alternatives(WEIGHT), alternatives(VOLUME), alternatives(LENGTH)
_PACK = (
    "wooden crate|wooden case|wooden box|wooden pallet|plastic drum|steel drum|cardboard box|"
    "jumbo bag|cylinder|bundle|pallet|carton|crate|drum|barrel|sack|bag|roll|box|case|skid|tote|bale|"
    "coil|tub|pail|bucket|can|keg"
)
_COUNT = "piece|pcs|package|unit|item|set|parcel|machine|pack"
_EACH_BEFORE = r"(?P<each>\b(?:each|every|per)(?: (?:\w+ )??(?:one|pallet|box|carton|drum|crate|bag|piece|package|case|roll|unit|barrel)s?)?(?: (?:one )?(?:is|weighs?|weighing|has|of|at|about|around))*\s+)?"
_EACH_AFTER = r"(?P<after>\s*(?:each|apiece|per \w+|a (?:piece|pallet|box|carton|drum|crate|bag|case|roll|barrel)))?"
_OF = r"(?:\s+of)?(?:\s+an?\b)?(?:\s*-)?\s*"
_WEIGHT = Late(
    rf"{_EACH_BEFORE}(?<![\w.])(?P<n>{NUMBER}|an?(?= (?:\w+ )?(?:{_W}))){_OF}(?P<unit>{_W})(?P<half>\s+and a half)?\b{_EACH_AFTER}"
)
_VOLUME = Late(
    rf"{_EACH_BEFORE}(?<![\w.])(?P<n>{NUMBER}|an?(?= (?:{_V}))){_OF}(?P<unit>{_V})(?P<half>\s+and a half)?(?!\w){_EACH_AFTER}"
)
_PIECES = Late(
    rf"\b(?P<n>{NUMBER})\s+(?:\w+ )??(?:(?P<pack>{_PACK})(?:e?s)?|(?P<count>{_COUNT})s?)\b"
)
#: Six feet two, as written.
_FEET = r"\d+(?:\.\d+)?'(?:\s*\d+(?:\.\d+)?(?:\"|'')?)?|\d+(?:\.\d+)?(?:\"|'')"
_SIDE = rf"(?:{_FEET}|(?:{NUMBER})(?:\s*(?:{_L})(?:\s+and a half)?)?)"
_WAY = r"(?:in )?(?:long|wide|high|tall|deep|length|width|height)"
_NAMED = r"(?:(?:the )?(?:length|width|height|depth|long|wide|high)(?: is| of|:)? )?"
_BY = rf"(?:\s*(?:by|x|×|\*|times)\s*|\s*{_WAY}[, ]*(?:by |and )*|[, ]+(?:and )?(?=(?:the )?(?:length|width|height|depth)\b))"
_DIMS = Late(
    rf"(?P<each>each (?:\w+ )?(?:is |measures )?)?{_NAMED}(?P<a>{_SIDE}){_BY}{_NAMED}(?P<b>{_SIDE}){_BY}{_NAMED}(?P<c>{_SIDE})\s*(?P<unit>{_L})?"
)
_CUBE = Late(
    rf"(?P<a>(?:{NUMBER})[\s-]*(?:{_L}))[\s-]+cubes?\b|(?P<b>(?:{NUMBER})[\s-]*(?:{_L})) (?:on (?:each|every) side|each way|all round)"
)
_CURRENCY = "yuan|rmb|cny|renminbi|kuai|¥"
_MONEY = Late(
    rf"(?:\b|(?=¥))(?P<before>(?:{_CURRENCY})\s*)?(?P<n>{NUMBER})(?P<scale>m\b|\s?mn\b)?(?:\s*(?P<after>{_CURRENCY})\b)?(?:\s+(?:and\s+)?(?P<tenths>\d0|(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety))\b(?!\s*\w))?"
)
_FOREIGN = Late(
    rf"(?:us|hk|au|ca)?[$€£]\s?(?:{NUMBER})|\b(?:usd|eur|gbp|hkd|jpy)\s?(?:{NUMBER})|\b(?:{NUMBER})\s*(?:us |american |hong kong |australian |canadian |singapore )?(?:dollars?|bucks?|euros?|pounds sterling|quid|yen|usd|eur|gbp|hkd|jpy|cents)\b"
)
_NUMBER = Late(rf"(?<![\w.])(?P<n>{NUMBER}|half(?! past)\b)(?P<scale>[mb]n?\b)?")
_SCALES = {"m": 1e6, "mn": 1e6, "b": 1e9, "bn": 1e9}
_LEAST_CM = 10
_INCHES = 12


def find(scene: Scene) -> Iterator[Entity]:
    """Volumes by sides, money, weights, volumes, pieces."""
    text = scene.text
    yield from _dimensions(text)
    for match in _FOREIGN.finditer(text):
        yield Entity("foreign_money", *match.span(), None)
    yield from summed(text, _amounts(text, _WEIGHT, WEIGHT, "weight"))
    yield from _amounts(text, _VOLUME, VOLUME, "volume")
    yield from _money(text)
    for match in _PIECES.finditer(text):
        count = number(match["n"])
        if count and count == int(count):
            packaging = plural(match["pack"]) if match["pack"] else None
            yield Entity("pieces", *match.span(), Quantity(count, packaging=packaging))


def find_numbers(scene: Scene) -> Iterator[Entity]:
    """Numbers that nothing else explains."""
    for match in _NUMBER.finditer(scene.text):
        value = number(match["n"])
        if value is not None:
            amount = value * _SCALES.get(match["scale"], 1)
            yield Entity("number", *match.span(), Quantity(amount))


def _money(text: str) -> Iterator[Entity]:
    for match in _MONEY.finditer(text):
        value = number(match["n"])
        if not value or not (match["before"] or match["after"]):
            continue
        value *= 1e6 if match["scale"] else 1
        cents = number(match["tenths"]) if match["tenths"] and match["after"] else None
        end = match.end() if cents else match.end("after") if match["after"] else match.end("n")
        end = max(end, match.end("scale"))
        yield Entity("money", match.start(), end, Quantity(value + (cents or 0) / 100))


def _dimensions(text: str) -> Iterator[Entity]:
    for match in _DIMS.finditer(text):
        common = match["unit"] or _common_unit(match["a"], match["b"], match["c"])
        sides = [_length(match[side], common) for side in "abc"]
        if all(sides):
            volume = Quantity(tidy_amount(prod(sides)), bool(match["each"]), sides=True)
            yield Entity("volume", *match.span(), volume)
    for match in _CUBE.finditer(text):
        side = _length(re.sub(r"-(?=[a-z]+$)", " ", match["a"] or match["b"]), "")
        if side:
            yield Entity("volume", *match.span(), Quantity(tidy_amount(side**3), sides=True))


def _amounts(text: str, pattern: Late, units: dict[str, float], kind: str) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        base = 1.0 if match["n"] in {"a", "an"} else number(match["n"])
        if base:
            half = 0.5 if match["half"] else 0
            value = tidy_amount((base + half) * units[match["unit"]])
            each = bool(match["each"] or match["after"])
            yield Entity(kind, *match.span(), Quantity(value, each))


def _common_unit(*sides: str) -> str:
    """The unit said only once, after the last side."""
    units = [re.search(rf"(?:(?<=\d)|\b)(?:{_L})$", side) for side in sides]
    last = units[-1]
    return last[0] if last and not any(units[:-1]) else ""


def _length(said: str, unit: str) -> float:
    """Metres; a number without any unit is in cm from 10 on."""
    if re.fullmatch(_FEET, said):
        feet, _, inches = said.replace("''", '"').rstrip('"').rpartition("'")
        return (float(feet or 0) * _INCHES + float(inches or 0)) * LENGTH["inch"]
    parts = re.fullmatch(rf"(?P<n>{NUMBER})(?:\s*(?P<unit>{_L})(?P<half>\s+and a half)?)?", said)
    value = number(parts["n"]) if parts else None
    if parts is None or not value:
        return 0.0
    value += 0.5 if parts["half"] else 0
    own = parts["unit"] or unit
    return value * LENGTH[own] if own else value / 100 if value >= _LEAST_CM else value
