"""Processes that run workflows, and how to tell that one died."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from models.rows_worker import WorkerRow

#: Stands for the beats of a process that ended in good order.
LEFT = -1


class Workers:
    """Who runs workflows. A clock is not compared: whoever watches sees whether beats go on."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def beat(self, worker_id: str, at: datetime) -> None:
        """Tells that a process lives; a row that others took away comes again."""
        row = self._session.get(WorkerRow, worker_id)
        if row is None:
            self._session.add(WorkerRow(id=worker_id, beats=0, started_at=at, seen_at=at))
        else:
            row.beats += 1
            row.seen_at = at

    def leave(self, worker_id: str) -> None:
        """Tells that a process ends, so that nobody waits for its beats."""
        row = self._session.get(WorkerRow, worker_id)
        if row is not None:
            row.beats = LEFT

    def beats(self) -> Mapping[str, int]:
        """Every known process and its beats."""
        return {row.id: row.beats for row in self._session.scalars(select(WorkerRow))}

    def latest(self) -> datetime | None:
        """When any worker that has not left was last seen."""
        query = select(func.max(WorkerRow.seen_at)).where(WorkerRow.beats != LEFT)
        return self._session.scalars(query).first()

    def forget(self, worker_ids: Iterable[str]) -> None:
        """Takes dead processes off the list, once their work was adopted."""
        self._session.execute(delete(WorkerRow).where(WorkerRow.id.in_(list(worker_ids))))
