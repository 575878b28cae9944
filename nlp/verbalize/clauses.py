"""Cutting a written text where a speaker may take breath (pure)."""

from __future__ import annotations

import re
from itertools import pairwise

from models.call import Lang

#: A clause may grow to this many characters before its commas cut it: about two seconds
#: of speech, so that the next clause is ready before this one has played.
LONGEST = {"zh": 18, "en": 60}

_SHORTENED = ("No", "Mr", "Mrs", "Ms", "Dr", "St", "Rd", "Co", "Ltd")
_ABBREVIATION = "".join(rf"(?<!\b{word})" for word in _SHORTENED)
_CLOSERS = r"[”’」』）)\]】》\"']*"
_SENTENCE_END = re.compile(rf"(?:[。！？；!?;…\n]+|{_ABBREVIATION}\.+(?=\s|$)){_CLOSERS}\s*")
_COMMA = re.compile(r"(?:[，、]|,(?!\d))\s*")
_BRACKETS = dict(zip("（([【《「『“", "）)]】》」』”", strict=True))
_THOUSANDS = re.compile(r"\d，\d{3}(?!\d)")


def clauses(text: str, lang: Lang) -> list[str]:
    """The written text in speakable pieces, in order; joined they give the text.

    Cuts after sentences, and after commas where a sentence is longer than `LONGEST`; never
    inside a number, a date or brackets.
    """
    pieces = []
    for sentence in _cut(text, _SENTENCE_END):
        pieces += _packed(_cut(sentence, _COMMA), LONGEST[lang])
    return pieces


def _cut(text: str, end: re.Pattern[str]) -> list[str]:
    inside = _bracketed(text)
    marks = [m.end() for m in end.finditer(text) if not inside[m.start()]]
    bounds = [0, *(m for m in marks if m < len(text)), len(text)]
    return [text[a:b] for a, b in pairwise(bounds) if a < b]


def _bracketed(text: str) -> list[bool]:
    """For each character whether it must not be cut after: bracketed, or within a number."""
    inside = [False] * len(text)
    opened: list[tuple[int, str]] = []
    for at, char in enumerate(text):
        if char in _BRACKETS:
            opened.append((at, _BRACKETS[char]))
        elif opened and char == opened[-1][1]:
            start, _ = opened.pop()
            inside[start:at] = [True] * (at - start)
    for number in _THOUSANDS.finditer(text):
        inside[number.start() : number.end()] = [True] * len(number[0])
    return inside


def _packed(parts: list[str], longest: int) -> list[str]:
    """Neighbours joined again as long as they stay within `longest` characters."""
    packed: list[str] = []
    for part in parts:
        if packed and len(packed[-1]) + len(part) <= longest:
            packed[-1] += part
        else:
            packed.append(part)
    return packed
