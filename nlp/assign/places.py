"""Places: which is the origin, which the destination (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from models.fields import Value
from nlp.assign.slate import Slate
from nlp.components.places import Place
from nlp.components.scene import Entity
from nlp.gazetteer.areas import Area
from nlp.meaning import Ambiguity

_SIDES = {
    "origin": "origin",
    "consignor": "origin",
    "destination": "destination",
    "consignee": "destination",
}
_FROM = re.compile(
    r"(?:从|由|起点是?|(?:发货|提货|取货|装货|始发|起运|出发|寄件)(?:地址?|地点|站)?(?:是|在|为|：|，)*|发自)(?:我们?的?|公司)*$"
    r"|\b(?:from|at|pick(?:ed)? (?:it |them )?up (?:from|at|in)|origin(?: is| address is)?|collect(?:ed)? (?:from|at|in)|(?:pick ?up|collection|loading) (?:address|location|place|point)(?: is| in| at)?)\s*(?:our \w+ (?:in|at) |the )?$"
)
_TO = re.compile(
    r"(?:发到|发往|发去|发给|运到|运往|运去|送到|送往|送去|寄到|寄往|寄去|派到|交到|卸到|到|至|往|去|发|送|寄|运|(?:收货|送货|卸货|目的|到货|收件|到达)(?:地址?|地点|站)?(?:是|在|为|：|，)*)(?:我们?的?)?$"
    r"|\b(?:to|(?:needs?|has|have|must|got)(?: to)? be (?:in|at)|deliver(?:ed|y)? (?:it |them )?(?:to|at|in)|destination(?: is| address is)?|for|(?:delivery|drop off|receiving) (?:address|location|place|point)(?: is| in| at)?)\s*(?:the |a \w+ (?:in|at) |our \w+ (?:in|at) )?$"
)
_LOADS = re.compile(
    r"[，]?(?:那边|这边|那里|工厂|仓库)?(?:来|去|上门)?(?:提货|取货|装货|拉货|拿货|取件|提走)"
)
#: "A truck for Pudong to Urumqi".
_ROUTE = re.compile(r"\s*(?:(?:,|and)\s*)?(?:over |up |down |out )?to\b")
_AT = re.compile(r"在(?:我们?的?|公司)*$")
_STARTS = re.compile(
    r"(?:这边|那边|那里|这里|的?仓库?|工厂)?[，]?(?:提货|取货|装货|发货|发出|发(?=到|往|[\u4e00-\u9fff]{2})|出发|起运|拿货|提|拉货|上门|寄出|到(?=[\u4e00-\u9fff]{2})|运到|寄到|送到)|\s*to\b"
)
_ENDS = re.compile(r"(?:那边|那里)?[，]?(?:收货?(?!费)|卸货|签收|交货)")


class Places:
    """Fills the two addresses."""

    def __init__(self, slate: Slate) -> None:
        self._slate = slate
        self._loose: list[Entity] = []

    def place(self, entity: Entity) -> None:
        """The address that a place is of, at once or once all is known."""
        role = self._role(entity)
        if role:
            self._set_place(role, entity)
        else:
            self._loose.append(entity)

    def _role(self, entity: Entity) -> str:
        before, after = self._slate.scene.text[: entity.start], entity.end
        if _LOADS.match(self._slate.scene.text, after):
            return "origin"
        if _FROM.search(before):
            return "origin"
        if _ENDS.match(self._slate.scene.text, after):
            return "destination"
        if _TO.search(before):
            routed = before.rstrip().endswith(" for") and _ROUTE.match(
                self._slate.scene.text, after
            )
            return "origin" if routed else "destination"
        if _STARTS.match(self._slate.scene.text, after):
            return "origin"
        if _AT.search(before) and self._slate.slot.split(".")[0] not in _SIDES:
            return "origin"
        for slot in (self._slate.slot, self._slate.party, self._slate.scene.slot):
            head = slot.split(".")[0]
            if role := _SIDES.get(head):
                return role
        return ""

    def place_loose(self) -> None:
        """Gives places that nothing named to the addresses still open."""
        free = [r for r in ("origin", "destination") if not self._has_place(r)]
        if len(free) == 2 and len(self._loose) == 1:
            known = [r for r in free if f"{r}.city" in self._slate.known]
            # A correction is of the address that is known, more of the order of the other.
            free = (
                [r for r in free if (r in known) == self._slate.corrects] if len(known) == 1 else []
            )
        for role, entity in zip(free, self._loose, strict=False):
            self._set_place(role, entity)

    def _has_place(self, role: str) -> bool:
        return any(name.startswith(role + ".") for name in self._slate.fields)

    def _set_place(self, role: str, entity: Entity) -> None:
        place = entity.value
        if not isinstance(place, Place):
            return
        areas = _apart(self._fitting(role, place.areas))
        if len(areas) > 1 and _equal(areas[0], areas[1]):
            alike = tuple(a for a in areas if a.level == areas[0].level)
            choices = tuple(self._levels(role, a, place.detail) for a in alike)
            heard = self._slate.scene.text[entity.start : entity.end]
            self._slate.ambiguities.append(
                Ambiguity(name=f"{role}.district", heard=heard, choices=choices)
            )
        elif areas:
            for name, value in self._levels(role, areas[0], place.detail).items():
                self._slate.set(name, value, entity)
        if place.detail:
            self._slate.set(f"{role}.detail", place.detail, entity)

    def _levels(self, role: str, area: Area, detail: str | None) -> dict[str, Value]:
        levels = {"province": area.province, "city": area.city, "district": area.district,
                  "detail": detail}  # fmt: skip
        return {f"{role}.{level}": name for level, name in levels.items() if name}

    def _fitting(self, role: str, areas: Sequence[Area]) -> tuple[Area, ...]:
        """The areas that agree with the city already taken down or said in this utterance."""
        cities = {self._slate.known.get(f"{role}.city")}
        said = self._slate.fields.get(f"{role}.city")
        cities.add(said.value if said else None)
        cities -= {None}
        fitting = tuple(a for a in areas if a.city in cities and a.level > 1)
        return fitting or tuple(areas)


def _apart(areas: Sequence[Area]) -> tuple[Area, ...]:
    """The areas without those that only a well-known place in them tells from another."""
    found: dict[tuple[str, str | None, str | None], Area] = {}
    for area in areas:
        found.setdefault((area.province, area.city, area.district), area)
    return tuple(found.values())


def _equal(one: Area, other: Area) -> bool:
    """Whether a name may well mean either: of two cities a large one is meant."""
    if one.level != other.level or one.level == 0:
        return False
    return one.level > 1 or one.large == other.large
