"""What sounds alike in Mandarin: toneless pinyin with the usual confusions.

A telephone line and a southern accent blur l/n, zh/z, ch/c, sh/s, f/h, r/l and the endings
an/ang, en/eng, in/ing; recognisers also take d for t, b for p, g for k.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Generic, TypeVar

from nlp.readings import syllables

__all__ = ["Match", "SoundIndex", "blurred", "cost", "distance", "syllables"]

_T = TypeVar("_T")

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_FINAL = re.compile(r"(?<=[aei]n)g$")
_HU = re.compile(r"^hu(?=[aeio])|^h(?=u$)")
_SPLIT = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)$")
_NEAR_INITIALS = frozenset(
    frozenset(pair) for pair in ("dt", "bp", "gk", "jq", "zc", "fh", "wh", "jx", "qx", "nm")
)
#: Costs of one syllable taken for another, 0 (same) to 1 (unrelated).
_CONFUSED, _NEAR, _HALF = 0.15, 0.35, 0.7


@lru_cache(maxsize=4096)
def blurred(syllable: str) -> str:
    """The syllable with confused initials and endings made one."""
    for sharp, flat in _INITIALS:
        if syllable.startswith(sharp):
            syllable = flat + syllable[len(sharp) :]
            break
    syllable = _HU.sub("f", syllable)
    return _FINAL.sub("", syllable)


@lru_cache(maxsize=65536)
def cost(one: str, other: str) -> float:
    """How far two syllables are apart, 0 to 1."""
    if one == other:
        return 0.0
    left, right = blurred(one), blurred(other)
    if left == right:
        return _CONFUSED
    a, b = _SPLIT.match(left), _SPLIT.match(right)
    if a is None or b is None or not (a[2] and b[2]):
        return 1.0
    if a[2] == b[2]:
        return _NEAR if frozenset((a[1], b[1])) in _NEAR_INITIALS else _HALF
    return _HALF if a[1] == b[1] and a[1] else 1.0


def distance(one: Sequence[str], other: Sequence[str]) -> float:
    """Mean cost over two equally long sequences of syllables; 1.0 for unequal lengths."""
    if len(one) != len(other) or not one:
        return 1.0
    return sum(map(cost, one, other)) / len(one)


@dataclass(frozen=True, slots=True)
class Match(Generic[_T]):
    """An entry found by its sound. `distance` is the mean cost of its syllables."""

    start: int
    end: int
    entry: _T
    distance: float


_NO_LENGTHS: frozenset[int] = frozenset()


def _lengths(
    keys: Iterable[tuple[str, ...]], place: int, shortest: int
) -> dict[str, frozenset[int]]:
    """How long the phrases are that have a syllable at a place."""
    found: dict[str, set[int]] = defaultdict(set)
    for key in keys:
        if len(key) > place and len(key) >= shortest:
            found[key[place]].add(len(key))
    return {syllable: frozenset(lengths) for syllable, lengths in found.items()}


class SoundIndex(Generic[_T]):
    """Phrases by their sound; finds them in a row of syllables.

    Phrases of `loose_from` syllables and more are found with one syllable wrong.
    """

    def __init__(self, entries: Iterable[tuple[str, _T]], *, loose_from: int = 4) -> None:
        self._by_sound: dict[tuple[str, ...], list[tuple[tuple[str, ...], _T]]] = defaultdict(list)
        self._with_gap: dict[tuple[str, ...], list[tuple[tuple[str, ...], _T]]] = defaultdict(list)
        self._loose_from = loose_from
        for phrase, entry in entries:
            self._add(phrase, entry)
        self._longest = max(map(len, self._by_sound), default=0)
        self._by_first = _lengths(self._by_sound, 0, 0)
        self._by_second = _lengths(self._by_sound, 1, loose_from)

    def _add(self, phrase: str, entry: _T) -> None:
        sounds = syllables(phrase)
        key = tuple(map(blurred, sounds))
        self._by_sound[key].append((sounds, entry))
        if len(key) >= self._loose_from:
            for gap in range(len(key)):
                self._with_gap[(*key[:gap], "", *key[gap + 1 :])].append((sounds, entry))

    def at(self, sounds: Sequence[str], start: int, limit: float) -> Iterator[Match[_T]]:
        """Matches that begin at `start`, longest first, no farther than `limit`."""
        flat = tuple(map(blurred, sounds[start : start + self._longest]))
        lengths = self._by_first.get(flat[0], _NO_LENGTHS) if flat else _NO_LENGTHS
        if len(flat) > 1 and (more := self._by_second.get(flat[1])):
            # The first syllable may be the one that is wrong.
            lengths = lengths | more
        for length in sorted(lengths, reverse=True):
            if length > len(flat):
                continue
            key = flat[:length]
            near = self._by_sound.get(key)
            if near is None and length >= self._loose_from:
                near = self._one_wrong(key)
            if near:
                yield from self._nearest(tuple(sounds[start : start + length]), near, start, limit)

    def _one_wrong(self, key: tuple[str, ...]) -> list[tuple[tuple[str, ...], _T]]:
        gaps = ((*key[:gap], "", *key[gap + 1 :]) for gap in range(len(key)))
        return [entry for gap in gaps for entry in self._with_gap.get(gap, ())]

    @staticmethod
    def _nearest(
        said: tuple[str, ...], near: list[tuple[tuple[str, ...], _T]], start: int, limit: float
    ) -> Iterator[Match[_T]]:
        scored = [(distance(said, known), entry) for known, entry in near]
        best = min(score for score, _ in scored)
        if best <= limit:
            for score, entry in scored:
                if score == best:
                    yield Match(start, start + len(said), entry, score)
