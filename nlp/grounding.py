"""Whether words were really said: by spelling, by number, and in Mandarin by sound (pure)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from models.call import Lang
from nlp.normalize.text import tidy
from nlp.phonetics import blurred, syllables
from nlp.verbalize.cardinals import en_cardinal, zh_cardinal

_NUMBER = re.compile(r"\d{1,12}(?:\.\d+)?")
_ZH_DIGITS = "零一二三四五六七八九"
_EN_DIGITS = "zero one two three four five six seven eight nine".split()
_SAME_NUMBER = str.maketrans("幺两〇", "一二零")
_NUMERIC_ZH = frozenset("零一二三四五六七八九十百千万亿点")
_NUMERIC_EN = frozenset(
    (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy "
        "eighty ninety hundred thousand million point"
    ).split()
)

#: What a word sounds like, and whether it is part of a number.
_Token = tuple[str, bool]


def grounded(words: str, said: str, lang: Lang) -> bool:
    """Whether the words occur in what was said. A part of a number is not that number."""
    return any(
        _within(part, whole) for part in _tokens(words, lang) for whole in _tokens(said, lang)
    )


def _within(part: list[_Token], whole: list[_Token]) -> bool:
    size = len(part)
    return bool(part) and any(
        part == whole[start : start + size] and not _cuts_number(whole, start, start + size)
        for start in range(len(whole) - size + 1)
    )


def _cuts_number(tokens: list[_Token], start: int, end: int) -> bool:
    def inside(at: int) -> bool:
        return 0 < at < len(tokens) and tokens[at - 1][1] and tokens[at][1]

    return inside(start) or inside(end)


def _tokens(text: str, lang: Lang) -> Iterator[list[_Token]]:
    """The text's words, with its written numbers as amounts, then digit by digit."""
    plain = tidy(text, lang).lower()
    cut = _sounds if lang == "zh" else _words
    amount = zh_cardinal if lang == "zh" else en_cardinal
    for spoken in (amount, _zh_digits if lang == "zh" else _en_digits):
        yield cut(_NUMBER.sub(_said(spoken), plain))


def _said(spoken: Callable[[str], str]) -> Callable[[re.Match[str]], str]:
    return lambda match: f" {spoken(match[0])} "


def _zh_digits(number: str) -> str:
    return "".join("点" if c == "." else _ZH_DIGITS[int(c)] for c in number)


def _en_digits(number: str) -> str:
    return " ".join("point" if c == "." else _EN_DIGITS[int(c)] for c in number)


def _sounds(text: str) -> list[_Token]:
    characters = [c for c in text.translate(_SAME_NUMBER) if c.isalnum()]
    sounds = syllables("".join(characters))
    # Numbers are compared as written: 十 and 四 sound alike.
    return [
        (c, True) if c in _NUMERIC_ZH else (blurred(s), False)
        for c, s in zip(characters, sounds, strict=True)
    ]


def _words(text: str) -> list[_Token]:
    words = re.findall(r"[^\W_]+", text.replace("'", ""))
    return [(word, word in _NUMERIC_EN) for word in words if word != "and"]
