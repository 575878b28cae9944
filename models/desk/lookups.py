"""Looking up customers and orders."""

from __future__ import annotations

from datetime import date

from models.customer import Customer, match
from models.order import Order
from models.store import UnitOfWork


def find_customer_by_phone(uow: UnitOfWork, number: str | None) -> Customer | None:
    """The customer that a number (E.164) belongs to."""
    return None if number is None else uow.customers.by_phone(number)


def match_company(uow: UnitOfWork, name: str) -> Customer | None:
    """The customer that a heard name means: exactly, by alias, or by likeness and sound."""
    return match(name, uow.customers.all())


def latest_order(
    uow: UnitOfWork, caller: str | None = None, number: str | None = None
) -> Order | None:
    """The order with `number`, or else the caller's latest one."""
    return uow.orders.latest(caller=caller, number=number)


def count_today(uow: UnitOfWork, who: str | None, day: date) -> int:
    """Orders confirmed on a local day by a customer (its name) or a caller (E.164)."""
    return 0 if who is None else uow.orders.count_on(who, day)
