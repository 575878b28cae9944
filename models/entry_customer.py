"""A customer as a person types it, and back (pure); its address book is `models.address_book`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.customer import Customer


def read(form: Mapping[str, str], known: Customer) -> Customer:
    """The customer that a form describes; what the form does not hold stays as it was."""
    return replace(
        known,
        name=form.get("name", "").strip(),
        account=form.get("account", "").strip() or None,
        effective="effective" in form,
        aliases=tuple(
            line.strip() for line in form.get("aliases", "").splitlines() if line.strip()
        ),
    )


def typed(customer: Customer) -> dict[str, str]:
    """What a form shows; `read` takes it back."""
    return {
        "name": customer.name,
        "account": customer.account or "",
        "effective": "on" if customer.effective else "",
        "aliases": "\n".join(customer.aliases),
    }
