"""A customer as a person types it, and back (pure): one line an entry, parts split by `;`."""

from __future__ import annotations

import re
from collections.abc import Mapping

from models import entry
from models.customer import Customer, Phone
from models.fields import InvalidValue

_PARTS = re.compile(r"\s*[;；|]\s*")
_PLACE = ("province", "city", "district", "detail")
#: What a line of a receiver holds, in this order.
_RECEIVER = ("consignee.name", "consignee.phone", *(f"destination.{part}" for part in _PLACE))
_ORIGIN = tuple(f"origin.{part}" for part in _PLACE)


def read(form: Mapping[str, str], customer_id: str) -> Customer:
    """The customer that a form describes.

    Raises:
        InvalidValue: a telephone number that is none, or a line with too many parts.
    """
    return Customer(
        id=customer_id,
        name=form.get("name", "").strip(),
        account=form.get("account", "").strip() or None,
        effective="effective" in form,
        phones=tuple(map(_phone, _lines(form.get("phones", "")))),
        aliases=tuple(_lines(form.get("aliases", ""))),
        origins=tuple(_values(line, _ORIGIN) for line in _lines(form.get("origins", ""))),
        consignees=tuple(_values(line, _RECEIVER) for line in _lines(form.get("consignees", ""))),
    )


def typed(customer: Customer) -> dict[str, str]:
    """What a form shows; `read` takes it back."""
    return {
        "name": customer.name,
        "account": customer.account or "",
        "effective": "on" if customer.effective else "",
        "phones": "\n".join(
            _joined([entry.typed("contact.phone", p.number), p.person or ""])
            for p in customer.phones
        ),
        "aliases": "\n".join(customer.aliases),
        "origins": "\n".join(_line(place, _ORIGIN) for place in customer.origins),
        "consignees": "\n".join(_line(receiver, _RECEIVER) for receiver in customer.consignees),
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _phone(line: str) -> Phone:
    number, *person = _PARTS.split(line, maxsplit=1)
    return Phone(str(entry.read("contact.phone", number)), (person[0] if person else "") or None)


def _values(line: str, names: tuple[str, ...]) -> dict[str, str]:
    parts = _PARTS.split(line)
    if len(parts) > len(names):
        raise InvalidValue("This line has too many parts.")
    read_parts = ((n, entry.read(n, part)) for n, part in zip(names, parts, strict=False))
    return {name: str(value) for name, value in read_parts if value is not None}


def _line(values: Mapping[str, str], names: tuple[str, ...]) -> str:
    return _joined([entry.typed(name, values.get(name)) for name in names])


def _joined(parts: list[str]) -> str:
    return "; ".join(parts).rstrip("; ")
