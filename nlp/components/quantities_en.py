"""Finds amounts in lower-case English text. Values: `Quantity`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

from nlp.components.choices import plural
from nlp.components.quantities import Quantity, summed
from nlp.components.scene import Entity, Scene
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
_WEIGHT = re.compile(
    rf"{_EACH_BEFORE}\b(?P<n>{NUMBER}|an?(?= (?:\w+ )?(?:{_W})))(?:\s+of)?(?:\s+an?)?(?:\s*-)?\s*(?P<unit>{_W})(?P<half>\s+and a half)?\b{_EACH_AFTER}"
)
_VOLUME = re.compile(
    rf"{_EACH_BEFORE}\b(?P<n>{NUMBER}|an?(?= (?:{_V})))(?:\s+of)?(?:\s+an?)?\s*(?P<unit>{_V})(?P<half>\s+and a half)?\b{_EACH_AFTER}"
)
_PIECES = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?:\w+ )??(?:(?P<pack>{_PACK})(?:e?s)?|(?P<count>{_COUNT})s?)\b"
)
_SIDE = rf"(?:{NUMBER})(?:\s*(?:{_L}))?"
_WAY = r"(?:in )?(?:long|wide|high|tall|deep|length|width|height)"
_BY = rf"(?:\s*(?:by|x|×|\*|times)\s*|\s*{_WAY}[, ]*(?:by |and )*)"
_DIMS = re.compile(
    rf"(?P<each>each (?:\w+ )?(?:is |measures )?)?(?P<a>{_SIDE}){_BY}(?P<b>{_SIDE}){_BY}(?P<c>{_SIDE})\s*(?P<unit>{_L})?"
)
_MONEY = re.compile(
    rf"\b(?P<n>{NUMBER})\s*(?:yuan|rmb|cny|renminbi|kuai)\b|(?:rmb|cny|¥)\s*(?P<m>\d[\d.]*)"
)
_NUMBER = re.compile(rf"\b{NUMBER}")


def find(scene: Scene) -> Iterator[Entity]:
    """Volumes by sides, weights, volumes, money, pieces."""
    text = scene.text
    for match in _DIMS.finditer(text):
        common = match["unit"] or _common_unit(match["a"], match["b"], match["c"])
        sides = [_length(match[side], common) for side in "abc"]
        if all(sides):
            yield Entity(
                "volume",
                *match.span(),
                Quantity(tidy_amount(prod(sides)), bool(match["each"]), sides=True),
            )
    yield from summed(text, _amounts(text, _WEIGHT, WEIGHT, "weight"))
    yield from _amounts(text, _VOLUME, VOLUME, "volume")
    for match in _MONEY.finditer(text):
        money = number(match["n"] or match["m"])
        if money:
            yield Entity("money", *match.span(), Quantity(money))
    for match in _PIECES.finditer(text):
        count = number(match["n"])
        if count and count == int(count):
            packaging = plural(match["pack"]) if match["pack"] else None
            yield Entity("pieces", *match.span(), Quantity(count, packaging=packaging))


def _amounts(
    text: str, pattern: re.Pattern[str], units: dict[str, float], kind: str
) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        base = 1.0 if match["n"] in {"a", "an"} else number(match["n"])
        if base:
            half = 0.5 if match["half"] else 0
            value = tidy_amount((base + half) * units[match["unit"]])
            each = bool(match["each"] or match["after"])
            yield Entity(kind, *match.span(), Quantity(value, each))


def find_numbers(scene: Scene) -> Iterator[Entity]:
    """Numbers that nothing else explains."""
    for match in _NUMBER.finditer(scene.text):
        value = number(match.group())
        if value is not None:
            yield Entity("number", *match.span(), Quantity(value))


def _common_unit(*sides: str) -> str:
    """The unit said only once, after the last side."""
    units = [re.search(rf"\b(?:{_L})$", side) for side in sides]
    last = units[-1]
    return last[0] if last and not any(units[:-1]) else ""


def _length(said: str, unit: str) -> float:
    parts = re.fullmatch(rf"({NUMBER})(?:\s*({_L}))?", said)
    value = number(parts[1]) if parts else None
    if parts is None or not value:
        return 0.0
    own = parts[2] or unit
    return value * LENGTH[own] if own else value / 100 if value >= 10 else value
