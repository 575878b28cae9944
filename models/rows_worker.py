"""The table of the processes that run workflows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class WorkerRow(Base):
    """A process that runs workflows. `beats` grows while it lives; -1 says that it left.

    `seen_at` is the last beat by the worker's own clock: for people and alarms, not for adoption.
    """

    __tablename__ = "workers"

    id: Mapped[str] = mapped_column(primary_key=True)
    beats: Mapped[int]
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
