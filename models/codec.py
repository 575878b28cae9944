"""Orders, customers and turns as JSON, and back. What the database and the API hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from models.call import Word
from models.fields import FIELDS, Value, as_json, from_json
from models.order import FieldValue, Order, Source


def field_json(known: FieldValue) -> dict[str, Any]:
    """One field: its value and, flat beside it, where it comes from."""
    return {"value": as_json(known.value), **asdict(known.source)}


def fields_json(order: Order) -> dict[str, Any]:
    """All fields by flat name, in the order of `FIELDS`."""
    return {name: field_json(order.fields[name]) for name in FIELDS if name in order.fields}


def fields_from(stored: Mapping[str, Any]) -> Mapping[str, FieldValue]:
    """The inverse of `fields_json`."""
    return MappingProxyType({name: _field_from(name, body) for name, body in stored.items()})


def values_json(values: Mapping[str, Value]) -> dict[str, Any]:
    """Plain values by flat name."""
    return {name: as_json(value) for name, value in values.items()}


def values_from(stored: Mapping[str, Any]) -> dict[str, Value]:
    """The inverse of `values_json`."""
    return {n: from_json(n, v) if n in FIELDS else v for n, v in stored.items()}


def words_json(words: Sequence[Word]) -> list[Any] | None:
    """Words with their times, each `[text, started_ms, ended_ms, confidence]`."""
    return [[w.text, w.started_ms, w.ended_ms, w.confidence] for w in words] or None


def words_from(stored: Sequence[Sequence[Any]] | None) -> tuple[Word, ...]:
    """The inverse of `words_json`."""
    return tuple(
        Word(text=text, started_ms=began, ended_ms=ended, confidence=confidence)
        for text, began, ended, confidence in stored or ()
    )


def changes_json(before: Order | None, after: Order) -> dict[str, Any]:
    """What differs: flat name to `{"old", "new"}`; a missing key means that it was empty."""
    old = values_json(before.values()) if before else {}
    new = values_json(after.values())
    return {
        name: {k: v[name] for k, v in (("old", old), ("new", new)) if name in v}
        for name in FIELDS
        if (name in old) != (name in new) or old.get(name) != new.get(name)
    }


def _field_from(name: str, body: Mapping[str, Any]) -> FieldValue:
    source = {key: value for key, value in body.items() if key != "value"}
    return FieldValue(from_json(name, body["value"]), Source(**source))
