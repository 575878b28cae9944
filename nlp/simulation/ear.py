"""What two written values have in common for the ear."""

from __future__ import annotations

import re

from models.fields import DangerousGood, Value
from nlp.readings import syllables

_MARKS = re.compile(r"[\W_]+")


def alike(one: Value | None, other: Value | None) -> bool:
    """Whether two values cannot be told apart over the telephone.

    王强 and 王墙 are the same there; numbers, dates and
    codes have to be equal.
    """
    if isinstance(one, str) and isinstance(other, str):
        return _sound(one) == _sound(other)
    if isinstance(one, tuple) and isinstance(other, tuple):
        return _names(one) == _names(other)
    return one == other


def _sound(text: str) -> str:
    return _MARKS.sub("", "".join(syllables(text))).lower()


def _names(goods: tuple[DangerousGood, ...]) -> set[str]:
    return {_sound(good.name) for good in goods}
