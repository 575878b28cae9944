"""Respells English words of calls that a recogniser wrote as no words at all, or as others.

"Sefen" and "Hamgzhou" sound so much like what was meant that nothing else comes near; "for" among
digits is four.
"""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files

from nlp.components.english import place_names
from nlp.gazetteer.goods import goods

_WORD = re.compile(r"[a-z']+")
#: Spellings of the same sound on a telephone line, applied in this order.
_SAME = (
    (re.compile(r"th"), "d"), (re.compile(r"(?<=[aeiou])n"), "m"), (re.compile(r"ee|ea|ie"), "i"),
    (re.compile(r"v|ph"), "f"), (re.compile(r"ck|k|c(?=[aou])"), "g"), (re.compile(r"(.)\1"), r"\1"),
    (re.compile(r"(?<=..)[bdgpts]$"), ""),
)  # fmt: skip
_SHORTEST = 4
#: Words that stand for a numeral between numerals.
_NUMERALS = {
    "to": "two", "too": "two", "tu": "two", "for": "four", "fore": "four", "foh": "four", "ate": "eight",
    "eigh": "eight", "hate": "eight", "won": "one", "wan": "one", "wun": "one", "tree": "three", "free": "three",
    "dree": "three", "thri": "three", "tri": "three", "dri": "three", "sex": "six", "sicks": "six", "sick": "six",
    "fife": "five", "fife's": "five", "fi": "five", "nein": "nine", "nime": "nine", "mine": "nine", "sefen": "seven",
    "zeero": "zero", "hundre": "hundred", "humdred": "hundred", "thousan": "thousand", "dirty": "thirty",
    "dirteen": "thirteen", "twemty": "twenty", "doubl": "double", "treble": "triple",
}  # fmt: skip
_DIGITS = frozenset(
    "zero oh one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand double "
    "triple point".split()
)
#: What a numeral that begins or ends a number may stand next to.
_AFTER = frozenset(
    "pm am o'clock kilos kilo kg pounds tons ton pallets boxes cartons drums pieces cubic meters metres crates bags "
    "dollars yuan fifteen thirty".split()
)


def respell_en(text: str) -> str:
    """The lower-case text with such words respelled."""
    words = list(_WORD.finditer(text))
    parts, end = [], 0
    for i, match in enumerate(words):
        before = words[i - 1].group() if i else ""
        after = words[i + 1].group() if i + 1 < len(words) else ""
        parts += [text[end : match.start()], _meant(match.group(), before, after)]
        end = match.end()
    return "".join(parts) + text[end:]


def _meant(word: str, before: str, after: str) -> str:
    numeral = _NUMERALS.get(word)
    if numeral and _between(word, before, after):
        return numeral
    known, by_sound = _lexicon()
    if word in known or len(word) < _SHORTEST - 1:
        return word
    return by_sound.get(_key(word), word)


def _between(word: str, before: str, after: str) -> bool:
    """Whether a number goes on here; words that mean nothing else need one such neighbour."""
    left = before in _DIGITS or before in _NUMERALS
    right = after in _DIGITS or after in _AFTER or after in _NUMERALS
    known, _ = _lexicon()
    if word in known or word in {"to", "too", "for", "mine", "free", "tree", "hate", "won"}:
        return before in _DIGITS and after in _DIGITS
    return left or right


def _key(word: str) -> str:
    for pattern, sound in _SAME:
        word = pattern.sub(sound, word)
    return word


@lru_cache(maxsize=1)
def _lexicon() -> tuple[frozenset[str], dict[str, str]]:
    """Known words, and those of four letters and more by their sound, where it is theirs alone."""
    text = files("nlp.gazetteer").joinpath("words_en.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if line[:1] != "#"]
    plain = {word for line in lines for word in line.split()}
    words = {word for name in goods("en") for word in _WORD.findall(name)} | plain
    words |= {name for name in place_names() if " " not in name}
    by_sound: dict[str, str] = {}
    twice = set()
    for word in sorted(words):
        if len(word) >= _SHORTEST:
            key = _key(word)
            if key in by_sound:
                twice.add(key)
            by_sound[key] = word
    for word in plain:
        # The words of every call win over names of goods and places.
        if len(word) >= _SHORTEST:
            by_sound[_key(word)] = word
            twice.discard(_key(word))
    return frozenset(words), {k: w for k, w in by_sound.items() if k not in twice}


def warm_up() -> None:
    """Builds the index."""
    _lexicon()
