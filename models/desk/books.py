"""A customer's address book, changed entry by entry."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from models.address_book import Part
from models.customer import Customer
from models.desk.customers import must_be_free
from models.store import UnitOfWork


def change(
    uow: UnitOfWork,
    customer_id: str,
    part: Part,
    step: Callable[[Customer], Customer],
    *,
    did: str,
    by: str,
    at: datetime,
) -> Customer:
    """Stores the customer as a step leaves it.

    Args:
        step: changes a part of the book; what it raises is passed on.
        did: what the audit log calls it.

    Raises:
        NotFound: there is no such customer.
        Belongs: another customer has one of its telephone numbers.
    """
    changed = step(uow.customers.locked(customer_id))
    if part is Part.PEOPLE:
        must_be_free(uow, changed)
    uow.customers.put(changed)
    detail = {"part": part.value}
    uow.audit.add(by, f"book.{did}", f"customer:{customer_id}", at=at, detail=detail)
    return changed
