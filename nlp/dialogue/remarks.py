"""What is no remark, though it was heard where one was asked for (pure)."""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.phonetics import distance, syllables

_MARKS = re.compile(r"[\W_]+")
_NOTHING_ZH = (
    "没有了 没有 没了 没有别的了 没有备注 没了就这些 没有了就这些 就这些 不用了 不需要 都对 "
    "不对 错了 不是 是错了 是不对 备注不对 备注错了 没听清 再说一遍"
).split()
_NOTHING_EN = re.compile(
    r"(?:no|nothing|none|nope|well|um)?[, ]*(?:that(?:'s?| is)? all|nothing else|nothing more|(?:is )?wrong|"
    r"correct|right|thank you|thanks)?[. ]*"
)
#: How far the sounds may be from those of such words.
_NEAR = 0.22


def says_nothing(text: str) -> bool:
    """Whether the words only say that there is nothing to remark, or that something is wrong.

    A line turns 没了，就这些 into 酶了，就这泄, which must not be printed on an order.
    """
    if _NOTHING_EN.fullmatch(text.strip().lower()):
        return True
    sounds = tuple(syllables(_MARKS.sub("", text)))
    return any(distance(sounds, known) <= _NEAR for known in _nothing())


@lru_cache(maxsize=1)
def _nothing() -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(syllables(words)) for words in _NOTHING_ZH)
