"""What a caller said several times, put together: each sound by the majority of the readings.

A line damages other sounds each time. Aligned with each other, three readings of a name agree on
nearly every one of its sounds, though none of them may be right as a whole.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher

from nlp.phonetics import syllables

_MARKS = re.compile(r"[\W_]+")
_LATIN = re.compile(r"[a-z0-9]+|[^a-z0-9\s]", re.IGNORECASE)
#: Below this part of common sounds two readings are of different things.
_KIN = 0.4
#: So many readings make a majority possible.
_MAJORITY_OF = 3


def sound(text: str) -> str:
    """What cannot be told apart by ear has the same sound."""
    return _MARKS.sub("", "".join(syllables(text))).lower()


def agree(one: str, other: str) -> bool:
    """Whether two readings sound the same."""
    return sound(one) == sound(other)


def merged(readings: Sequence[str]) -> str:
    """The reading that the sounds of all of them speak for; the last one where they do not.

    Args:
        readings: in the order in which they were heard.
    """
    last = readings[-1]
    twice = most_heard(readings)
    if twice is not None:
        return twice
    kin = [reading for reading in readings if _likeness(reading, last) >= _KIN]
    return _majority(kin) if len(kin) >= _MAJORITY_OF else last


def most_heard(readings: Sequence[str]) -> str | None:
    """The reading whose whole sound came most often, if more than once; the later of equals."""
    counts = Counter(map(sound, readings))
    most = max(counts.values())
    if most < 2:
        return None
    return next(one for one in reversed(readings) if counts[sound(one)] == most)


def _majority(readings: Sequence[str]) -> str:
    """Each place of the middle reading as most readings have it."""
    tokens = [_tokens(reading) for reading in readings]
    base = max(tokens, key=lambda one: sum(_ratio(_sounds(one), _sounds(o)) for o in tokens))
    places: list[list[str]] = [[] for _ in base]
    gaps: list[list[str]] = [[] for _ in range(len(base) + 1)]
    for one in tokens:
        _align(base, one, places, gaps)
    kept = [_elected(votes) for votes in places]
    words: list[str] = []
    for i in range(len(base) + 1):
        extra = gaps[i]
        words += [_elected(extra)] if len(extra) * 2 > len(tokens) else []
        words += [kept[i]] if i < len(base) and kept[i] else []
    spaced = any(" " in reading for reading in readings)
    return (" " if spaced else "").join(word for word in words if word)


def _align(
    base: list[str], other: list[str], places: list[list[str]], gaps: list[list[str]]
) -> None:
    """Notes for each place of `base` what `other` has there, and what it has in between."""
    matcher = SequenceMatcher(None, _sounds(base), _sounds(other), autojunk=False)
    for _, a, b, c, d in matcher.get_opcodes():
        for k in range(b - a):
            places[a + k].append(other[c + k] if c + k < d else "")
        if d - c > b - a == 0:
            gaps[a].append("".join(other[c:d]))


def _elected(votes: Sequence[str]) -> str:
    """The spelling of the sound with most votes; the later of equals."""
    counts = Counter(map(sound, votes))
    best = max(counts.values(), default=0)
    return next((one for one in reversed(votes) if counts[sound(one)] == best), "")


def _likeness(one: str, other: str) -> float:
    return _ratio(_sounds(_tokens(one)), _sounds(_tokens(other)))


def _ratio(one: list[str], other: list[str]) -> float:
    return SequenceMatcher(None, one, other, autojunk=False).ratio()


def _tokens(text: str) -> list[str]:
    """Chinese characters one by one, other words and numbers whole."""
    return _LATIN.findall(text)


def _sounds(tokens: Sequence[str]) -> list[str]:
    return [sound(token) for token in tokens]
