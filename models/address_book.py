"""A customer's own places, receivers, people and goods, entry by entry (pure).

Calls go by them: the first place is offered, the others and the goods are what unclear words
are repaired to.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from models import entry
from models.customer import Customer, Phone
from models.errors import RuleError
from models.fields import Value

Entry = Mapping[str, str]

#: More entries of one kind are no address book but a customer list.
MOST = 500
_LONGEST = 200
_PLACE = ("province", "city", "district", "detail")


class Part(StrEnum):
    """What an address book holds."""

    PLACES = "places"
    RECEIVERS = "receivers"
    PEOPLE = "people"
    GOODS = "goods"


#: The flat names of each part's columns.
COLUMNS: Mapping[Part, tuple[str, ...]] = {
    Part.PLACES: tuple(f"origin.{part}" for part in _PLACE),
    Part.RECEIVERS: (
        "consignee.name",
        "consignee.phone",
        *(f"destination.{part}" for part in _PLACE),
    ),
    Part.PEOPLE: ("contact.name", "contact.phone"),
    Part.GOODS: ("goods",),
}
#: An entry without one of these is of no use in a call.
_NEEDED: Mapping[Part, tuple[str, ...]] = {
    Part.PLACES: ("origin.city", "origin.detail"),
    Part.RECEIVERS: ("consignee.name", "consignee.phone", "destination.detail"),
    Part.PEOPLE: ("contact.phone",),
    Part.GOODS: ("goods",),
}


class UnfitEntry(RuleError):
    """An entry cannot be kept; the message says why."""


class GoneEntry(RuleError):
    """The entry is no longer as it was shown."""


@dataclass(frozen=True, slots=True)
class Used:
    """An entry that past orders had, and how many of them."""

    entry: Entry
    orders: int


def read(part: Part, typed: Mapping[str, str]) -> dict[str, str]:
    """The checked entry for what was typed, by flat name.

    Raises:
        UnfitEntry: nothing that a call could use, or a text that is too long.
        InvalidValue: a value is nothing for its column.
    """
    found: dict[str, str] = {}
    for name in COLUMNS[part]:
        text = typed.get(name, "").strip()
        if len(text) > _LONGEST:
            raise UnfitEntry("A text in the address book is too long: 200 characters at most.")
        if (value := entry.read(name, text)) is not None:
            found[name] = str(value)
    if not found.keys() & {*_NEEDED[part]}:
        raise UnfitEntry("Fill in a name, a number or an address.")
    return found


def typed(part: Part, one: Entry) -> dict[str, str]:
    """What a form shows of an entry; `read` takes it back."""
    return {name: entry.typed(name, one.get(name)) for name in COLUMNS[part]}


def key(one: Entry) -> str:
    """What tells this entry, as it is, from every other one."""
    text = json.dumps(dict(one), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def entries(customer: Customer, part: Part) -> tuple[Entry, ...]:
    """A part's entries, most used first."""
    if part is Part.PLACES:
        return customer.origins
    if part is Part.RECEIVERS:
        return customer.consignees
    if part is Part.GOODS:
        return tuple({"goods": name} for name in customer.goods)
    return tuple(
        {"contact.phone": p.number} | ({"contact.name": p.person} if p.person else {})
        for p in customer.phones
    )


def with_entries(customer: Customer, part: Part, found: Sequence[Entry]) -> Customer:
    """The customer with these entries in place of a part's.

    Raises:
        UnfitEntry: there are too many.
    """
    if len(found) > MOST:
        raise UnfitEntry("This part of the address book is full: 500 entries at most.")
    if part is Part.PLACES:
        return replace(customer, origins=tuple(found))
    if part is Part.RECEIVERS:
        return replace(customer, consignees=tuple(found))
    if part is Part.GOODS:
        return replace(customer, goods=tuple(one["goods"] for one in found))
    phones = (Phone(one["contact.phone"], one.get("contact.name")) for one in found)
    return replace(customer, phones=tuple(phones))


def add(customer: Customer, part: Part, new: Iterable[Entry]) -> tuple[Customer, int]:
    """The customer with new entries at the end, and how many of them were not there yet."""
    found = list(entries(customer, part))
    known = {_same(part, one) for one in found}
    for one in new:
        if _same(part, one) not in known:
            known.add(_same(part, one))
            found.append(one)
    return with_entries(customer, part, found), len(found) - len(entries(customer, part))


def correct(customer: Customer, part: Part, was: str, one: Entry) -> Customer:
    """The customer with an entry (by `key`) put right.

    Raises:
        GoneEntry: it was changed or taken out meanwhile.
        UnfitEntry: another entry says the same.
    """
    found = list(entries(customer, part))
    place = _place(found, was)
    others = {_same(part, other) for at, other in enumerate(found) if at != place}
    if _same(part, one) in others:
        raise UnfitEntry("This is in the address book already.")
    found[place] = one
    return with_entries(customer, part, found)


def remove(customer: Customer, part: Part, was: str) -> Customer:
    """The customer without an entry. Raises GoneEntry."""
    found = list(entries(customer, part))
    del found[_place(found, was)]
    return with_entries(customer, part, found)


def to_front(customer: Customer, part: Part, was: str) -> Customer:
    """The customer with an entry before all others of its part. Raises GoneEntry."""
    found = list(entries(customer, part))
    found.insert(0, found.pop(_place(found, was)))
    return with_entries(customer, part, found)


def used(
    customer: Customer, part: Part, orders: Iterable[Mapping[str, Value]], *, most: int = 10
) -> list[Used]:
    """What past orders had and the book has not, most used first.

    Args:
        orders: their values by flat name, newest first; of what counts alike the newer one
            goes before.
    """
    known = {_same(part, one) for one in entries(customer, part)}
    counts: Counter[str] = Counter()
    found: dict[str, Entry] = {}
    for values in orders:
        one = {n: str(values[n]) for n in COLUMNS[part] if values.get(n) is not None}
        same = _same(part, one)
        if one.keys() & {*_NEEDED[part]} and same not in known:
            counts[same] += 1
            found.setdefault(same, one)
    return [Used(found[same], count) for same, count in counts.most_common(most)]


def _same(part: Part, one: Entry) -> str:
    """What two entries share that say the same: a person is their number."""
    if part is Part.PEOPLE and "contact.phone" in one:
        return one["contact.phone"]
    return key(one)


def _place(found: Sequence[Entry], was: str) -> int:
    for place, one in enumerate(found):
        if key(one) == was:
            return place
    raise GoneEntry("Somebody else changed this entry meanwhile. Look at it again.")
