"""Whether a value was said, or is the one wanted, as far as one can hear (pure)."""

from __future__ import annotations

import re

from models.call import Lang
from models.fields import Value
from nlp.dialogue.phrases import national
from nlp.readings import syllables
from nlp.simulation.ear import alike
from nlp.verbalize import verbalize

_MARKS = re.compile(r"[\W_]+")
_ROUNDED = 1e-6


def same(one: Value | None, other: Value | None) -> bool:
    """Whether two values are one for the ear; numbers may be whole or not."""
    if isinstance(one, int | float) and isinstance(other, int | float):
        return abs(one - other) < _ROUNDED
    return alike(one, other)


def spoken(value: Value, text: str, lang: Lang) -> bool:
    """Whether a text says a value; digits and number words are one."""
    if isinstance(value, tuple):
        return all(spoken(good.name, text, lang) for good in value)
    plain = f"{value:g}" if isinstance(value, int | float) else str(value)
    if plain.startswith("+"):
        plain = re.sub(r"\D", "", national(plain))
    return _heard(plain, lang) in _heard(text, lang)


def _heard(text: str, lang: Lang) -> str:
    said = "".join(syllables(_MARKS.sub("", verbalize(text, lang)))).lower()
    return said.replace("yao", "yi").replace("liang", "er")
