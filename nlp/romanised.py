"""How Mandarin names sound when English is spoken: letters to rough sounds, and how far two
spellings are apart. An English recogniser writes "John Guo" and "Zhang Zhang" for Jianguo and
Zhangjiang.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.phonetics import syllables

#: Spellings, Pinyin and English, of one sound each; longer ones first.
_SOUNDS = (
    ("tch", "C"), ("zh", "J"), ("ch", "C"), ("sh", "S"), ("ph", "f"), ("gh", "g"), ("ck", "k"),
    ("dg", "J"), ("ng", "N"), ("qu", "Cu"), ("ee", "i"), ("oo", "u"), ("j", "J"), ("q", "C"),
    ("x", "S"), ("v", "u"), ("w", "u"), ("y", "i"),
)  # fmt: skip
_VOWELS = frozenset("aeiou")
_ALIKE = (
    ("Jz", 0.25), ("Cc", 0.25), ("Ss", 0.25), ("JC", 0.4), ("CS", 0.4), ("zc", 0.4), ("cs", 0.4),
    ("nN", 0.2), ("mn", 0.4), ("ln", 0.5), ("lr", 0.5), ("dt", 0.35), ("bp", 0.35), ("gk", 0.35),
    ("kc", 0.3), ("kC", 0.6), ("fh", 0.5), ("Jd", 0.6), ("Ct", 0.6), ("Jg", 0.6), ("gN", 0.4),
)  # fmt: skip
_COSTS = {frozenset(pair): cost for pair, cost in _ALIKE}
_VOWEL, _VOWEL_LOST, _FAINT_LOST, _OTHER = 0.35, 0.4, 0.5, 1.0
#: Consonants that come and go in hearing.
_FAINT = frozenset("hrgNnl")


@lru_cache(maxsize=200_000)
def sounded(text: str) -> str:
    """The rough sounds of a spelling, one character each; spaces and marks are silent."""
    text = re.sub(r"[^a-z]", "", text.lower().replace("ü", "v"))
    for spelling, sound in _SOUNDS:
        text = text.replace(spelling, sound)
    text = re.sub(r"(?<=[aeiou])h(?![aeiou])", "", text)
    return re.sub(r"(.)\1+", r"\1", text)


def apart(one: str, other: str) -> float:
    """The least cost of turning one row of sounds into another; an unlike consonant costs 1."""
    row = [0.0]
    for sound in other:
        row.append(row[-1] + _lost(sound))
    for sound in one:
        above, row = row, [row[0] + _lost(sound)]
        for place, meant in enumerate(other):
            swapped = above[place] + _swapped(sound, meant)
            row.append(min(swapped, above[place + 1] + _lost(sound), row[-1] + _lost(meant)))
    return row[-1]


def _lost(sound: str) -> float:
    return _VOWEL_LOST if sound in _VOWELS else _FAINT_LOST if sound in _FAINT else _OTHER


def _swapped(one: str, other: str) -> float:
    if one == other:
        return 0.0
    if one in _VOWELS and other in _VOWELS:
        return _VOWEL
    return _COSTS.get(frozenset((one, other)), _OTHER)


def romanised(name: str) -> str:
    """Chinese characters in Pinyin as one word, without tones: 建国 is Jianguo, 西安 Xi'an
    (GB/T 16159, 6.1: an apostrophe before a syllable that begins with a, o or e)."""
    first, *rest = (s.replace("ü", "u").replace("v", "u") for s in syllables(name))
    return (first + "".join(f"'{s}" if s[0] in "aoe" else s for s in rest)).capitalize()
