"""Towns and districts in which one character was taken for another on a page (pure).

戌都市武侯区 is 成都市武侯区: a name is put right when one character differs and what stands beside
it, province or district, bears it out.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from nlp.gazetteer.areas import Area, areas, own_name, short
from nlp.written.alike import one_off

#: Shorter names differ from too many others by one character.
_LEAST = 3


def mended(address: str) -> str:
    """The address with town and district as they are spelt, where it is sure which are meant."""
    at, within = _province(address)
    for names in (_cities, _districts):
        name, length, within = _named(address, at, names(), within)
        address = address[:at] + name + address[at + length :]
        at += len(name)
    return address


def _province(address: str) -> tuple[int, Area | None]:
    for area in areas():
        if area.level == 0 and address.startswith(area.province):
            return len(area.province), area
    return 0, None


@lru_cache(maxsize=1)
def _cities() -> tuple[Area, ...]:
    return tuple(a for a in areas() if a.level == 1 and not a.spot)


@lru_cache(maxsize=1)
def _districts() -> tuple[Area, ...]:
    return tuple(a for a in areas() if a.district and not a.spot)


def _named(
    address: str, at: int, names: Iterable[Area], within: Area | None
) -> tuple[str, int, Area | None]:
    """The name that stands there, how many characters it takes, and its area; none of it where
    nothing does or several may be meant."""
    near: dict[str, Area] = {}
    for area in names:
        if within is not None and not area.within(within):
            continue
        name = own_name(area)
        there = address[at : at + len(name)]
        if there == name:
            return name, len(name), area
        if len(name) >= _LEAST and one_off(there, name) and _borne_out(area, address, at, within):
            near[name] = area
    if len(near) == 1:
        [(name, area)] = near.items()
        return name, len(name), area
    return "", 0, within


def _borne_out(area: Area, address: str, at: int, within: Area | None) -> bool:
    """Whether its province or city stands before it, or one of its districts behind it."""
    if within is not None:
        return True
    rest = address[at + len(own_name(area)) :]
    return any(
        rest.startswith((own_name(d), short(own_name(d))))
        for d in _districts()
        if d.within(area) and d != area
    )
