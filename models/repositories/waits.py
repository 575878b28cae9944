"""Since when customers wait for the desk, and who was told of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from models.callback import State
from models.figures import Stretch
from models.order import OVER, Status, Step
from models.repositories.insert import insert_once
from models.rows import OrderHistoryRow, OrderRow, TaskRow
from models.rows_outbound import CallBackRow
from models.rows_ownership import WaitAlertRow
from models.sla import Light, Wait

_ENDED = tuple(status.value for status in OVER)
#: A state that waits, and the step by which the wait began.
_WAITS = (
    (Status.AWAITING_SIGNATURE.value, Step.SEND_LINK.value),
    (Status.SIGNED.value, Step.SIGN.value),
)
_OPEN = (State.PLANNED.value, State.TASK.value)


class Waits:
    """Waits of open orders."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begun(self, orders: Sequence[str] | None = None) -> Mapping[str, Mapping[Wait, datetime]]:
        """Order to what it waits for, and since when; of these orders, or of all open ones."""
        found: dict[str, dict[Wait, datetime]] = {order: {} for order in orders or ()}
        for order, since in self._call_backs(orders):
            known = found.setdefault(order, {})
            known[Wait.CALL_BACK] = min(since, known.get(Wait.CALL_BACK, since))
        steps = (
            select(OrderHistoryRow.order_id, OrderHistoryRow.step, func.max(OrderHistoryRow.at))
            .join(OrderRow, OrderRow.id == OrderHistoryRow.order_id)
            .where(*_these(orders), OrderHistoryRow.version == OrderRow.version)
            .where(or_(*(and_(OrderRow.status == s, OrderHistoryRow.step == t) for s, t in _WAITS)))
            .group_by(OrderHistoryRow.order_id, OrderHistoryRow.step)
        )
        for order, step, since in self._session.execute(steps).tuples():
            wait = Wait.SIGNATURE if step == Step.SEND_LINK else Wait.RELEASE
            found.setdefault(order, {})[wait] = since
        return found

    def _call_backs(self, orders: Sequence[str] | None) -> Sequence[tuple[str, datetime]]:
        """Tasks to call back, and call-backs by the assistant. What became of one of those is
        waited for since it was planned; a moment that a person chose is no wait before it."""
        tasks = (
            select(OrderRow.id, TaskRow.key, TaskRow.created_at)
            .join(TaskRow, TaskRow.order_id == OrderRow.id)
            .where(*_these(orders), TaskRow.state == "open", TaskRow.kind == "call_back")
        )
        open_tasks = list(self._session.execute(tasks).tuples())
        planned = (
            select(OrderRow.id, CallBackRow)
            .join(CallBackRow, CallBackRow.order_id == OrderRow.id)
            .where(*_these(orders), CallBackRow.state.in_(_OPEN))
        )
        keys = {key for _, key, _ in open_tasks}
        found = [(order, since) for order, _, since in open_tasks]
        for order, row in self._session.execute(planned).tuples():
            if row.state == State.PLANNED or f"call_back:{row.id}" in keys:
                found.append((order, row.due_at if row.exact else row.created_at))
        return found

    def told(self, **values: Any) -> bool:
        """Notes that somebody is told; False when that was done before."""
        return insert_once(self._session, WaitAlertRow, **values)

    def alerts(self, order_id: str) -> Sequence[WaitAlertRow]:
        """Who was told about an order, oldest first."""
        query = select(WaitAlertRow).where(WaitAlertRow.order_id == order_id)
        return self._session.scalars(query.order_by(WaitAlertRow.at)).all()

    def late(self, week: Stretch) -> Counter[str]:
        """How many waits grew too long in a week, by whose order it was; empty: nobody's."""
        query = (
            select(WaitAlertRow.owner, func.count())
            .where(WaitAlertRow.due >= week.since, WaitAlertRow.due < week.before)
            .where(WaitAlertRow.light == Light.LATE.value)
            .group_by(WaitAlertRow.owner)
        )
        rows = self._session.execute(query).tuples()
        return Counter({owner or "": count for owner, count in rows})


def _these(orders: Sequence[str] | None) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = [OrderRow.status.not_in(_ENDED)]
    if orders is not None:
        wanted.append(OrderRow.id.in_(orders))
    return wanted
