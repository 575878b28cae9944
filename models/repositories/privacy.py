"""Recordings in the object store, legal holds, what was deleted."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.rows_privacy import DeletionRow, HoldRow, RecordingRow

#: Any number of our own: on PostgreSQL holds and deletions wait for each other by it.
_HOLD_LOCK = 0x484F4C44


class Recordings:
    """What recordings the object store holds."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, row: RecordingRow) -> None:
        """Notes a recording, over what was noted of it."""
        self._session.merge(row)
        self._session.flush()

    def of_call(self, sid: str) -> Sequence[RecordingRow]:
        """A call's recordings, oldest first."""
        query = select(RecordingRow).where(RecordingRow.call_sid == sid)
        return self._session.scalars(
            query.order_by(RecordingRow.stored_at, RecordingRow.name)
        ).all()

    def all(self) -> Sequence[RecordingRow]:
        """Every recording."""
        return self._session.scalars(select(RecordingRow).order_by(RecordingRow.name)).all()


class Holds:
    """Legal holds. Their subjects are such as `call:SID`, `order:ID`, `customer:NAME`."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def lock(self) -> None:
        """Until the unit ends, no hold is added and nothing else is deleted.

        On SQLite a unit that writes is alone anyway.
        """
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text(f"SELECT pg_advisory_xact_lock({_HOLD_LOCK})"))

    def add(self, subject: str, *, reason: str, by: str, at: datetime) -> HoldRow:
        """Adds a hold."""
        self.lock()
        row = HoldRow(subject=subject, reason=reason, by=by, at=at)
        self._session.add(row)
        self._session.flush()
        return row

    def get(self, hold_id: int) -> HoldRow:
        """The hold. Raises NotFound."""
        row = self._session.get(HoldRow, hold_id, with_for_update=True)
        if row is None:
            raise NotFound("There is no such hold.")
        return row

    def active(self) -> Sequence[HoldRow]:
        """Holds that are not released, newest first."""
        query = select(HoldRow).where(HoldRow.released_at.is_(None))
        return self._session.scalars(query.order_by(HoldRow.id.desc())).all()

    def of(self, *subjects: str) -> Sequence[HoldRow]:
        """Holds of some subjects, released ones too, oldest first."""
        query = select(HoldRow).where(HoldRow.subject.in_(subjects))
        return self._session.scalars(query.order_by(HoldRow.id)).all()

    def subjects(self) -> frozenset[str]:
        """What is held now."""
        return frozenset(row.subject for row in self.active())


class Deletions:
    """What was deleted; only ever added to."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: DeletionRow) -> None:
        """Notes a deletion."""
        self._session.add(row)
        self._session.flush()

    def latest(self, limit: int = 50) -> Sequence[DeletionRow]:
        """The latest deletions, newest first."""
        query = select(DeletionRow).order_by(DeletionRow.id.desc()).limit(limit)
        return self._session.scalars(query).all()

    def of(self, *subjects: str) -> Sequence[DeletionRow]:
        """What was deleted of some subjects, oldest first."""
        query = select(DeletionRow).where(DeletionRow.subject.in_(subjects))
        return self._session.scalars(query.order_by(DeletionRow.id)).all()
