"""What goods are in an utterance: the value of entities of the kind `goods`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.call import Lang
from nlp.gazetteer.goods import Good, goods


@dataclass(frozen=True, slots=True)
class Article:
    """A good in an utterance. `denied`: the caller says that it is not in the shipment."""

    good: Good
    denied: bool = False


def named(text: str, lang: Lang) -> Iterator[tuple[int, int, Good]]:
    """Known goods in the text from left to right, the longest name at each place."""
    known, lengths = _names(lang)
    position = 0
    while position < len(text):
        if lang == "en" and _within_word(text, position):
            position += 1
            continue
        end = next(
            (
                position + length
                for length in lengths.get(text[position], ())
                if position + length <= len(text)
                and text[position : position + length] in known
                and (lang == "zh" or not _within_word(text, position + length))
            ),
            0,
        )
        if end:
            yield position, end, known[text[position:end]]
        position = end or position + 1


def _within_word(text: str, at: int) -> bool:
    """Whether a word goes on from before this place to behind it."""
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


@lru_cache(maxsize=2)
def _names(lang: Lang) -> tuple[dict[str, Good], dict[str, tuple[int, ...]]]:
    """All names, and by first letter how long they are, the longest first."""
    known = goods(lang)
    lengths: dict[str, set[int]] = defaultdict(set)
    for name in known:
        lengths[name[0]].add(len(name))
    return known, {first: tuple(sorted(found, reverse=True)) for first, found in lengths.items()}


def warm_up(lang: Lang) -> None:
    """Builds the table of names."""
    _names(lang)
