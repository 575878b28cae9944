"""The outbox, and the text messages that leave through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.message import Delivery, further
from models.repositories.insert import insert_once
from models.rows import MessageCallbackRow, MessageRow, OutboxRow

#: The kind of a row that only wakes the workflows of an order.
WAKE = "wake"
_OPEN = ("pending", "started")


@dataclass(frozen=True, slots=True)
class Effect:
    """A row of the outbox as a workflow sees it."""

    id: int
    key: str
    kind: str
    order_id: str | None
    payload: Mapping[str, Any]
    state: str
    attempts: int
    tried_at: datetime | None
    external_id: str | None
    created_at: datetime


class Outbox:
    """Effects that are to leave the house, each once by its key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, key: str, *, kind: str, payload: Mapping[str, Any], at: datetime) -> bool:
        """Queues an effect; False when the key is there already."""
        return insert_once(
            self._session,
            OutboxRow,
            key=key,
            kind=kind,
            order_id=payload.get("order_id"),
            payload=dict(payload),
            state="pending",
            attempts=0,
            created_at=at,
        )

    def count(self, beginning: str) -> int:
        """How many rows have a key that begins so."""
        query = select(func.count()).where(OutboxRow.key.startswith(beginning, autoescape=True))
        return self._session.scalars(query).one()

    def wake(self, order_id: str, key: str, at: datetime) -> None:
        """Has the order's workflows look again, if any is under way. `key` says what happened."""
        query = select(OutboxRow.id).where(
            OutboxRow.order_id == order_id, OutboxRow.state.in_(_OPEN), OutboxRow.kind != WAKE
        )
        if self._session.scalars(query.limit(1)).first() is not None:
            self.put(f"{WAKE}:{key}", kind=WAKE, payload={"order_id": order_id}, at=at)

    def wake_one(self, key: str, cause: str, at: datetime) -> None:
        """Has the workflow of the row with this key look again. `cause` says what happened."""
        self.put(f"{WAKE}:{key}:{cause}", kind=WAKE, payload={"row_key": key}, at=at)

    def woken_by(self, wake: Effect) -> Sequence[Effect]:
        """The rows whose workflows a wake is for, as far as they are under way."""
        if "row_key" not in wake.payload:
            return self.open_of(str(wake.order_id))
        query = select(OutboxRow).where(
            OutboxRow.key == wake.payload["row_key"], OutboxRow.state.in_(_OPEN)
        )
        return [_effect(row) for row in self._session.scalars(query)]

    def in_state(self, state: str, limit: int = 100, after: int = 0) -> Sequence[Effect]:
        """Rows in a state, oldest first, with ids above `after`."""
        query = (
            select(OutboxRow)
            .where(OutboxRow.state == state, OutboxRow.id > after)
            .order_by(OutboxRow.id)
            .limit(limit)
        )
        return [_effect(row) for row in self._session.scalars(query)]

    def open_of(self, order_id: str) -> Sequence[Effect]:
        """What workflows are, or will be, busy with for an order, oldest first."""
        query = select(OutboxRow).where(
            OutboxRow.order_id == order_id, OutboxRow.state.in_(_OPEN), OutboxRow.kind != WAKE
        )
        return [_effect(row) for row in self._session.scalars(query.order_by(OutboxRow.id))]

    def effect(self, row_id: int) -> Effect:
        """The row by its id, to be read."""
        return _effect(self._session.get_one(OutboxRow, row_id))

    def row(self, row_id: int) -> OutboxRow:
        """The row by its id, locked until the unit ends."""
        query = select(OutboxRow).where(OutboxRow.id == row_id).with_for_update()
        return self._session.scalars(query).one()

    def find(self, row_id: int) -> OutboxRow | None:
        """The row by its id, locked until the unit ends, or None."""
        query = select(OutboxRow).where(OutboxRow.id == row_id).with_for_update()
        return self._session.scalars(query).first()

    def by_key(self, key: str) -> OutboxRow | None:
        """The row with a key, or None."""
        return self._session.scalars(select(OutboxRow).where(OutboxRow.key == key)).first()


def _effect(row: OutboxRow) -> Effect:
    return Effect(
        id=row.id,
        key=row.key,
        kind=row.kind,
        order_id=row.order_id,
        payload=row.payload,
        state=row.state,
        attempts=row.attempts,
        tried_at=row.tried_at,
        external_id=row.external_id,
        created_at=row.created_at,
    )


class Messages:
    """Text messages and their delivery reports."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: MessageRow) -> None:
        """Stores a message that was handed over, with the reports that came before it."""
        self._session.add(row)
        self._session.flush()
        query = select(MessageCallbackRow).where(MessageCallbackRow.sid == row.sid)
        for report in self._session.scalars(query.order_by(MessageCallbackRow.id)):
            self._advance(row, report.status, report.error_code, report.at)

    def get(self, sid: str) -> MessageRow | None:
        """The message, or None."""
        return self._session.get(MessageRow, sid)

    def report(
        self, sid: str, status: str, error_code: str | None, at: datetime
    ) -> MessageRow | None:
        """Notes a delivery report; gives the message if the report brought it further."""
        insert_once(
            self._session,
            MessageCallbackRow,
            sid=sid,
            status=status,
            error_code=error_code,
            at=at,
        )
        query = select(MessageRow).where(MessageRow.sid == sid).with_for_update()
        row = self._session.scalars(query).first()
        if row is None or not self._advance(row, status, error_code, at):
            return None
        return row

    def of_order(self, order_id: str) -> Sequence[MessageRow]:
        """The order's messages, oldest first."""
        query = select(MessageRow).where(MessageRow.order_id == order_id)
        return self._session.scalars(query.order_by(MessageRow.created_at)).all()

    def reports(self, sid: str) -> Sequence[MessageCallbackRow]:
        """A message's delivery reports, as they came."""
        query = select(MessageCallbackRow).where(MessageCallbackRow.sid == sid)
        return self._session.scalars(query.order_by(MessageCallbackRow.id)).all()

    def latest(self, limit: int = 50) -> Sequence[MessageRow]:
        """All messages, newest first."""
        query = select(MessageRow).order_by(MessageRow.created_at.desc(), MessageRow.sid)
        return self._session.scalars(query.limit(limit)).all()

    def by_key(self, key: str) -> MessageRow | None:
        """The message of an outbox row, or None."""
        return self._session.scalars(select(MessageRow).where(MessageRow.key == key)).first()

    def _advance(self, row: MessageRow, status: str, error: str | None, at: datetime) -> bool:
        if not further(Delivery(row.status), Delivery(status)):
            return False
        row.status, row.error_code, row.updated_at = status, error, at
        return True
