"""What is on file about one person or customer."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import ColumnElement, String, and_, cast, or_, select
from sqlalchemy.orm import Session

from models.order import OVER
from models.rows import CallRow, OrderRow

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
