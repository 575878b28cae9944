"""Mends a street's name that was heard by its sound alone: 征江路 in Pudong is 张江路.

A noisy-channel choice: how often names of the district, the city and the country are borne
(`nlp.gazetteer.streets`) against how likely the recogniser writes what it wrote for them.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Protocol

import numpy as np

from nlp.gazetteer.areas import Area
from nlp.gazetteer.streets import StreetNames, merged
from nlp.phonetics import cost, syllables
from nlp.streets_en import RomanisedNames, SpelledNames

#: Share of streets named after a place of the district, of the city, of the country, and of
#: none of these. Estimated from thirty street addresses of large cities.
_DISTRICT, _CITY, _NATION, _ELSEWHERE = 0.5, 0.15, 0.25, 0.1
#: Chance of any one name that no list holds.
_UNLISTED = 2e-5
#: Streets continue a name by direction or number: 望江西路, 狮山一路.
BRANCHES = dict.fromkeys("东西南北中", 0.12) | dict.fromkeys("一二三四五六七八九", 0.02)
#: Weights of hypotheses by rank.
_RANKS = (1.0, 0.6, 0.4, 0.3, 0.25, 0.2, 0.2, 0.2)
#: Log chance of a character written as it is, with another of the same sound, a confused,
#: a near, a half-alike one, and any other. Measured with Whisper base at 8 kHz.
_SAME = math.log(0.6)
_BY_COST = ((0.0, math.log(0.17)), (0.2, math.log(0.06)), (0.4, math.log(0.02)),
            (0.6, math.log(0.012)), (0.8, math.log(0.005)), (1.0, math.log(0.0006)))  # fmt: skip
#: Syllables that begin and end alike (zheng and zhang) are heard for each other.
_FRAMED = 0.5
#: Log chances below which a branch and a whole name are passed over.
_FAR, _IMPOSSIBLE = math.log(0.019), -9.0


#: How a name was said: in Mandarin, in Pinyin by an English speaker, or letter by letter.
Manner = Literal["zh", "en", "letters"]


@dataclass(frozen=True, slots=True)
class Mended:
    """A street's name.

    Attributes:
        confidence: 0 to 1, the share of the chosen among all candidates.
        listed: whether a place of the district or city bears it.
    """

    name: str
    confidence: float
    listed: bool


class StreetMender:
    """Chooses the name that was most likely said. Safe to use from any thread."""

    def __init__(self, names: StreetNames) -> None:
        self._names = names
        self._tables = lru_cache(maxsize=64)(self._load)
        self._nation = lru_cache(maxsize=3)(self._whole)

    def warm_up(self) -> None:
        """Reads the lists."""
        shanghai = (Area("上海市", "上海市", "黄浦区"),)
        self.mend(("人民",), shanghai)
        self.mend(("Renmin",), shanghai, manner="en")

    def mend(
        self,
        heard: Sequence[str],
        areas: Sequence[Area],
        *,
        denied: Collection[str] = (),
        manner: Manner = "zh",
    ) -> Mended:
        """The likeliest name within the given divisions.

        Args:
            heard: the name (without its 路 or 街) as hypotheses write it, likeliest first.
            denied: names that it is not.
            manner: other than in Mandarin, names are heard and given in Pinyin.
        """
        tables = self._tables(tuple(areas), manner)
        scores: dict[str, float] = defaultdict(float)
        local = set[str]()
        rank = next(
            (i for i, t in enumerate(tables) if heard[0] not in denied and t.holds(heard[0])), 3
        )
        for weight, text in zip(_RANKS, heard, strict=False):
            for table, share in zip(tables, (_DISTRICT, _CITY, _NATION), strict=True):
                for name, chance in table.near(text):
                    if name not in denied and (name == heard[0] or table in tables[:rank]):
                        scores[name] += weight * share * chance
                        if table is not tables[-1]:
                            local.add(name)
        for weight, text in zip(_RANKS, heard, strict=False):
            if text not in denied:
                scores[text] += weight * _ELSEWHERE * _UNLISTED * tables[0].faithful(text)
        if not scores:
            return Mended(heard[0], 0.0, False)
        name = max(scores, key=lambda n: scores[n])
        return Mended(name, scores[name] / sum(scores.values()), name in local)

    def _load(self, areas: tuple[Area, ...], manner: Manner) -> tuple[NameTable, ...]:
        cities = tuple({Area(a.province, a.city) for a in areas if a.city})
        local = merged([self._names.within(area) for area in areas if area.city])
        wider = merged([self._names.within(city) for city in cities])
        return _table(local, manner), _table(wider, manner), self._nation(manner)

    def _whole(self, manner: Manner) -> NameTable:
        return _table(self._names.nation, manner)


class NameTable(Protocol):
    """Names of streets with their chances."""

    def near(self, heard: str) -> Iterator[tuple[str, float]]:
        """Names that `heard` may be, with the joint chance of the name and of hearing it so."""

    def faithful(self, name: str) -> float:
        """The chance that a name is written as it is."""

    def holds(self, name: str) -> bool:
        """Whether a street of this very name is known, as far as writing tells."""


def _table(counts: Mapping[str, int], manner: Manner) -> NameTable:
    makers: Mapping[Manner, Callable[[Mapping[str, int]], NameTable]] = {
        "zh": _Table,
        "en": RomanisedNames,
        "letters": SpelledNames,
    }
    return makers[manner](counts)


class _Table:
    """Names in characters, by length and sound."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        by_length: dict[int, dict[str, int]] = defaultdict(dict)
        for name, count in counts.items():
            by_length[len(name)][name] = count
        self._by_length = {length: _Column(names) for length, names in by_length.items()}
        self._known = frozenset(counts)

    def holds(self, name: str) -> bool:
        return name in self._known

    def faithful(self, name: str) -> float:
        return math.exp(_SAME * len(name))

    def near(self, heard: str) -> Iterator[tuple[str, float]]:
        sounds = syllables(heard)
        yield from self._scored(heard, sounds)
        branches = {
            branch: chance * math.exp(last)
            for branch, chance in BRANCHES.items()
            if (last := _heard_as(branch, heard[-1], syllables(branch)[0], sounds[-1])) > _FAR
        }
        for name, joint in self._scored(heard[:-1], sounds[:-1]) if branches else ():
            for branch, chance in branches.items():
                yield name + branch, joint * chance

    def _scored(self, heard: str, sounds: tuple[str, ...]) -> Iterator[tuple[str, float]]:
        column = self._by_length.get(len(heard))
        return column.scored(heard, sounds) if column else iter(())


