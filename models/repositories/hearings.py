"""Turns that were heard a second time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from models.repositories.insert import insert_once
from models.rows_hearing import SecondHearingRow


class SecondHearings:
    """What the second readings gave, by call and turn."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def put(self, row: SecondHearingRow) -> bool:
        """Keeps a reading; the first one that is kept stands. True if it is new."""
        values = {name.key: getattr(row, name.key) for name in SecondHearingRow.__table__.columns}
        return insert_once(self._session, SecondHearingRow, **values)

    def of_call(self, sid: str) -> Mapping[int, SecondHearingRow]:
        """A call's readings by the turn's index."""
        query = select(SecondHearingRow).where(SecondHearingRow.call_sid == sid)
        rows = self._session.scalars(query.order_by(SecondHearingRow.index))
        return {row.index: row for row in rows}

    def doubtful(self, sids: Sequence[str]) -> Sequence[SecondHearingRow]:
        """Readings with doubts that nobody has settled yet, in the order of the calls' turns."""
        query = select(SecondHearingRow).where(
            SecondHearingRow.call_sid.in_(sids), SecondHearingRow.settled_by.is_(None)
        )
        rows = self._session.scalars(
            query.order_by(SecondHearingRow.call_sid, SecondHearingRow.index)
        )
        return [row for row in rows if row.doubts]

    def settle(self, sids: Sequence[str], *, by: str, at: datetime) -> None:
        """Notes that somebody looked at every open doubt of some calls."""
        opened = (row.call_sid for row in self.doubtful(sids))
        query = update(SecondHearingRow).where(
            SecondHearingRow.call_sid.in_(list(opened)), SecondHearingRow.settled_by.is_(None)
        )
        self._session.execute(query.values(settled_by=by, settled_at=at))
