"""Customers and their telephone numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models.codec import fields_from
from models.customer import Customer, Phone
from models.errors import NotFound
from models.fields import Value
from models.order import Order
from models.rows import CustomerPhoneRow, CustomerRow, OrderRow


class Customers:
    """Companies that order."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, customer: Customer) -> None:
        """Stores a customer over what was known of it."""
        old = select(CustomerPhoneRow).where(
            or_(
                CustomerPhoneRow.customer_id == customer.id,
                CustomerPhoneRow.number.in_([p.number for p in customer.phones]),
            )
        )
        for row in self._session.scalars(old):
            self._session.delete(row)
        self._session.merge(
            CustomerRow(
                id=customer.id,
                name=customer.name,
                account=customer.account,
                effective=customer.effective,
                aliases=list(customer.aliases),
                origins=[dict(o) for o in customer.origins],
                consignees=[dict(c) for c in customer.consignees],
                goods=list(customer.goods),
            )
        )
        self._session.flush()
        for place, phone in enumerate(customer.phones):
            self._session.add(
                CustomerPhoneRow(customer_id=customer.id, place=place, **asdict(phone))
            )
        self._session.flush()

    def all(self) -> Sequence[Customer]:
        """Every customer, by name."""
        rows = self._session.scalars(select(CustomerRow).order_by(CustomerRow.name))
        return self._customers(rows.all())

    def get(self, customer_id: str) -> Customer | None:
        """The customer by id, or None."""
        return self._one(select(CustomerRow).where(CustomerRow.id == customer_id))

    def locked(self, customer_id: str) -> Customer:
        """The customer by id, its row locked until the unit ends. Raises NotFound."""
        found = self._one(
            select(CustomerRow).where(CustomerRow.id == customer_id).with_for_update()
        )
        if found is None:
            raise NotFound("There is no such customer.")
        return found

    def past_orders(self, customer: Customer, *, limit: int = 200) -> list[dict[str, Value]]:
        """The values of the newest orders that this customer confirmed."""
        query = select(OrderRow.fields).where(
            OrderRow.customer == customer.name, OrderRow.confirmed_version.is_not(None)
        )
        rows = self._session.scalars(query.order_by(OrderRow.created_at.desc()).limit(limit))
        return [{n: known.value for n, known in fields_from(row).items()} for row in rows]

    def by_phone(self, number: str) -> Customer | None:
        """The customer a number (E.164) belongs to."""
        return self._one(
            select(CustomerRow).join(CustomerPhoneRow).where(CustomerPhoneRow.number == number)
        )

    def of_order(self, order: Order) -> Customer | None:
        """The customer an order names, by contract number or else by exact name."""
        account, name = order.value("customer.account"), order.value("customer.name")
        if account is not None:
            return self._one(select(CustomerRow).where(CustomerRow.account == account))
        return self._one(select(CustomerRow).where(CustomerRow.name == name))

    def _one(self, query: Select[tuple[CustomerRow]]) -> Customer | None:
        row = self._session.scalars(query).first()
        return None if row is None else self._customers([row])[0]

    def _customers(self, rows: Sequence[CustomerRow]) -> list[Customer]:
        phones: dict[str, list[Phone]] = {}
        query = select(CustomerPhoneRow).where(
            CustomerPhoneRow.customer_id.in_([row.id for row in rows])
        )
        for p in self._session.scalars(query.order_by(CustomerPhoneRow.place)):
            phones.setdefault(p.customer_id, []).append(Phone(p.number, p.person))
        return [_customer(row, phones.get(row.id, ())) for row in rows]


def _customer(row: CustomerRow, phones: Iterable[Phone]) -> Customer:
    return Customer(
        id=row.id,
        name=row.name,
        account=row.account,
        effective=row.effective,
        phones=tuple(phones),
        aliases=tuple(row.aliases),
        origins=tuple(row.origins),
        consignees=tuple(row.consignees),
        goods=tuple(row.goods),
    )
