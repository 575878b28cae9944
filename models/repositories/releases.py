"""What a release is judged by: the customer's earlier orders, and approvals of risky ones."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.order import Status, Step
from models.repositories.insert import insert_once
from models.rows import OrderHistoryRow, OrderRow
from models.rows_ownership import ReleaseApprovalRow

#: Accepted orders, and days with orders, that tell what is usual for a customer, newest first.
_USUAL = 50
_NO_ORDERS = (Status.CANCELLED.value, Status.REJECTED.value)


class Releases:
    """Reads a customer's past and keeps approvals."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def accepted(self, customer: str, but: str) -> Sequence[dict[str, Any]]:
        """Plain values of the customer's accepted orders; the order `but` is left out."""
        query = (
            select(OrderRow.fields)
            .where(OrderRow.customer == customer, OrderRow.id != but)
            .where(OrderRow.status == Status.ACCEPTED.value)
            .order_by(OrderRow.updated_at.desc())
            .limit(_USUAL)
        )
        rows = self._session.scalars(query)
        return [{name: body["value"] for name, body in fields.items()} for fields in rows]

    def orders_a_day(self, customer: str, but: str) -> Sequence[tuple[date, int]]:
        """On how many days the customer ordered, and how often; the order `but` is left out."""
        query = (
            select(OrderRow.confirmed_on, func.count())
            .where(OrderRow.customer == customer, OrderRow.id != but)
            .where(OrderRow.confirmed_on.is_not(None), OrderRow.status.not_in(_NO_ORDERS))
            .group_by(OrderRow.confirmed_on)
            .order_by(OrderRow.confirmed_on.desc())
            .limit(_USUAL)
        )
        rows = self._session.execute(query).tuples()
        return [(day, count) for day, count in rows if day is not None]

    def unsigned(self, customer: str, but: str, since: datetime) -> int:
        """How many other orders of the customer expired unsigned since then."""
        query = (
            select(func.count(func.distinct(OrderHistoryRow.order_id)))
            .join(OrderRow, OrderRow.id == OrderHistoryRow.order_id)
            .where(OrderRow.customer == customer, OrderRow.id != but)
            .where(OrderHistoryRow.step == Step.EXPIRE.value, OrderHistoryRow.at >= since)
        )
        return self._session.scalars(query).one()

    def approve(self, **values: Any) -> bool:
        """Keeps an approval; False when the same person gave it before."""
        return insert_once(self._session, ReleaseApprovalRow, **values)

    def approvals(self, order_id: str, version: int) -> Sequence[ReleaseApprovalRow]:
        """Approvals of one version of an order, oldest first."""
        query = select(ReleaseApprovalRow).where(
            ReleaseApprovalRow.order_id == order_id, ReleaseApprovalRow.order_version == version
        )
        return self._session.scalars(query.order_by(ReleaseApprovalRow.at)).all()

    def all_approvals(self, order_id: str) -> Sequence[ReleaseApprovalRow]:
        """Approvals of any version of an order, oldest first."""
        query = select(ReleaseApprovalRow).where(ReleaseApprovalRow.order_id == order_id)
        return self._session.scalars(query.order_by(ReleaseApprovalRow.at)).all()
