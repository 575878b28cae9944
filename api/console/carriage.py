"""How dangerous goods may travel: the desk's own list first, then the product's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from models.call import Lang
from models.dangerous_list import Listed, listed
from models.fields import DangerousGood
from models.store import UnitOfWork
from nlp.gazetteer.goods import goods, rules

#: What the table of texts calls the desk's own list.
KIND = "dangerous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """How one good may travel.

    Attributes:
        air, rail, road: `forbidden`, `papers`, or empty where it is not known.
        own: the desk's own list says so, and not the product's.
    """

    good: DangerousGood
    air: str = ""
    rail: str = ""
    road: str = ""
    own: bool = False

    def by(self, mode: str | None) -> str:
        """How it may travel by an order's mode."""
        return {"air": self.air, "rail": self.rail, "road": self.road}.get(mode or "", "")


def carriage_of(uow: UnitOfWork, named: Sequence[DangerousGood]) -> list[Carriage]:
    """How each of an order's dangerous goods may travel, by the lists that are in force."""
    langs: tuple[Lang, ...] = get_args(Lang)
    bodies = {lang: uow.texts.published(KIND, lang) for lang in langs}
    return [_carried(good, bodies) for good in named]


def _carried(good: DangerousGood, bodies: Mapping[Lang, Mapping[str, Any] | None]) -> Carriage:
    for lang, body in bodies.items():
        for one in listed(body, lang):
            if _same(one, good) and (one.air or one.rail or one.road):
                return Carriage(good=good, air=one.air, rail=one.rail, road=one.road, own=True)
    if good.un_number:
        air, rail = rules(good.un_number)
        return Carriage(good=good, air=air, rail=rail)
    found = next((known for lang in bodies if (known := goods(lang).get(good.name))), None)
    return Carriage(good=good, air=found.air if found else "", rail=found.rail if found else "")


def _same(one: Listed, good: DangerousGood) -> bool:
    by_number = one.un_number is not None and one.un_number == good.un_number
    return by_number or good.name.lower() in one.names
