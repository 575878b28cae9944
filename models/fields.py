"""The order's fields: flat names, kinds, and the check each value passes."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum

from models.errors import RuleError


class Mode(StrEnum):
    """How the goods travel."""

    AIR = "air"
    RAIL = "rail"
    ROAD = "road"
    WAREHOUSE = "warehouse"


class Payment(StrEnum):
    """Who pays and when: monthly account, collect (consignee pays), prepaid."""

    MONTHLY = "monthly"
    COLLECT = "collect"
    PREPAID = "prepaid"


@dataclass(frozen=True, slots=True)
class DangerousGood:
    """A dangerous article as named by the caller.

    Attributes:
        name: usual name, in the caller's language.
        hazard_class: UN class or division, such as `9` or `2.1`; None when unknown.
        un_number: such as `UN3480`; None when unknown.
    """

    name: str
    hazard_class: str | None = None
    un_number: str | None = None


#: A field's value: a JSON scalar, or for `dangerous` the goods declared. An empty tuple there
#: means that the caller was asked and declared none; an absent field means nobody asked.
Value = str | int | float | tuple[DangerousGood, ...]


class InvalidValue(RuleError):
    """A value is not of the field's kind."""


def _text(value: Value) -> Value:
    if not isinstance(value, str) or not value.strip():
        raise ValueError("needs some text")
    return value.strip()


def _phone(value: Value) -> Value:
    if not isinstance(value, str) or not re.fullmatch(r"\+\d{5,15}(;ext=\d{1,6})?", value):
        raise ValueError("needs a phone number in E.164, such as +8613800138000")
    return value


def _pieces(value: Value) -> Value:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError("needs a whole number of at least 1")
    return value


def _amount(value: Value) -> Value:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("needs a number")
    if not math.isfinite(value) or value <= 0:
        raise ValueError("needs a number above 0")
    return float(value)


def _date(value: Value) -> Value:
    if not isinstance(value, str):
        raise ValueError("needs an ISO date")
    return date.fromisoformat(value).isoformat()


def _datetime(value: Value) -> Value:
    """A local date-time to the minute, such as 2026-11-25T14:00."""
    if not isinstance(value, str) or "T" not in value:
        raise ValueError("needs an ISO local date-time, such as 2026-11-25T14:00")
    moment = datetime.fromisoformat(value)
    if moment.tzinfo is not None:
        raise ValueError("needs a local date-time, without a zone")
    return moment.isoformat(timespec="minutes")


def _deadline(value: Value) -> Value:
    return _datetime(value) if isinstance(value, str) and "T" in value else _date(value)


def _mode(value: Value) -> Value:
    return Mode(str(value)).value


def _payment(value: Value) -> Value:
    return Payment(str(value)).value


def _dangerous(value: Value) -> Value:
    if not isinstance(value, tuple) or not all(isinstance(v, DangerousGood) for v in value):
        raise ValueError("needs the dangerous goods named, or an empty tuple for none")
    return value


#: Flat name to check, in the order in which an order is read back.
FIELDS: Mapping[str, Callable[[Value], Value]] = {
    "customer.name": _text,
    "customer.account": _text,
    "mode": _mode,
    "origin.province": _text,
    "origin.city": _text,
    "origin.district": _text,
    "origin.detail": _text,
    "consignor.name": _text,
    "consignor.phone": _phone,
    "destination.province": _text,
    "destination.city": _text,
    "destination.district": _text,
    "destination.detail": _text,
    "consignee.name": _text,
    "consignee.phone": _phone,
    "goods": _text,
    "packaging": _text,
    "pieces": _pieces,
    "weight_kg": _amount,
    "volume_m3": _amount,
    "pickup_date": _date,
    "pickup_start": _datetime,
    "pickup_end": _datetime,
    "deliver_by": _deadline,
    "payment": _payment,
    "declared_value_cny": _amount,
    "contact.name": _text,
    "contact.phone": _phone,
    "remarks": _text,
    "dangerous": _dangerous,
}


def check(name: str, value: Value) -> Value:
    """The value in its canonical form.

    Raises:
        InvalidValue: unknown field, or a value of the wrong kind; the message says which.
    """
    rule = FIELDS.get(name)
    if rule is None:
        raise InvalidValue(f"There is no field {name!r}.")
    try:
        return rule(value)
    except ValueError as error:
        raise InvalidValue(f"{name}: {error}.") from error


def as_json(value: Value) -> object:
    """The value as JSON knows it; `dangerous` is null when none was declared."""
    if isinstance(value, tuple):
        return [asdict(good) for good in value] or None
    return value


def from_json(name: str, value: object) -> Value:
    """The checked value for what `as_json` gave; the inverse of it.

    Raises:
        InvalidValue: see `check`.
    """
    if name == "dangerous":
        goods = value if isinstance(value, list) else []
        return check(name, tuple(DangerousGood(**good) for good in goods))
    if not isinstance(value, str | int | float):
        raise InvalidValue(f"{name}: needs a text or a number.")
    return check(name, value)
