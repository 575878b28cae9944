"""Goods and dangerous goods by the names callers use."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from models.call import Lang
from models.fields import DangerousGood


@dataclass(frozen=True, slots=True)
class Good:
    """An article.

    Attributes:
        name: as the caller says it.
        dangerous: its class and UN number, where it is dangerous by itself.
        air, rail: `forbidden`, `papers`, or empty where it is not dangerous.
        asks: it may hide dangerous goods, so that a guiding question is due.
    """

    name: str
    dangerous: DangerousGood | None = None
    air: str = ""
    rail: str = ""
    asks: bool = False


@lru_cache(maxsize=2)
def goods(lang: Lang) -> dict[str, Good]:
    """Names in a language to goods; a dangerous meaning wins over an ordinary one."""
    column = 0 if lang == "zh" else 1
    known: dict[str, Good] = {}
    for row in _rows("goods.tsv"):
        known.update({name: Good(name) for name in row[column].split("|")})
    for row in _rows("suspects.tsv"):
        known.update({name: Good(name, asks=True) for name in row[column].split("|")})
    for hazard_class, un_number, air, rail, *names in _rows("dangerous.tsv"):
        alike = names[column].split("|")
        for name in alike:
            danger = DangerousGood(name, hazard_class, un_number or None)
            known[name] = Good(name, danger, air, rail)
    return {**_more_than_one(known), **known} if lang == "en" else known


def _more_than_one(known: dict[str, Good]) -> dict[str, Good]:
    """The dangerous goods under their plurals."""
    found = {}
    for name, good in known.items():
        if good.dangerous and not name.endswith("s"):
            hissing = name.endswith(("x", "ch", "sh", "z"))
            y = name.endswith("y") and name[-2:-1] not in "aeiou"
            plural = f"{name[:-1]}ies" if y else f"{name}es" if hissing else f"{name}s"
            danger = replace(good.dangerous, name=plural)
            found[plural] = replace(good, name=plural, dangerous=danger)
    return found


@lru_cache(maxsize=6)
def harmless(where: str, lang: Lang) -> tuple[str, ...]:
    """Words that make a dangerous name harmless, the longest first.

    Args:
        where: `after` it, `before` it, or `whole`: a harmless name that holds a dangerous one.
    """
    words = next(w for place, of, w in _rows("harmless.tsv") if (place, of) == (where, lang))
    return tuple(sorted(words.split("|"), key=len, reverse=True))


@lru_cache(maxsize=1)
def by_number() -> dict[str, Good]:
    """Dangerous goods by UN number, under their usual Mandarin name."""
    found: dict[str, Good] = {}
    for good in goods("zh").values():
        if good.dangerous and good.dangerous.un_number:
            found.setdefault(good.dangerous.un_number, good)
    return found


def rules(un_number: str) -> tuple[str, str]:
    """How (air, rail) carry an article: `forbidden` or `papers`; both empty when unknown."""
    good = by_number().get(un_number)
    return (good.air, good.rail) if good else ("", "")


def _rows(name: str) -> Iterator[list[str]]:
    text = files("nlp.gazetteer").joinpath(name).read_text(encoding="utf-8")
    lines = (line for line in text.splitlines() if line and not line.startswith("#"))
    return csv.reader(lines, delimiter="\t")
