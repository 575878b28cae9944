"""Street names as English speakers say them: the lists of `nlp.gazetteer.streets` in Pinyin."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz, process
from rapidfuzz.distance import Levenshtein

from nlp.pinyin import syllables_of
from nlp.romanised import apart, romanised, sounded

#: Chance that a name is written so that it sounds as it does, and how fast it falls with
#: distance.
_FAITHFUL, _FALL = 0.5, 2.5
#: Nearest names by shared sounds; these alone are weighed.
_NEAREST = 60
#: Letters whose English names sound alike.
_ALIKE = ("bcdegptvz", "fsx", "ajhk", "gj", "mn", "iy", "quw", "lor")
#: Chances that a letter is taken for one that sounds alike, and for any other or none.
_CONFUSED, _MISSED = 0.05, 0.005


class RomanisedNames:
    """Names in Pinyin with their chances.

    Args:
        counts: names in characters, by how many places bear each.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._chances = _chances(counts)
        self._sounds = {name: sounded(name) for name in self._chances}

    def faithful(self, name: str) -> float:
        """The chance that a name is written as it is."""
        return _FAITHFUL

    def holds(self, name: str) -> bool:
        """Never: which characters are meant by Pinyin, its letters do not tell."""
        return False

    def near(self, heard: str) -> Iterator[tuple[str, float]]:
        """The nearest names, with the joint chance of the name and of hearing it so."""
        sounds = sounded(heard)
        nearest = process.extract(sounds, self._sounds, scorer=fuzz.ratio, limit=_NEAREST)
        for own, _, name in nearest:
            chance = _FAITHFUL * math.exp(-_FALL * apart(own, sounds))
            yield name, self._chances[name] * chance


class SpelledNames:
    """The same names, spelled letter by letter."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._chances = _chances(counts)
        self._letters = {name: name.lower().replace("'", "") for name in self._chances}

    def faithful(self, name: str) -> float:
        """The chance that all its letters are heard as they are; small if they make no name."""
        return _FAITHFUL if syllables_of(name) else _FAITHFUL * _MISSED

    def holds(self, name: str) -> bool:
        """Never: which characters are meant by Pinyin, its letters do not tell."""
        return False

    def near(self, heard: str) -> Iterator[tuple[str, float]]:
        """The nearest names, with the joint chance of the name and of hearing it so."""
        letters = heard.lower()
        nearest = process.extract(
            letters, self._letters, scorer=Levenshtein.distance, limit=_NEAREST
        )
        for own, _, name in nearest:
            yield name, self._chances[name] * _FAITHFUL * _taken_for(own, letters)


def _chances(counts: Mapping[str, int]) -> dict[str, float]:
    """How likely each name in Pinyin is."""
    names: Counter[str] = Counter()
    for name, count in counts.items():
        names[romanised(name)] += count
    total = sum(names.values())
    return {name: count / total for name, count in names.items()}


def alike_letters(meant: str, heard: str) -> bool:
    """Whether two spellings differ in one letter, whose English name sounds like the other's."""
    return meant != heard and _taken_for(meant, heard) >= _CONFUSED


def _taken_for(meant: str, heard: str) -> float:
    """The chance that letters are heard for others."""
    chance = 1.0
    for edit in Levenshtein.editops(meant, heard):
        pair = {meant[edit.src_pos : edit.src_pos + 1], heard[edit.dest_pos : edit.dest_pos + 1]}
        alike = edit.tag == "replace" and any(pair <= {*group} for group in _ALIKE)
        chance *= _CONFUSED if alike else _MISSED
    return chance
