"""Damages text as a recogniser on a telephone line does (randomness comes in as an argument).

Mandarin loses characters and takes others of nearly the same sound (确认 becomes 却认); numbers
suffer less, since recognisers know them well. English loses short words and takes others that
look like what was heard. The shares follow what was measured on 8 kHz recordings: about one
character in five for Mandarin, one word in ten for English.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache

from models.call import Lang
from nlp.readings import syllables

#: Numerals are heard this many times better than other characters.
_NUMERAL_CARE = 5
_NUMERALS = frozenset("零〇一二两三四五六七八九十百千万亿点半幺0123456789")
#: Of the damaged characters, the part that is lost instead of replaced.
_DROPPED = 0.15
#: English words are damaged at this part of the rate for Chinese characters.
_WORD_SHARE = 0.4

_SWAPS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"), ("f", "h"), ("r", "l"))
_TAILS = (("ang", "an"), ("eng", "en"), ("ing", "in"))
_SOUNDS = (
    (r"^th", "d"),
    (r"([aeiou])n", r"\1m"),
    (r"ee|ea", "i"),
    (r"([bdgpt])$", ""),
    (r"s$", ""),
    (r"v", "f"),
    (r"ck|k", "g"),
)
_SHORT_WORD = 3


def damage(text: str, lang: Lang, rng: random.Random, rate: float = 0.2) -> str:
    """The text as a bad recogniser may hand it over.

    Args:
        rate: for `zh` the part of characters damaged, 0 to 1; English words suffer less.
    """
    if lang == "zh":
        return "".join(_damaged_character(character, rng, rate) for character in text)
    words = (_damaged_word(word, rng, rate * _WORD_SHARE) for word in text.split(" "))
    return " ".join(word for word in words if word)


def _damaged_character(character: str, rng: random.Random, rate: float) -> str:
    if not character.isalnum():
        return character
    numeral = character in _NUMERALS
    if rng.random() >= (rate / _NUMERAL_CARE if numeral else rate):
        return character
    if rng.random() < _DROPPED:
        return ""
    choices = _near(character)
    return rng.choice(choices) if choices else character


def _damaged_word(word: str, rng: random.Random, rate: float) -> str:
    if any(c.isdigit() for c in word) or rng.random() >= rate:
        return word
    if len(word) <= _SHORT_WORD:
        return ""
    changes = [re.sub(old, new, word, count=1) for old, new in _SOUNDS]
    fitting = [changed for changed in changes if changed != word]
    return rng.choice(fitting) if fitting else word


@lru_cache(maxsize=4096)
def _near(character: str) -> tuple[str, ...]:
    """Common characters of the same sound, twice as likely as those of a confused one."""
    sound = syllables(character)[0]
    table = _characters_by_sound()
    same = [c for c in table.get(sound, ()) if c != character]
    confused = [c for other in sorted(_confused(sound)) for c in table.get(other, ())]
    return tuple(same * 2 + confused)


def _confused(sound: str) -> set[str]:
    """Syllables that are easily taken for this one; not every one of them exists."""
    found = set()
    for one, other in _SWAPS:
        if sound.startswith(one):
            found.add(other + sound[len(one) :])
        elif sound.startswith(other):
            found.add(one + sound[len(other) :])
    for one, other in _TAILS:
        if sound.endswith(one):
            found.add(sound[: -len(one)] + other)
        elif sound.endswith(other):
            found.add(sound[: -len(other)] + one)
    return found


@lru_cache(maxsize=1)
def _characters_by_sound() -> Mapping[str, tuple[str, ...]]:
    """The 3,755 common characters of GB 2312's first level, by toneless pinyin."""
    raw = bytes(
        part for high in range(0xB0, 0xD8) for low in range(0xA1, 0xFF) for part in (high, low)
    )
    common = raw.decode("gb2312", errors="ignore")
    table: dict[str, list[str]] = defaultdict(list)
    for character in common:
        table[syllables(character)[0]].append(character)
    return {sound: tuple(found) for sound, found in table.items()}
