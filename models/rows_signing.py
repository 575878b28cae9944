"""The tables round a signature: what happened at a link, codes, signed documents."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class LinkEventRow(Base):
    """Something that happened at a signing link, once by its key; only ever added to."""

    __tablename__ = "link_events"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    order_version: Mapped[int]
    kind: Mapped[str]
    at: Mapped[datetime]
    ip: Mapped[str]
    user_agent: Mapped[str]


class SignCodeRow(Base):
    """A one-time code; the code itself is nowhere stored."""

    __tablename__ = "sign_codes"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    token_hash: Mapped[str] = mapped_column(ForeignKey("links.token_hash"), index=True)
    nonce: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    wrong_tries: Mapped[int]
    proven_at: Mapped[datetime | None]


class SignedPaperRow(Base):
    """The finished document of a signature, as it is given out: bytes that never change."""

    __tablename__ = "signed_papers"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    order_version: Mapped[int] = mapped_column(primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)
    made_at: Mapped[datetime]
