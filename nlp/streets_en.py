"""Street names as English speakers say them: the lists of `nlp.gazetteer.streets` in Pinyin."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping

from rapidfuzz import fuzz, process

from nlp.romanised import apart, romanised, sounded

#: Chance that a name is written so that it sounds as it does, and how fast it falls with
#: distance.
_FAITHFUL, _FALL = 0.5, 2.5
#: Nearest names by shared sounds; these alone are weighed.
_NEAREST = 60


class RomanisedNames:
    """Names in Pinyin with their chances.

    Args:
        counts: names in characters, by how many places bear each.
    """

    def __init__(self, counts: Mapping[str, int]) -> None:
        names: Counter[str] = Counter()
        for name, count in counts.items():
            names[romanised(name)] += count
        total = sum(names.values())
        self._chances = {name: count / total for name, count in names.items()}
        self._sounds = {name: sounded(name) for name in names}

    def faithful(self, name: str) -> float:
        """The chance that a name is written as it is."""
        return _FAITHFUL

    def near(self, heard: str) -> Iterator[tuple[str, float]]:
        """The nearest names, with the joint chance of the name and of hearing it so."""
        sounds = sounded(heard)
        nearest = process.extract(sounds, self._sounds, scorer=fuzz.ratio, limit=_NEAREST)
        for own, _, name in nearest:
            chance = _FAITHFUL * math.exp(-_FALL * apart(own, sounds))
            yield name, self._chances[name] * chance
