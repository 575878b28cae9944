"""How many orders came in on a day, and how many customers say they sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from models.order import Status
from models.rows import OrderRow
from models.rows_fax import DayCountRow


class DayCounts:
    """Numbers of orders by customer, local day and channel."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, customer: str, day: date, channel: str) -> DayCountRow | None:
        """What the customer said."""
        return self._session.get(DayCountRow, (customer, day, channel))

    def put(self, row: DayCountRow) -> None:
        """Keeps what the customer said, over what it said before."""
        self._session.merge(row)
        self._session.flush()

    def of_order(self, order_id: str) -> Sequence[DayCountRow]:
        """What was said in the call about an order."""
        query = select(DayCountRow).where(DayCountRow.order_id == order_id)
        return self._session.scalars(query.order_by(DayCountRow.at)).all()

    def of_day(self, day: date) -> Sequence[DayCountRow]:
        """What all customers said of a day."""
        query = select(DayCountRow).where(DayCountRow.day == day)
        return self._session.scalars(query.order_by(DayCountRow.name)).all()

    def received(self, name: str, channel: str, since: datetime, before: datetime) -> int:
        """Orders of a customer's name that came by a channel within a time."""
        query = select(func.count()).where(
            OrderRow.customer == name,
            OrderRow.channel == channel,
            OrderRow.created_at >= since,
            OrderRow.created_at < before,
        )
        return self._session.scalars(query).one()

    def orders(self, since: datetime, before: datetime) -> Sequence[OrderRow]:
        """All orders that came within a time; a call that said nothing left none."""
        query = select(OrderRow).where(
            OrderRow.created_at >= since,
            OrderRow.created_at < before,
            or_(OrderRow.version > 0, OrderRow.status != Status.DRAFT.value),
        )
        return self._session.scalars(query.order_by(OrderRow.created_at, OrderRow.id)).all()
