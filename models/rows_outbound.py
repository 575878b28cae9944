"""The tables of call-backs: what is planned, and each ring."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class CallBackRow(Base):
    """A customer who is to be called back. `state` is one of `models.callback.State`.

    `open_for` names the order or number while the call-back is planned, so that each has one;
    `exact`: the first ring is at `due_at` whatever the hour, because a person chose it;
    `confirmed`: the order had its yes already when the call-back was planned; `call_sid` is the
    call that broke; `why` tells how it ended.
    """

    __tablename__ = "call_backs"

    id: Mapped[str] = mapped_column(primary_key=True)
    open_for: Mapped[str | None] = mapped_column(unique=True)
    order_id: Mapped[str | None] = mapped_column(index=True)
    call_sid: Mapped[str | None] = mapped_column(index=True)
    number: Mapped[str] = mapped_column(index=True)
    lang: Mapped[str]
    cause: Mapped[str]
    by: Mapped[str]
    exact: Mapped[bool]
    confirmed: Mapped[bool]
    due_at: Mapped[datetime]
    state: Mapped[str]
    why: Mapped[str | None]
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class RingRow(Base):
    """One ring of a call-back, the `nth`.

    `tries` counts how often it was begun to be placed, `tried_at` is the last time; `sid` is the
    telephone company's name for the call, `status` its word for how it stands. `outcome` is one
    of `models.callback.Rang`.
    """

    __tablename__ = "rings"

    call_back_id: Mapped[str] = mapped_column(ForeignKey("call_backs.id"), primary_key=True)
    nth: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(index=True)
    tries: Mapped[int]
    tried_at: Mapped[datetime]
    sid: Mapped[str | None] = mapped_column(unique=True)
    status: Mapped[str]
    answered_by: Mapped[str | None]
    outcome: Mapped[str | None]
    ended_at: Mapped[datetime | None]
