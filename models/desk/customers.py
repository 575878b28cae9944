"""The customer register as the desk keeps it."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import datetime

from models.customer import Customer
from models.errors import NotFound, RuleError
from models.store import UnitOfWork


class Belongs(RuleError):
    """A name, a contract number or a telephone number is another customer's already."""


def save(uow: UnitOfWork, customer: Customer, *, by: str, at: datetime) -> Customer:
    """Stores a customer, a new one where its `id` is empty.

    Raises:
        Belongs: another customer has its name, contract number or one of its numbers.
        RuleError: it has no name.
    """
    if not customer.name.strip():
        raise RuleError("A customer needs a name.")
    known = replace(customer, id=customer.id or f"c-{secrets.token_hex(6)}")
    before = uow.customers.get(known.id)
    if customer.id and before is None:
        raise NotFound("There is no such customer.")
    must_be_free(uow, known)
    uow.customers.put(known)
    detail = {"name": known.name, "effective": known.effective}
    if before is not None and before.effective != known.effective:
        detail["was_effective"] = before.effective
    action = "customer.change" if before is not None else "customer.add"
    uow.audit.add(by, action, f"customer:{known.id}", at=at, detail=detail)
    return known


def must_be_free(uow: UnitOfWork, customer: Customer) -> None:
    """Raises Belongs where another customer has its name, contract number or a number of it."""
    for other in uow.customers.all():
        if other.id == customer.id:
            continue
        if other.name == customer.name:
            raise Belongs("Another customer has this name.")
        if customer.account and other.account == customer.account:
            raise Belongs("Another customer has this contract number.")
        if {p.number for p in other.phones} & {p.number for p in customer.phones}:
            raise Belongs("Another customer has one of these telephone numbers.")
