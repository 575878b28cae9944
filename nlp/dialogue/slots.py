"""The slots of an order: what is asked together, which fields it fills, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from nlp.dialogue.actions import Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One thing to ask for.

    Attributes:
        fields: the flat names that it fills.
        needs: those of them that it cannot do without.
        keys: whether the keypad can answer.
        apart: its fields are asked one by one: a name and a number in one breath are heard
            far worse than each alone.
    """

    name: str
    fields: tuple[str, ...]
    needs: tuple[str, ...] = ()
    patience: Patience = "normal"
    keys: bool = False
    apart: bool = False


def _place(name: str) -> Slot:
    parts = tuple(f"{name}.{part}" for part in ("province", "city", "district", "detail"))
    return Slot(
        name=name,
        fields=parts,
        needs=(f"{name}.city", f"{name}.detail"),
        patience="long",
    )


def _person(name: str) -> Slot:
    parts = (f"{name}.name", f"{name}.phone")
    return Slot(name=name, fields=parts, needs=parts, apart=True)


def _single(name: str, field: str, *, patience: Patience = "normal", keys: bool = False) -> Slot:
    return Slot(name=name, fields=(field,), needs=(field,), patience=patience, keys=keys)


_ALL = (
    Slot(
        name="customer",
        fields=("customer.name", "customer.account"),
        needs=("customer.name",),
        patience="long",
    ),
    _single("mode", "mode", keys=True),
    _place("origin"),
    _place("destination"),
    _single("goods", "goods"),
    _single("packaging", "packaging"),
    _single("pieces", "pieces", patience="number", keys=True),
    _single("weight", "weight_kg", patience="number", keys=True),
    _single("volume", "volume_m3", patience="number", keys=True),
    Slot(
        name="pickup",
        fields=("pickup_date", "pickup_start", "pickup_end"),
        needs=("pickup_date", "pickup_start"),
    ),
    _single("deliver_by", "deliver_by"),
    _person("consignee"),
    _person("consignor"),
    _person("contact"),
    _single("payment", "payment", keys=True),
    _single("declared_value", "declared_value_cny", patience="number", keys=True),
    _single("remarks", "remarks", patience="long"),
    _single("dangerous", "dangerous"),
)

#: Slots by name.
SLOTS: Mapping[str, Slot] = {slot.name: slot for slot in _ALL}

_SLOT_OF: Mapping[str, Slot] = {field: slot for slot in _ALL for field in slot.fields}

#: Fields that hold a telephone number.
PHONES = frozenset(name for name in _SLOT_OF if name.endswith(".phone"))

#: Fields of free words: what the line does not let through can wait for a clerk to listen.
TEXTS = frozenset(
    name
    for name in _SLOT_OF
    if name.endswith((".name", ".detail")) or name in {"goods", "packaging", "remarks"}
)


def slot_of(field: str) -> Slot:
    """The slot that a flat field name belongs to."""
    return _SLOT_OF[field]


def missing(required: Iterable[str], filled: Iterable[str]) -> str | None:
    """What to ask next: a slot's name when all of it is missing, else the missing field's.
    A slot whose fields are asked apart is never asked as a whole.

    None when every required slot has what it needs.
    """
    have = set(filled)
    for name in required:
        slot = SLOTS[name]
        lacking = [field for field in slot.needs if field not in have]
        if lacking:
            whole = len(lacking) == len(slot.needs) and not slot.apart
            return slot.name if whole else lacking[0]
    return None


def first_part(target: str) -> str:
    """What to ask alone where the question for all of a slot has failed."""
    needs = SLOTS[target].needs if target in SLOTS else ()
    return needs[0] if len(needs) > 1 else target


def fields_of(about: str) -> tuple[str, ...]:
    """The flat names behind a slot's name or a flat name."""
    return SLOTS[about].fields if about in SLOTS else (about,)


def about(field: str) -> str:
    """What to ask or to check when this field is in doubt: its slot, or a part of it."""
    slot = slot_of(field)
    part = field.partition(".")[2]
    return field if part in {"detail", "name", "phone"} and slot.name != "customer" else slot.name
