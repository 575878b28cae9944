"""Ordinary words, and those of every order."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files


@lru_cache(maxsize=1)
def ordinary() -> frozenset[str]:
    """Frequent words of two characters: what is none may have been misheard."""
    return _read("words.txt")


@lru_cache(maxsize=1)
def of_every_order() -> frozenset[str]:
    """Words that are meant wherever something sounds exactly like them."""
    return _read("common.txt")


@lru_cache(maxsize=1)
def of_calls() -> frozenset[str]:
    """Words that are meant where what was heard makes no sense."""
    return _read("phrases.txt")


@lru_cache(maxsize=1)
def of_calls_en() -> frozenset[str]:
    """English words of calls."""
    return _read("words_en.txt")


@lru_cache(maxsize=1)
def lookalikes_en() -> frozenset[str]:
    """English words that sound like one of calls and are another."""
    return _read("lookalikes_en.txt")


@lru_cache(maxsize=1)
def of_streets_en() -> frozenset[str]:
    """Plain English words that streets are called by."""
    return _read("street_words_en.txt")


def senseless(text: str, start: int, end: int) -> bool:
    """Whether these characters make no ordinary word, with each other or with their neighbours."""
    known = _known()
    first, last = max(0, start - 1), min(len(text), end + 1)
    return all(text[i : i + 2] not in known for i in range(first, last - 1))


def is_word(text: str) -> bool:
    """Whether this is an ordinary word, or one of calls."""
    return text in _known()


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return ordinary() | of_every_order() | of_calls()


def _read(name: str) -> frozenset[str]:
    text = files("nlp.gazetteer").joinpath(name).read_text(encoding="utf-8")
    return frozenset(w for line in text.splitlines() if line[:1] != "#" for w in line.split())
