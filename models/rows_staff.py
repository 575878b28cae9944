"""The tables of the desk's own people: users, tokens of programs, the audit log."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class UserRow(Base):
    """Somebody with an account; see `models.staff.User`.

    `password` is an argon2 hash; `totp_secret` is sealed with a key that is not in here.
    """

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(unique=True)
    display: Mapped[str]
    role: Mapped[str]
    lang: Mapped[str]
    phone: Mapped[str | None]
    email: Mapped[str | None]
    password: Mapped[str]
    must_change: Mapped[bool]
    totp_secret: Mapped[str | None]
    totp_used: Mapped[int]
    active: Mapped[bool]
    stamp: Mapped[str]
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class ApiTokenRow(Base):
    """A program's key to the JSON API. The token itself is nowhere stored."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[Any]]
    created_by: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class AuditRow(Base):
    """One entry of the audit log; see `models.audit.Entry`. The database refuses changes."""

    __tablename__ = "audit"

    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime] = mapped_column(index=True)
    who: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    detail: Mapped[dict[str, Any]]
    previous: Mapped[str] = mapped_column(String(64))
    digest: Mapped[str] = mapped_column(String(64))
