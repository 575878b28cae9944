"""How Mandarin characters are read: toneless syllables, by word where a character has several.

A sentence's parts are read some hundred times for one utterance, so this looks words up instead
of segmenting the text.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

#: What `scripts/make-readings` writes at set-up; then places, which are called otherwise.
_FILES = ("readings.tsv", "place_readings.tsv")
#: The longest word in the table.
_LONGEST = 4


@lru_cache(maxsize=16384)
def syllables(text: str) -> tuple[str, ...]:
    """One toneless syllable a character; characters without a reading stay as they are."""
    single, words, starts = _tables()
    found = [single.get(character, character) for character in text]
    if starts.isdisjoint(text):
        return tuple(found)
    position = 0
    while position < len(text):
        step = 1
        if text[position] in starts:
            for length in range(min(_LONGEST, len(text) - position), 1, -1):
                read = words.get(text[position : position + length])
                if read:
                    found[position : position + length] = read.split()
                    step = length
                    break
        position += step
    return tuple(found)


def all_syllables() -> frozenset[str]:
    """Every toneless syllable."""
    return frozenset(s for s in _tables()[0].values() if s.isalpha() and s.isascii())


def warm_up() -> None:
    """Builds the tables."""
    _tables()


@lru_cache(maxsize=1)
def _tables() -> tuple[dict[str, str], dict[str, str], frozenset[str]]:
    """Readings of characters, of words, and the characters that these words begin with."""
    folder = files("nlp.gazetteer")
    single: dict[str, str] = {}
    words: dict[str, str] = {}
    lines = [
        line for name in _FILES for line in folder.joinpath(name).read_text("utf-8").splitlines()
    ]
    for line in lines:
        left, _, right = line.partition("\t")
        if left.isascii():
            single.update(dict.fromkeys(right, left))
        else:
            words[left] = right
    return single, words, frozenset(word[0] for word in words)
