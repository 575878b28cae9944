"""The table of customers' contracts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base, type_json


class ContractRow(Base):
    """A contract, see `models.contract.Terms`; `version` counts its changes.

    `file` tells of its sealed copy: `object`, `name`, `type`, `size`, `sha256`, `key_id`.
    """

    __tablename__ = "contracts"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    number: Mapped[str]
    kind: Mapped[str]
    settlement: Mapped[str]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None] = mapped_column(index=True)
    clerk: Mapped[str | None]
    file: Mapped[dict[str, Any] | None] = mapped_column(type_json)
    version: Mapped[int]
    by: Mapped[str]
    at: Mapped[datetime]
