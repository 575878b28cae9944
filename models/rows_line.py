"""The tables of the line: what several processes must know of each other's calls."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class UsedTokenRow(Base):
    """A stream's one-time token that was used, kept until it would have expired."""

    __tablename__ = "used_tokens"

    nonce: Mapped[str] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class MediaProcessRow(Base):
    """A process that serves calls, as it last described itself.

    `live` calls of `most` are being served; one that is `draining` takes no new ones.
    """

    __tablename__ = "media_processes"

    id: Mapped[str] = mapped_column(primary_key=True)
    live: Mapped[int]
    most: Mapped[int]
    draining: Mapped[bool]
    seen_at: Mapped[datetime]


class RequestCountRow(Base):
    """How often somebody asked for something within a window of time; the key names neither."""

    __tablename__ = "request_counts"

    key: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]
    ends_at: Mapped[datetime] = mapped_column(index=True)
