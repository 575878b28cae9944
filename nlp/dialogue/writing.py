"""Keeps the parts of an order consistent while values are written into it (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from models.fields import Value
from models.order import FieldValue, Order

_PLACES = ("origin", "destination")
_NARROWER = ("district", "detail")


def write(order: Order, values: Mapping[str, FieldValue]) -> Order:
    """The order with the values set, and with what they make untrue moved or dropped."""
    plain = {name: new.value for name, new in values.items()}
    changed = {name for name, value in plain.items() if value != order.value(name)}
    drop = {name for place in _PLACES for name in _left_behind(order, place, changed, plain)}
    if order.value("goods") is not None and changed & {"goods", "mode"}:
        drop.add("dangerous")
    moved = _moved_times(order, values)
    if "pickup_start" in changed and "pickup_end" not in plain:
        # The end that was said belongs to the start that was said with it.
        drop.add("pickup_end")
    return order.change({**values, **moved}, drop=drop & order.fields.keys())


def _left_behind(
    order: Order, place: str, changed: set[str], values: Mapping[str, Value]
) -> list[str]:
    """The narrower parts of an address whose city is no longer theirs."""
    city = f"{place}.city"
    if city not in changed or order.value(city) is None:
        return []
    return [name for part in _NARROWER if (name := f"{place}.{part}") not in values]


def _moved_times(order: Order, values: Mapping[str, FieldValue]) -> dict[str, FieldValue]:
    """The pick-up's date and times, made to agree with the newly heard part."""
    start, day = values.get("pickup_start"), values.get("pickup_date")
    if start is not None and day is None:
        return {"pickup_date": FieldValue(str(start.value)[:10], start.source)}
    if day is None or start is not None:
        return {}
    moved = {}
    for name in ("pickup_start", "pickup_end"):
        old = order.value(name)
        if old is not None and name not in values:
            hour = datetime.fromisoformat(str(old)).time()
            new = datetime.combine(date.fromisoformat(str(day.value)), hour)
            moved[name] = FieldValue(new.isoformat(timespec="minutes"), day.source)
    return moved
