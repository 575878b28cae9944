"""English words spelled letter by letter: "W A N G", "J-I-A-N-G", "tango for T", NATO's alphabet."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ALPHABET = {
    word: word[0] for word in
    "alpha alfa bravo charlie delta echo foxtrot golf hotel india juliet juliett kilo lima mike november oscar "
    "papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu".split()
}  # fmt: skip
_LETTER = rf"(?:[a-z](?: (?:as in|for|like) [a-z]+)?|{'|'.join(_ALPHABET)})"
_WORD = re.compile(rf"(?<!')\b{_LETTER}(?:[\s,.-]+{_LETTER}){{2,}}\b")


@dataclass(frozen=True, slots=True)
class Spelled:
    """A word that was spelled, in small letters, and where."""

    start: int
    end: int
    letters: str


def spelled_words(text: str) -> list[Spelled]:
    """The words of three letters or more that `text`, in small letters, spells."""
    return [Spelled(m.start(), m.end(), _joined(m.group())) for m in _WORD.finditer(text)]


def _joined(said: str) -> str:
    said = re.sub(r"([a-z]) (?:as in|for|like) [a-z]+", r"\1", said)
    return "".join(_ALPHABET.get(word, word) for word in re.findall(r"[a-z]+", said))
