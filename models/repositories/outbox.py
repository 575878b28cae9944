"""The outbox, and the text messages that leave through it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.message import Delivery, further
from models.repositories.insert import insert_once
from models.rows import MessageCallbackRow, MessageRow, OutboxRow


@dataclass(frozen=True, slots=True)
class Claim:
    """An effect that this worker alone carries out until the lease ends.

    Attributes:
        attempts: how often it was claimed, this time included.
    """

    id: int
    key: str
    kind: str
    payload: Mapping[str, Any]
    attempts: int


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
            payload=dict(payload),
            state="pending",
            attempts=0,
            next_at=at,
            created_at=at,
        )

    def claim(self, now: datetime, *, lease: timedelta) -> Claim | None:
        """The next due row, now `sending` until the lease ends; None when nothing is due.

        Workers pass over rows that another one is claiming (SKIP LOCKED on PostgreSQL; on
        SQLite the unit already holds the only write lock). `attempts` counts the claims.
        """
        query = (
            select(OutboxRow)
            .where(
                OutboxRow.state.in_(("pending", "sending")),
                OutboxRow.next_at <= now,
            )
            .order_by(OutboxRow.next_at, OutboxRow.id)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = self._session.scalars(query).first()
        if row is None:
            return None
        row.state = "sending"
        row.attempts += 1
        row.next_at = now + lease
        return Claim(row.id, row.key, row.kind, row.payload, row.attempts)

    def row(self, row_id: int) -> OutboxRow:
        """The row by its id."""
        return self._session.get_one(OutboxRow, row_id)

    def by_key(self, key: str) -> OutboxRow | None:
        """The row with a key, or None."""
        return self._session.scalars(select(OutboxRow).where(OutboxRow.key == key)).first()


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
