"""The desk's own dangerous goods, which go before the product's list (pure).

A line is `NAMES | CLASS | UN | AIR | RAIL | ROAD`; the names of one good are split by commas, the
usual one first. A class of `-` says that the desk knows the good to be harmless.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from models.call import Lang
from models.errors import RuleError
from models.fields import DangerousGood

#: How a mode carries a good: not at all, declared and with papers, or not known.
CARRIAGE = ("forbidden", "papers", "")
_MOST = 500
_HARMLESS = "-"
_COLUMNS = 6
_CLASS = re.compile(r"[1-9](\.[1-6])?")
_UN = re.compile(r"UN\d{4}")
_PARTS, _NAMES = re.compile(r"\s*[|｜]\s*"), re.compile(r"\s*[,，、]\s*")
_SHORTEST, _LONGEST = 2, 60


class UnfitList(RuleError):
    """The list cannot be used; `line` is the number of the line at fault."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One good of the desk's own list.

    Attributes:
        names: as callers say it, the usual one first.
        hazard_class: UN class or division; None where the good is harmless.
        air, rail, road: one of `CARRIAGE`.
    """

    lang: Lang
    names: tuple[str, ...]
    hazard_class: str | None
    un_number: str | None = None
    air: str = ""
    rail: str = ""
    road: str = ""

    def dangerous(self, name: str) -> DangerousGood | None:
        """What an order keeps of it, under the name that was said."""
        if self.hazard_class is None:
            return None
        return DangerousGood(name, self.hazard_class, self.un_number)


def read(text: str, lang: Lang) -> dict[str, Any]:
    """The list that a form describes, as it is stored.

    Raises:
        UnfitList: a line breaks a rule, or a name stands twice.
    """
    goods: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        good = _good(line, lang, number)
        if seen & set(good["names"]):
            raise UnfitList("A name stands in the list twice.", number)
        seen.update(good["names"])
        goods.append(good)
        if len(goods) > _MOST:
            raise UnfitList("The list is too long: 500 goods at most.", number)
    return {"goods": goods}


def typed(body: Mapping[str, Any]) -> str:
    """What a form shows; `read` takes it back."""
    return "\n".join(
        " | ".join(
            (
                ", ".join(good["names"]),
                good["hazard_class"] or _HARMLESS,
                good["un_number"] or "",
                *(good[mode] for mode in ("air", "rail", "road")),
            )
        ).rstrip(" |")
        for good in body["goods"]
    )


def listed(body: Mapping[str, Any] | None, lang: Lang) -> Iterable[Listed]:
    """The goods of a stored list; none where nothing is published."""
    for good in () if body is None else body["goods"]:
        yield Listed(lang=lang, **{**good, "names": tuple(good["names"])})


def _good(line: str, lang: Lang, number: int) -> dict[str, Any]:
    parts = _PARTS.split(line.strip())
    if not 1 < len(parts) <= _COLUMNS:
        raise UnfitList("A good is written as: names | class | UN | air | rail | road.", number)
    cells: list[str] = [*parts, *[""] * (_COLUMNS - len(parts))]
    names_, hazard_class, un_number, *carriage = cells
    names = [_plain(name, lang) for name in _NAMES.split(names_) if name]
    if not names or any(not _SHORTEST <= len(name) <= _LONGEST for name in names):
        raise UnfitList("A name has 2 to 60 characters.", number)
    if hazard_class != _HARMLESS and not _CLASS.fullmatch(hazard_class):
        raise UnfitList("A class is such as 3 or 2.1, or - for harmless goods.", number)
    if un_number and not _UN.fullmatch(un_number.upper()):
        raise UnfitList("A UN number is such as UN1263.", number)
    if not set(carriage) <= set(CARRIAGE):
        raise UnfitList("Air, rail and road are forbidden, papers, or empty.", number)
    harmless = hazard_class == _HARMLESS
    return {
        "names": names,
        "hazard_class": None if harmless else hazard_class,
        "un_number": None if harmless else un_number.upper() or None,
        **dict(zip(("air", "rail", "road"), carriage, strict=True)),
    }


def _plain(name: str, lang: Lang) -> str:
    return " ".join(name.lower().split()) if lang == "en" else "".join(name.split())
