"""What goods are in an utterance: the value of entities of the kind `goods`."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from models.call import Lang
from nlp.gazetteer.goods import Good, goods


@dataclass(frozen=True, slots=True)
class Article:
    """A good in an utterance. `denied`: the caller says that it is not in the shipment."""

    good: Good
    denied: bool = False


@lru_cache(maxsize=2)
def pattern(lang: Lang) -> re.Pattern[str]:
    """The names of all known goods of a language, the longest first."""
    ordered = sorted(goods(lang), key=len, reverse=True)
    edge = r"\b" if lang == "en" else ""
    return re.compile(edge + "(?:" + "|".join(map(re.escape, ordered)) + ")" + edge)
