"""Labels and what stands under them become one order's fields (pure).

What a label leaves open ("Telephone" alone) is of the party that was named last.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from nlp.written import kinds
from nlp.written.labels import Label
from nlp.written.source import Entry, Text
from nlp.written.values import Found, Reader, values

#: A label that comes again begins an order when the one before says more than this.
_FULL = 3
_SIDES = {"consignee": "destination", "consignor": "origin"}


@dataclass(slots=True)
class Sheet:
    """What one order's labels say, before it is read."""

    entries: list[Entry] = field(default_factory=list)
    party: str = ""

    def add(self, label: Label, text: Text) -> None:
        """Keeps an entry, with the party it is about."""
        if label.what == "time":
            label = replace(label, what="deliver_by" if self.party == "consignee" else "pickup")
        elif label.party:
            self.party = label.party
        elif label.what not in {"phone", "place", "name"}:
            self.party = "" if label.what != "remarks" else self.party
        party = label.party or self.party
        self.entries.append(Entry(Label(label.what, party, label.unit, label.weak), text))

    def target(self, label: Label) -> str:
        """The slot or the field that a label names here."""
        return _target(Label(label.what, label.party or self.party, label.unit))

    def has(self, label: Label) -> bool:
        """Whether the same is named already."""
        target = self.target(label)
        return any(_target(e.label) == target for e in self.entries)

    def count(self) -> int:
        """How many different things are named."""
        return len({_target(e.label) for e in self.entries})


def split(entries: Iterable[Entry]) -> tuple[Sheet, list[Sheet]]:
    """The orders that labels and values in the order of reading tell of.

    What every order has of its own (goods, pieces, who receives it) and comes again begins the next
    one, with what comes again just before it. What stands before the first of it is said for all.
    """
    sheets = [Sheet()]
    for entry in entries:
        sheet = sheets[-1]
        if sheet.has(entry.label) and sheet.count() > _FULL and _begins(sheet.target(entry.label)):
            sheets.append(_next(sheet))
        sheets[-1].add(entry.label, entry.text)
    shared = Sheet()
    if len(sheets) > 1:
        again = {_target(e.label) for e in sheets[1].entries}
        first = sheets[0].entries
        until = next((n for n, e in enumerate(first) if _target(e.label) in again), 0)
        shared.entries, sheets[0].entries = first[:until], first[until:]
    return shared, [sheet for sheet in sheets if sheet.entries]


def _begins(target: str) -> bool:
    return target in {"goods", "pieces", "consignee.name", "customer.name"}


def _next(sheet: Sheet) -> Sheet:
    """A sheet for the next order, with what the one before has twice at its end."""
    moved: list[Entry] = []
    while sheet.entries:
        last = _target(sheet.entries[-1].label)
        if all(_target(e.label) != last for e in sheet.entries[:-1]):
            break
        moved.insert(0, sheet.entries.pop())
    return Sheet(moved, sheet.party)


def _target(label: Label) -> str:
    """The slot or the field that a label names, its party known."""
    if label.what == "place":
        return _SIDES.get(label.party, "")
    if label.what in {"name", "phone"}:
        return f"{label.party or 'contact'}.{label.what}"
    return label.what


def read(reader: Reader, entries: Iterable[Entry]) -> dict[str, Found]:
    """The fields that the entries say; the first value of a field stands, strong before weak."""
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        target = _target(entry.label)
        target = "pickup" if target == "pickup_time" else target
        if target:
            groups.setdefault(target, []).append(entry)
    found: list[Found] = []
    for target, said in groups.items():
        found += _of_group(reader, target, said)
    result: dict[str, Found] = {}
    for value in sorted(found, key=lambda f: f.weak):
        result.setdefault(value.name, value)
    return result


def _of_group(reader: Reader, target: str, said: list[Entry]) -> list[Found]:
    if target in {"origin", "destination", "pickup"}:
        return values(reader, target, [e.text for e in said], said[0].label.unit)
    ordered = sorted(said, key=lambda e: e.label.weak)
    result: list[Found] = []
    for entry in ordered:
        named = values(reader, target, [entry.text], entry.label.unit)
        if entry.label.weak:
            named = [_weaker(f) for f in named]
        # A firm that sends is the desk's customer.
        named = [replace(f, name="customer.name", weak=True) if _firm(f) else f for f in named]
        result += named
    return result


def _firm(found: Found) -> bool:
    return found.name == "consignor.name" and kinds.is_company(found.read)


def _weaker(found: Found) -> Found:
    return Found(
        name=found.name, value=found.value, read=found.read, place=found.place,
        confidence=found.confidence * 0.8, weak=True,
    )  # fmt: skip
