"""The phrase that sounds nearest to what was heard, every syllable of which may be wrong."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from nlp.phonetics import CONFUSED, HALF, NEAR, blurred, near_initials, split

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Phrase(Generic[_T]):
    """A phrase by its syllables, with its meaning.

    Attributes:
        handicap: what is added to its distance, since it is seldom meant.
    """

    sounds: tuple[str, ...]
    meaning: _T
    handicap: float = 0.0


class NearestPhrase(Generic[_T]):
    """Compares what was heard with every phrase of its length at once.

    `SoundIndex` finds phrases of which all syllables but one agree; this finds the ones that
    agree best on the whole, which pays only where the first and last syllable are known.
    """

    def __init__(self, phrases: Iterable[Phrase[_T]]) -> None:
        self._codes: dict[str, int] = {}
        self._phrases: dict[int, list[Phrase[_T]]] = defaultdict(list)
        for phrase in phrases:
            self._phrases[len(phrase.sounds)].append(phrase)
        self._rows = {length: self._coded(same) for length, same in self._phrases.items()}
        self._handicaps = {
            length: np.array([p.handicap for p in same], dtype=np.float32)
            for length, same in self._phrases.items()
        }
        self._costs = _Costs(list(self._codes))

    def find(self, sounds: Sequence[str], limit: float) -> tuple[_T, float] | None:
        """The nearest phrase's meaning and its distance, the mean cost of a syllable.

        Args:
            limit: of the distance with the phrase's handicap.
        """
        length = len(sounds)
        rows = self._rows.get(length)
        if rows is None:
            return None
        apart = np.zeros(len(rows), dtype=np.float32)
        for place, sound in enumerate(sounds):
            apart += self._costs.of(sound)[rows[:, place]]
        apart /= length
        ranked = apart + self._handicaps[length]
        best = int(ranked.argmin())
        if ranked[best] > limit:
            return None
        return self._phrases[length][best].meaning, float(apart[best])

    def _coded(self, phrases: Sequence[Phrase[_T]]) -> NDArray[np.int32]:
        codes = self._codes
        rows = [[codes.setdefault(s, len(codes)) for s in phrase.sounds] for phrase in phrases]
        return np.array(rows, dtype=np.int32)


class _Costs:
    """`nlp.phonetics.cost` of every known syllable at once: one by one, a syllable that is met for
    the first time would take a millisecond."""

    def __init__(self, known: Sequence[str]) -> None:
        self._known = np.array(known, dtype=np.str_)
        self._blurred = np.array([blurred(s) for s in known], dtype=np.str_)
        parts = [split(blurred(s)) for s in known]
        self._initials = np.array([initial for initial, _ in parts], dtype=np.str_)
        self._finals = np.array([final for _, final in parts], dtype=np.str_)
        self._found: dict[str, NDArray[np.float32]] = {}

    def of(self, sound: str) -> NDArray[np.float32]:
        """What it costs to take each known syllable for this one, by code."""
        costs = self._found.get(sound)
        if costs is None:
            costs = self._found[sound] = self._counted(sound)
        return costs

    def _counted(self, sound: str) -> NDArray[np.float32]:
        initial, final = split(blurred(sound))
        costs = np.ones(len(self._known), dtype=np.float32)
        if final:
            if initial:
                costs[(self._initials == initial) & (self._finals != "")] = HALF
            alike = self._finals == final
            costs[alike] = HALF
            costs[alike & np.isin(self._initials, near_initials(initial))] = NEAR
        costs[self._blurred == blurred(sound)] = CONFUSED
        costs[self._known == sound] = 0.0
        return costs
