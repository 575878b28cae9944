"""Amounts: pieces, weight, volume, value; of each piece and in all (pure)."""

from __future__ import annotations

import re

from nlp.assign.slate import Slate
from nlp.components.quantities import Quantity
from nlp.components.scene import Entity
from nlp.normalize.units import tidy_amount

_NUMERIC = {
    "pieces": "pieces", "weight": "weight_kg", "weight_kg": "weight_kg", "volume": "volume_m3",
    "volume_m3": "volume_m3", "declared_value": "declared_value_cny",
    "declared_value_cny": "declared_value_cny",
}  # fmt: skip


#: What is carried, and paid for, is the gross weight.
_NET = re.compile(
    r"(?:净重?|\bnet(?: weight)?)(?:大概|大约|差不多|是|约|为|有|\s|is|of|about|around)*$"
)


class Quantities:
    """Fills the amounts."""

    def __init__(self, slate: Slate) -> None:
        self._slate = slate
        self._each: Entity | None = None
        self._each_volume: Entity | None = None
        self._sides: Entity | None = None

    def weight(self, entity: Entity) -> None:
        """A weight, of all or of each piece."""
        amount = _quantity(entity)
        if amount.each:
            self._each = entity
        elif not self._is_net(entity):
            self._slate.set("weight_kg", amount.amount, entity)

    def volume(self, entity: Entity) -> None:
        """A volume, of all or of each piece."""
        amount = _quantity(entity)
        if amount.each:
            self._each_volume = entity
        else:
            self._slate.set("volume_m3", amount.amount, entity)
            self._sides = entity if amount.sides else None

    def pieces(self, entity: Entity) -> None:
        """How many pieces, and in what they are packed."""
        amount = _quantity(entity)
        misheard = (
            self._slate.slot in _NUMERIC
            and self._slate.slot != "pieces"
            and not any(e.kind in {"weight", "volume", "money"} for e in self._slate.scene.entities)
        )
        if misheard and amount.packaging is None:
            self._slate.set(_NUMERIC[self._slate.slot], amount.amount, entity)
            return
        count = int(amount.amount)
        known = self._slate.fields.get("pieces")
        also = re.search(
            r"(?:还有|加上?|另外|和|以及|、|\bplus|\band)\s*$",
            self._slate.scene.text[: entity.start],
        )
        row = re.search(r"[小大][箱桶袋包件托]$", self._slate.scene.text[: entity.start])
        if (also or row) and known and isinstance(known.value, int):
            count += known.value
        self._slate.set("pieces", count, entity)
        if amount.packaging and "packaging" not in self._slate.fields:
            self._slate.set("packaging", amount.packaging, entity)

    def money(self, entity: Entity) -> None:
        """The declared value."""
        self._slate.set("declared_value_cny", _quantity(entity).amount, entity)

    def number(self, entity: Entity) -> None:
        """A lone number belongs to the slot that is asked for or named."""
        name = _NUMERIC.get(self._slate.slot) or (
            self._sole_number() if self._slate.corrects else None
        )
        value = _quantity(entity).amount
        if name is None or value <= 0 or (name == "weight_kg" and self._is_net(entity)):
            return
        if len(self._slate.scene.text[entity.start : entity.end]) == 1 and re.match(
            r"[下点些批票会切样起样定般直]|共|个(?=问题|单)", self._slate.scene.text[entity.end :]
        ):
            return
        self._slate.set(
            name, int(value) if name == "pieces" and value == int(value) else value, entity
        )

    def _is_net(self, entity: Entity) -> bool:
        """Whether it is the net weight, and the gross one is known already."""
        net = _NET.search(self._slate.scene.text[: entity.start])
        return bool(net) and "weight_kg" in self._slate.fields

    def _sole_number(self) -> str | None:
        """The one number that is known, which a correction without a name must be of."""
        known = [name for name in set(_NUMERIC.values()) if self._slate.known.get(name)]
        return known[0] if len(known) == 1 else None

    def total(self) -> None:
        """What was said of each piece, times the pieces."""
        if self._sides and "pieces" in self._slate.fields:
            # Sides are those of a piece where pieces are counted.
            self._slate.fields.pop("volume_m3", None)
            self._each_volume = self._sides
        for entity, name in ((self._each, "weight_kg"), (self._each_volume, "volume_m3")):
            if entity is None or name in self._slate.fields:
                continue
            said = self._slate.fields.get("pieces")
            pieces = said.value if said else self._slate.known.get("pieces")
            if isinstance(pieces, int):
                self._slate.set(name, tidy_amount(_quantity(entity).amount * pieces), entity)


def _quantity(entity: Entity) -> Quantity:
    return entity.value if isinstance(entity.value, Quantity) else Quantity(0)
