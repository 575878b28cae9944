"""The table of turns that were heard a second time, after the call."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class SecondHearingRow(Base):
    """What a slower reading of a turn gave. It changes no order.

    `text` is None where the second reading has no words; `same` tells that both readings sound
    alike. `doubts` holds values by flat name that the order would have by the second reading, as
    `models.codec.values_json` gives them. `settled_by` looked at them.
    """

    __tablename__ = "second_hearings"

    call_sid: Mapped[str] = mapped_column(ForeignKey("calls.sid"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    text: Mapped[str | None]
    confidence: Mapped[float | None]
    same: Mapped[bool]
    doubts: Mapped[dict[str, Any]]
    engine: Mapped[str]
    at: Mapped[datetime]
    settled_by: Mapped[str | None]
    settled_at: Mapped[datetime | None]
