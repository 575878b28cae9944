"""What is on file about one person or customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.order import OVER
from models.rows import CallRow, CustomerRow, OrderRow
from models.rows_fax import FaxRow, FaxSenderRow
from models.rows_mail import MailRow, MailSenderRow
from models.rows_outbound import CallBackRow, RingRow

_OVER = tuple(status.value for status in OVER)


class People:
    """Reads only. Gives ids of orders and SIDs of calls, oldest first."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def of_phone(self, number: str) -> tuple[Sequence[str], Sequence[str]]:
        """Orders and calls of a telephone number in E.164: who called, or stands in an order."""
        named = cast(OrderRow.fields, String).contains(f'"{number}"', autoescape=True)
        mine = self._orders(or_(OrderRow.caller == number, named))
        calls = select(CallRow.sid).where(CallRow.caller == number)
        return mine, self._session.scalars(calls.order_by(CallRow.started_at)).all()

    def of_customer(self, name: str) -> tuple[Sequence[str], Sequence[str]]:
        """A customer's orders, and the calls that worked on them."""
        orders = self._orders(OrderRow.customer == name)
        return orders, self._calls_of(orders)

    def open_orders_of(self, name: str) -> Sequence[str]:
        """A customer's orders that are not over yet."""
        mine = OrderRow.customer == name
        return self._orders(and_(mine, OrderRow.status.not_in(_OVER)))

    def of_order(self, name: str) -> tuple[Sequence[str], Sequence[str]]:
        """An order by its number or id, and its calls."""
        orders = self._orders(or_(OrderRow.number == name, OrderRow.id == name))
        return orders, self._calls_of(orders)

    def call_backs_of(
        self, orders: Sequence[str], calls: Sequence[str], number: str | None = None
    ) -> Sequence[CallBackRow]:
        """Call-backs about orders, after or by calls, and to a number in E.164, oldest first."""
        rung = select(RingRow.call_back_id).where(RingRow.sid.in_(calls))
        query = select(CallBackRow).where(
            or_(
                CallBackRow.order_id.in_(orders),
                CallBackRow.call_sid.in_(calls),
                CallBackRow.id.in_(rung),
                CallBackRow.number == number,
            )
        )
        return self._session.scalars(query.order_by(CallBackRow.created_at)).all()

    def mails_of(self, orders: Sequence[str], customer: str | None = None) -> Sequence[MailRow]:
        """E-mails that orders came by, and those from a customer's addresses, oldest first."""
        named = _of_orders(MailRow.orders, orders)
        addresses = (
            select(MailSenderRow.address)
            .join(CustomerRow, CustomerRow.id == MailSenderRow.customer_id)
            .where(CustomerRow.name == customer)
        )
        query = select(MailRow).where(or_(MailRow.sender.in_(addresses), *named))
        return self._session.scalars(query.order_by(MailRow.received_at)).all()

    def faxes_of(
        self, orders: Sequence[str], customer: str | None = None, number: str | None = None
    ) -> Sequence[FaxRow]:
        """Faxes that orders came by, those from a customer's numbers and from one number, oldest
        first."""
        named = _of_orders(FaxRow.orders, orders)
        numbers = (
            select(FaxSenderRow.number)
            .join(CustomerRow, CustomerRow.id == FaxSenderRow.customer_id)
            .where(CustomerRow.name == customer)
        )
        if number:
            named.append(FaxRow.number == number)
        query = select(FaxRow).where(or_(FaxRow.number.in_(numbers), *named))
        return self._session.scalars(query.order_by(FaxRow.received_at)).all()

    def _orders(self, condition: ColumnElement[bool]) -> Sequence[str]:
        query = select(OrderRow.id).where(condition)
        return self._session.scalars(query.order_by(OrderRow.created_at)).all()

    def _calls_of(self, orders: Sequence[str]) -> Sequence[str]:
        query = select(CallRow.sid).where(
            or_(
                CallRow.order_id.in_(orders),
                CallRow.sid.in_(select(OrderRow.call_sid).where(OrderRow.id.in_(orders))),
            )
        )
        return self._session.scalars(query.order_by(CallRow.started_at)).all()


def _of_orders(
    column: InstrumentedAttribute[list[Any]], orders: Sequence[str]
) -> list[ColumnElement[bool]]:
    """Papers that one of these orders came by."""
    return [cast(column, String).contains(f'"{one}"', autoescape=True) for one in orders]
