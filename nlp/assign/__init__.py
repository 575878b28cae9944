"""From entities to the order's fields: which value is meant for which field (pure)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from nlp.assign.people import People
from nlp.assign.places import Places
from nlp.assign.quantities import Quantities
from nlp.assign.slate import Slate
from nlp.assign.times import Times
from nlp.assign.wares import Wares
from nlp.components.scene import Entity, Scene
from nlp.meaning import Ambiguity, HeardField


@dataclass(frozen=True, slots=True)
class Assigned:
    """What the entities say of the order."""

    fields: Mapping[str, HeardField]
    ambiguities: tuple[Ambiguity, ...]
    asks_danger: tuple[str, ...]


def assign(scene: Scene, *, corrects: bool) -> Assigned:
    """All fields, from left to right; later words win over earlier ones of the same field."""
    slate = Slate(scene, corrects=corrects)
    places, people, amounts = Places(slate), People(slate), Quantities(slate)
    times, wares = Times(slate), Wares(slate)
    take: dict[str, Callable[[Entity], None]] = {
        "cue": slate.cue, "place": places.place, "person": people.person, "phone": people.phone,
        "weight": amounts.weight, "volume": amounts.volume, "pieces": amounts.pieces,
        "money": amounts.money, "number": amounts.number, "moment": times.moment,
        "either": times.either,
        "goods": wares.goods, "packaging": wares.packaging, "choice": wares.choice,
        "company": people.company, "account": people.account, "remark": wares.remark,
    }  # fmt: skip
    for entity in sorted(scene.entities, key=lambda e: (e.start, e.end)):
        if entity.kind in take:
            take[entity.kind](entity)
    places.place_loose()
    amounts.total()
    if slate.dangers:
        slate.set("dangerous", tuple(dict.fromkeys(slate.dangers)), slate.fields.get("goods"))
    return Assigned(slate.fields, tuple(slate.ambiguities), tuple(dict.fromkeys(slate.asks)))
