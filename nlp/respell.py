"""Respells the words of every order where a recogniser took others of the same sound.

下午 heard as 夏午 becomes 下午 again, so that every rule after it sees the word that was meant.
Lengths never change, so places in the text stay true.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from nlp.gazetteer.areas import names
from nlp.gazetteer.goods import goods
from nlp.phonetics import SoundIndex, syllables
from nlp.roadwords import road_words

_NUMERALS = frozenset("零〇一二两三四五六七八九幺十百千万佰仟拾0123456789")
_BY_SOUND = dict(
    zip(
        ("ling", "yao", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu", "bai", "qian", "wan"),
        "零幺二三四五六七八九百千万",
        strict=True,
    )
)
#: Words that stand between numbers in their own right.
_NOT_ONE = frozenset("是时事到至点要前又把")
_LONG = 3
_EXACT, _NEAR = 0.0, 0.12


@dataclass(frozen=True, slots=True)
class Respelled:
    """The text, and which of its characters were changed."""

    text: str
    changed: frozenset[int]


def respell(text: str) -> Respelled:
    """The text with common words respelled; known words stay as they are."""
    index = _index()
    roads = road_words(text)
    turned = {i for i, (a, b) in enumerate(zip(text, roads, strict=True)) if a != b}
    text = roads
    sounds = syllables(text)
    kept = _known_places(text) | {i for i, c in enumerate(text) if c in _NUMERALS}
    written, changed = list(text), turned
    position = 0
    while position < len(text):
        step = 1
        for match in index.at(sounds, position, _NEAR):
            span = range(match.start, match.end)
            heard = text[match.start : match.end]
            exact = match.distance <= _EXACT
            if heard == match.entry:
                step = len(span)
                break
            if (exact or len(span) >= _LONG) and not kept.intersection(span):
                written[match.start : match.end] = match.entry
                changed.update(i for i in span if text[i] != written[i])
                step = len(span)
                break
        position += step
    changed |= _respell_numerals(written, sounds)
    return Respelled("".join(written), frozenset(changed))


def _respell_numerals(written: list[str], sounds: tuple[str, ...]) -> set[int]:
    """Numerals heard as something else between two numerals (幺散八 is 幺三八); what changed."""
    changed = set[int]()
    for i in range(1, len(written) - 1):
        numeral = _BY_SOUND.get(sounds[i])
        between = written[i - 1] in _NUMERALS and written[i + 1] in _NUMERALS
        if numeral and between and written[i] not in _NUMERALS and written[i] not in _NOT_ONE:
            written[i] = numeral
            changed.add(i)
    return changed


def _known_places(text: str) -> set[int]:
    """Characters that belong to a word that makes sense as it stands."""
    longest = 6
    tables = (_words(), goods("zh"), names().official, names().short)
    kept: set[int] = set()
    for start in range(len(text)):
        for end in range(min(len(text), start + longest), start + 1, -1):
            if any(text[start:end] in table for table in tables):
                kept.update(range(start, end))
                break
    return kept


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    text = files("nlp.gazetteer").joinpath("common.txt").read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if line[0] != "#" for w in line.split())


@lru_cache(maxsize=1)
def _index() -> SoundIndex[str]:
    return SoundIndex(((word, word) for word in sorted(_words())), loose_from=9)
