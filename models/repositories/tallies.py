"""Counts for those who watch the installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from models.message import MIME
from models.rows import CallRow, MessageRow, OrderRow, OutboxRow, TaskRow
from models.rows_privacy import DeletionRow

#: Values of labels, and how many.
Count = tuple[Sequence[Any], int]


class Tallies:
    """Reads only."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def counts(self, since: datetime) -> Mapping[str, list[Count]]:
        """Counts by name; those of calls, messages and deletions from `since` on."""
        outcome = func.coalesce(CallRow.disposition, "running")
        queries: dict[str, Select[Any]] = {
            "calls": select(outcome, func.count())
            .where(CallRow.started_at >= since)
            .group_by(outcome),
            "sms": select(MessageRow.status, func.count())
            .where(MessageRow.created_at >= since, MessageRow.encoding != MIME)
            .group_by(MessageRow.status),
            "outbox": select(OutboxRow.kind, OutboxRow.state, func.count())
            .where(OutboxRow.state != "done")
            .group_by(OutboxRow.kind, OutboxRow.state),
            "tasks": select(TaskRow.kind, func.count())
            .where(TaskRow.state == "open")
            .group_by(TaskRow.kind),
            "orders": select(OrderRow.status, func.count()).group_by(OrderRow.status),
            "deleted": select(DeletionRow.kind, func.count())
            .where(DeletionRow.at >= since)
            .group_by(DeletionRow.kind),
        }
        return {
            name: [(row[:-1], row[-1]) for row in self._session.execute(query).tuples()]
            for name, query in queries.items()
        }
