"""Respells English words of calls that a recogniser wrote as no words at all, or as others.

"Sefen" and "Hamgzhou" sound so much like what was meant that nothing else comes near; "for" among
digits is four.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from nlp.components.places_en import place_names
from nlp.gazetteer.goods import goods
from nlp.gazetteer.words import lookalikes_en, of_calls_en
from nlp.readings import all_syllables

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
_SINGLE = frozenset("zero oh one two three four five six seven eight nine double triple".split())
#: Days and months in short.
_SHORTENED = frozenset(
    "mon tue tues wed weds thu thur thurs fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec "
    "eod cob asap".split()
)
#: Words of dictionaries that no caller says.
_RARE = frozenset("dree dirty dirteen fife nein wun tri sicks thri nime tu".split())
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
        around = [words[j].group() if 0 <= j < len(words) else "" for j in range(i - 2, i + 3)]
        parts += [text[end : match.start()], _meant(around)]
        end = match.end()
    return "".join(parts) + text[end:]


def _meant(around: Sequence[str]) -> str:
    """The word in the middle of five, as it was meant."""
    word = around[2]
    numeral = _NUMERALS.get(word)
    if numeral and _between(around):
        return numeral
    known, by_sound = _lexicon()
    if word in known or len(word) < _SHORTEST - 1 or _pinyin().fullmatch(word):
        return word
    meant = by_sound.get(key(word), word)
    # "Arrived" is no other word for "arrive".
    return word if word.startswith(meant) else meant


def _between(around: Sequence[str]) -> bool:
    """Whether a number goes on here; words that mean nothing else need one such neighbour.

    "Ten to five" is a time: other words need a row of single digits around them.
    """
    first, before, word, after, last = around
    left = before in _DIGITS or before in _NUMERALS
    right = after in _DIGITS or after in _AFTER or after in _NUMERALS
    if word in _lexicon()[0] and word not in _RARE:
        row = before in _SINGLE and after in _SINGLE
        return row and (first in _SINGLE or last in _SINGLE)
    return left or right


def key(word: str) -> str:
    """How a word sounds on a bad line."""
    for pattern, sound in _SAME:
        word = pattern.sub(sound, word)
    return word


def vocabulary(others: frozenset[str]) -> tuple[frozenset[str], dict[str, str]]:
    """Known words, and those of four letters and more by their sound, where it is theirs alone.

    Args:
        others: words that are known although calls have no use for them.
    """
    plain = of_calls_en()
    words = {word for name in goods("en") for word in _WORD.findall(name)} | plain
    words |= {name for name in place_names() if " " not in name}
    by_sound: dict[str, str] = {}
    twice = set()
    for word in sorted(words):
        if len(word) >= _SHORTEST:
            sound = key(word)
            if sound in by_sound:
                twice.add(sound)
            by_sound[sound] = word
    for word in sorted(plain, key=lambda word: (word in _DIGITS, word)):
        # The words of every call win over names of goods and places, numerals over them all.
        if len(word) >= _SHORTEST:
            by_sound[key(word)] = word
            twice.discard(key(word))
    return frozenset(words | others), {k: w for k, w in by_sound.items() if k not in twice}


@lru_cache(maxsize=1)
def _lexicon() -> tuple[frozenset[str], dict[str, str]]:
    return vocabulary(lookalikes_en() | _SHORTENED)


@lru_cache(maxsize=1)
def _pinyin() -> re.Pattern[str]:
    """Names in Pinyin, which have no English spelling to be mended to."""
    longest = sorted(all_syllables(), key=len, reverse=True)
    return re.compile(rf"(?:{'|'.join(longest)}){{1,3}}")


def warm_up() -> None:
    """Builds the indexes."""
    _lexicon()
    _pinyin()
