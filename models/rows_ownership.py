"""The tables of who answers for orders, and who approved their release."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class ReleaseApprovalRow(Base):
    """Somebody's approval of one version of a risky order; `points` are what it had then."""

    __tablename__ = "release_approvals"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    order_version: Mapped[int] = mapped_column(primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[str]
    points: Mapped[int]
    comment: Mapped[str]
    at: Mapped[datetime]


class DutyRow(Base):
    """Somebody who is given orders, and the daily hours in which (empty: always)."""

    __tablename__ = "duties"

    user: Mapped[str] = mapped_column(primary_key=True)
    shift: Mapped[str]


class AbsenceRow(Base):
    """Days, first and last, on which somebody is away."""

    __tablename__ = "absences"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    user: Mapped[str] = mapped_column(index=True)
    first: Mapped[date]
    last: Mapped[date]
    stand_in: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]


class CustomerClerkRow(Base):
    """The clerk who answers for a customer's orders."""

    __tablename__ = "customer_clerks"

    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), primary_key=True
    )
    user: Mapped[str]


class WaitAlertRow(Base):
    """Somebody was told that a customer waits too long, or soon will.

    `wait` is one of `models.sla.Wait`, begun at `since`; `light` is `soon` or `late`; `owner`
    answered for the order then.
    """

    __tablename__ = "wait_alerts"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    wait: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime] = mapped_column(primary_key=True)
    light: Mapped[str] = mapped_column(primary_key=True)
    due: Mapped[datetime]
    owner: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)
