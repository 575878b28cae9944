"""The audit log: only ever added to, each entry chained to the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from models.audit import GENESIS, Entry, digest
from models.rows_staff import AuditRow

#: Any number of our own: on PostgreSQL writers of the log wait in line by it.
_LOG_LOCK = 0x41554449
_BATCH = 1000


class Audit:
    """Who did or saw what."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        who: str,
        action: str,
        subject: str,
        *,
        at: datetime,
        detail: Mapping[str, Any] | None = None,
    ) -> str:
        """Adds an entry; gives its hash. Others wait until the unit ends."""
        if self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(text(f"SELECT pg_advisory_xact_lock({_LOG_LOCK})"))
        last = self._session.execute(
            select(AuditRow.seq, AuditRow.digest).order_by(AuditRow.seq.desc()).limit(1)
        ).first()
        seq, previous = (1, GENESIS) if last is None else (last.seq + 1, last.digest)
        entry = Entry(
            seq=seq,
            at=at,
            who=who,
            action=action,
            subject=subject,
            detail=dict(detail or {}),
            previous=previous,
        )
        found = digest(entry)
        self._session.add(AuditRow(**asdict(replace(entry, digest=found))))
        self._session.flush()
        return found

    def last(self, who: str, action: str, subject: str) -> Entry | None:
        """When somebody last did something to a subject."""
        query = select(AuditRow).where(
            AuditRow.who == who, AuditRow.action == action, AuditRow.subject == subject
        )
        row = self._session.scalars(query.order_by(AuditRow.seq.desc()).limit(1)).first()
        return None if row is None else _entry(row)

    def about(self, subject: str, action: str) -> Sequence[Entry]:
        """Everything of one kind that was done to one subject, oldest first."""
        query = select(AuditRow).where(AuditRow.subject == subject, AuditRow.action == action)
        return [_entry(row) for row in self._session.scalars(query.order_by(AuditRow.seq))]

    def entries(self) -> Iterator[Entry]:
        """Every entry, oldest first."""
        query = select(AuditRow).order_by(AuditRow.seq).execution_options(yield_per=_BATCH)
        for row in self._session.scalars(query):
            yield _entry(row)

    def page(
        self, *, who: str = "", subject: str = "", action: str = "", limit: int, offset: int
    ) -> Sequence[Entry]:
        """Entries newest first, of a person, about a subject, or of a kind of action."""
        query = select(AuditRow).order_by(AuditRow.seq.desc()).limit(limit).offset(offset)
        if who:
            query = query.where(AuditRow.who == who)
        if subject:
            query = query.where(AuditRow.subject.startswith(subject, autoescape=True))
        if action:
            query = query.where(AuditRow.action.startswith(action, autoescape=True))
        return [_entry(row) for row in self._session.scalars(query)]


def _entry(row: AuditRow) -> Entry:
    return Entry(**{field.name: getattr(row, field.name) for field in fields(Entry)})