class _Column:
    """Names of one length, as arrays of characters and of syllables."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self._names = tuple(counts)
        self._chances = np.array(list(counts.values())) / sum(counts.values())
        self._inventory: dict[str, int] = {}
        places = self._inventory
        self._sounds = np.array(
            [[places.setdefault(s, len(places)) for s in syllables(n)] for n in self._names]
        )
        self._characters = np.array([[ord(c) for c in n] for n in self._names])

    def scored(self, heard: str, sounds: tuple[str, ...]) -> Iterator[tuple[str, float]]:
        """The names that `heard` may be, with the joint chance of the name and the hearing."""
        scores = np.zeros(len(self._names))
        for place, (character, sound) in enumerate(zip(heard, sounds, strict=True)):
            chances = np.array([_sounds_as(own, sound) for own in self._inventory])
            same = self._characters[:, place] == ord(character)
            scores += np.where(same, _SAME, chances[self._sounds[:, place]])
        for i in np.flatnonzero(scores > _IMPOSSIBLE):
            yield self._names[i], float(self._chances[i] * math.exp(scores[i]))


def _heard_as(meant: str, heard: str, sound: str, heard_sound: str) -> float:
    """Log chance that `meant` is written as `heard`."""
    return _SAME if meant == heard else _sounds_as(sound, heard_sound)


@lru_cache(maxsize=100_000)
def _sounds_as(sound: str, heard: str) -> float:
    """Log chance that a syllable is written as another character's."""
    apart = cost(sound, heard)
    if apart < 1.0 and sound[:1] == heard[:1] and sound[-1:] == heard[-1:]:
        apart = min(apart, _FRAMED)
    return next(chance for limit, chance in _BY_COST if apart <= limit)
