"""Call-backs and their rings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.callback import State
from models.repositories.insert import insert_once
from models.rows_outbound import CallBackRow, RingRow


class CallBacks:
    """Who is to be called back, and what came of it."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def plan(self, **values: Any) -> bool:
        """Stores a call-back; False where one is planned for the same order or number."""
        return insert_once(
            self._session, CallBackRow, state=State.PLANNED.value, why=None, ended_at=None, **values
        )

    def planned_for(self, open_for: str) -> CallBackRow | None:
        """The planned call-back of an order or number, locked until the unit ends, or None."""
        query = select(CallBackRow).where(CallBackRow.open_for == open_for).with_for_update()
        return self._session.scalars(query).first()

    def row(self, call_back_id: str) -> CallBackRow:
        """The call-back, locked until the unit ends."""
        query = select(CallBackRow).where(CallBackRow.id == call_back_id).with_for_update()
        return self._session.scalars(query).one()

    def find(self, call_back_id: str) -> CallBackRow | None:
        """The call-back, to be read, or None."""
        return self._session.get(CallBackRow, call_back_id)

    def planned_at(self, number: str) -> Sequence[CallBackRow]:
        """The planned call-backs to a number, oldest first."""
        query = select(CallBackRow).where(
            CallBackRow.number == number, CallBackRow.state == State.PLANNED.value
        )
        return self._session.scalars(query.order_by(CallBackRow.created_at)).all()

    def of_order(self, order_id: str) -> Sequence[CallBackRow]:
        """The order's call-backs, oldest first."""
        query = select(CallBackRow).where(CallBackRow.order_id == order_id)
        return self._session.scalars(query.order_by(CallBackRow.created_at)).all()

    def of_call(self, sid: str) -> CallBackRow | None:
        """The call-back that a call of ours is a ring of, or None for a call that came in."""
        query = (
            select(CallBackRow)
            .join(RingRow, RingRow.call_back_id == CallBackRow.id)
            .where(RingRow.sid == sid)
        )
        return self._session.scalars(query).first()

    def rings(self, call_back_id: str) -> Sequence[RingRow]:
        """The rings of a call-back, in order."""
        query = select(RingRow).where(RingRow.call_back_id == call_back_id)
        return self._session.scalars(query.order_by(RingRow.nth)).all()

    def ring(self, call_back_id: str, nth: int) -> RingRow | None:
        """One ring, locked until the unit ends, or None."""
        query = select(RingRow).where(RingRow.call_back_id == call_back_id, RingRow.nth == nth)
        return self._session.scalars(query.with_for_update()).first()

    def rung_as(self, sid: str) -> bool:
        """Whether a call is known as one of our rings."""
        query = select(RingRow.nth).where(RingRow.sid == sid)
        return self._session.scalars(query).first() is not None

    def rung_since(self, number: str, since: datetime) -> int:
        """How often a number was rung since then."""
        query = select(func.count()).where(RingRow.number == number, RingRow.tried_at >= since)
        return self._session.execute(query).scalar_one()

    def add_ring(self, row: RingRow) -> None:
        """Stores a ring that is about to be placed."""
        self._session.add(row)
        self._session.flush()
