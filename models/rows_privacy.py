"""The tables of what is kept how long: recordings, holds, deletions."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class RecordingRow(Base):
    """A recording in the object store. `sha256` is the plain file's, `key_id` names its key."""

    __tablename__ = "recordings"

    name: Mapped[str] = mapped_column(primary_key=True)
    call_sid: Mapped[str] = mapped_column(index=True)
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    key_id: Mapped[str]
    stored_at: Mapped[datetime]


class HoldRow(Base):
    """A legal hold: nothing of its subject is deleted until it is released."""

    __tablename__ = "holds"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    subject: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    released_by: Mapped[str | None]
    released_at: Mapped[datetime | None]


class DeletionRow(Base):
    """What was deleted when, and under which rule. The database refuses changes.

    `digest` is over what was deleted, with the desk's secret as key: whoever has a copy and the
    secret can prove that it is the same, and nobody can guess a telephone number from it.
    """

    __tablename__ = "deletions"
    __table_args__ = (Index("ix_deletions_kind_subject", "kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    since: Mapped[datetime]
    days: Mapped[int]
    rule: Mapped[str]
    digest: Mapped[str] = mapped_column(String(64))
    items: Mapped[int]
    at: Mapped[datetime]
