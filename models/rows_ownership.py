"""The tables of who answers for orders, and who approved their release."""

from __future__ import annotations

from datetime import datetime

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
