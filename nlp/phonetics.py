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

__all__ = [
    "CONFUSED",
    "HALF",
    "NEAR",
    "Match",
    "SoundIndex",
    "blurred",
    "cost",
    "distance",
    "near_initials",
    "split",
    "syllables",
]

_T = TypeVar("_T")

_INITIALS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("r", "l"))
_FINAL = re.compile(r"(?<=[aei]n)g$")
_HU = re.compile(r"^hu(?=[aeio])|^h(?=u$)")
_SPLIT = re.compile(r"^(zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw]?)(.*)$")
_NEAR_INITIALS = frozenset(
    frozenset(pair) for pair in ("dt", "bp", "gk", "jq", "zc", "fh", "wh", "jx", "qx", "nm")
)
#: How many syllables at a phrase's beginning tell whether it can be meant.
_HEAD = 3
_NO_LENGTHS: frozenset[int] = frozenset()
#: Costs of one syllable taken for another, 0 (same) to 1 (unrelated).
CONFUSED, NEAR, HALF = 0.15, 0.35, 0.7


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
        return CONFUSED
    (initial, final), (other_initial, other_final) = split(left), split(right)
    if not (final and other_final):
        return 1.0
    if final == other_final:
        return NEAR if frozenset((initial, other_initial)) in _NEAR_INITIALS else HALF
    return HALF if initial == other_initial and initial else 1.0


@lru_cache(maxsize=4096)
def split(syllable: str) -> tuple[str, str]:
    """Initial and final of a syllable; what is none has no final."""
    parts = _SPLIT.match(syllable)
    return (parts[1], parts[2]) if parts else (syllable, "")


def near_initials(initial: str) -> list[str]:
    """The initials that are nearly this one."""
    return [other for pair in _NEAR_INITIALS if initial in pair for other in pair - {initial}]


def distance(one: Sequence[str], other: Sequence[str]) -> float:
    """Mean cost over two equally long sequences of syllables; 1.0 for unequal lengths."""
    if len(one) != len(other) or not one:
        return 1.0
    return sum(map(cost, one, other)) / len(one)


def _beginnings(key: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """What is left of the first three syllables when one of the phrase is wrong."""
    first, second, third = key[:_HEAD]
    return (first, second), (first, "", third), ("", second, third)


@dataclass(frozen=True, slots=True)
class Match(Generic[_T]):
    """An entry found by its sound. `distance` is the mean cost of its syllables."""

    start: int
    end: int
    entry: _T
    distance: float


class SoundIndex(Generic[_T]):
    """Phrases by their sound; finds them in a row of syllables.

    Phrases of `loose_from` syllables and more are found with one syllable wrong.

    Args:
        loose_from: three at least, for two syllables of the first three must be right.
    """

    def __init__(self, entries: Iterable[tuple[str, _T]], *, loose_from: int = 4) -> None:
        if loose_from < _HEAD:
            raise ValueError("two syllables with one wrong could be anything")
        self._by_sound: dict[tuple[str, ...], list[tuple[tuple[str, ...], _T]]] = defaultdict(list)
        self._with_gap: dict[tuple[str, ...], list[tuple[tuple[str, ...], _T]]] = defaultdict(list)
        self._loose_from = loose_from
        for phrase, entry in entries:
            self._add(phrase, entry)
        self._lengths = self._by_beginning()

    def _add(self, phrase: str, entry: _T) -> None:
        sounds = syllables(phrase)
        key = tuple(map(blurred, sounds))
        self._by_sound[key].append((sounds, entry))
        if len(key) >= self._loose_from:
            for gap in range(len(key)):
                self._with_gap[(*key[:gap], "", *key[gap + 1 :])].append((sounds, entry))

    def _by_beginning(self) -> dict[tuple[str, ...], frozenset[int]]:
        """How long the phrases are that begin like this; "" stands for any syllable."""
        found: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for key in self._by_sound:
            for beginning in _beginnings(key) if len(key) >= self._loose_from else (key[:2],):
                found[beginning].add(len(key))
        return {beginning: frozenset(lengths) for beginning, lengths in found.items()}

    def at(self, sounds: Sequence[str], start: int, limit: float) -> Iterator[Match[_T]]:
        """Matches that begin at `start`, longest first, no farther than `limit`."""
        head = tuple(map(blurred, sounds[start : start + _HEAD]))
        lengths = self._possible(head)
        if not lengths:
            return
        flat = tuple(map(blurred, sounds[start : start + max(lengths)]))
        for length in sorted(lengths, reverse=True):
            if length > len(flat):
                continue
            key = flat[:length]
            near = self._by_sound.get(key)
            if near is None and length >= self._loose_from:
                near = self._one_wrong(key)
            if near:
                yield from self._nearest(tuple(sounds[start : start + length]), near, start, limit)

    def _possible(self, head: tuple[str, ...]) -> frozenset[int]:
        """The lengths of phrases that may stand where these syllables begin."""
        by = self._lengths
        if len(head) < _HEAD:
            return by.get(head, _NO_LENGTHS) | by.get(head[:1], _NO_LENGTHS)
        first, second, third = head
        lengths = by.get((first, second), _NO_LENGTHS)
        # One of the first two syllables may be the one that is wrong.
        if more := by.get((first, "", third)):
            lengths |= more
        if more := by.get(("", second, third)):
            lengths |= more
        return lengths | by.get((first,), _NO_LENGTHS)

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
