"""What the processes that serve calls know of each other."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from models.repositories.insert import count_up, insert_once
from models.rows_line import MediaProcessRow, RequestCountRow, UsedTokenRow

#: A process that was not heard of for this long is taken for dead.
PRESUMED_DEAD = timedelta(seconds=8)


class Line:
    """Used tokens of streams, requests counted, and the processes that serve calls."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def use_token(self, nonce: str, expires: datetime, now: datetime) -> bool:
        """Notes a token's use; False when it was used before. Expired ones are forgotten."""
        self._session.execute(delete(UsedTokenRow).where(UsedTokenRow.expires_at < now))
        return insert_once(self._session, UsedTokenRow, nonce=nonce, expires_at=expires)

    def count(self, key: str, ends_at: datetime, now: datetime) -> int:
        """Counts a request under a key; gives the count so far. Past windows are forgotten."""
        self._session.execute(delete(RequestCountRow).where(RequestCountRow.ends_at < now))
        return count_up(self._session, key, ends_at)

    def beat(self, process: str, *, live: int, most: int, draining: bool, at: datetime) -> None:
        """A process says how it stands; those that are long silent are forgotten."""
        silent = MediaProcessRow.seen_at < at - PRESUMED_DEAD
        self._session.execute(delete(MediaProcessRow).where(silent))
        row = MediaProcessRow(id=process, live=live, most=most, draining=draining, seen_at=at)
        self._session.merge(row)

    def leave(self, process: str) -> None:
        """A process ends."""
        self._session.execute(delete(MediaProcessRow).where(MediaProcessRow.id == process))

    def room(self, now: datetime) -> int | None:
        """How many more calls can be served; None while no process is known."""
        heard = MediaProcessRow.seen_at >= now - PRESUMED_DEAD
        rows = self._session.scalars(select(MediaProcessRow).where(heard)).all()
        if not rows:
            return None
        return sum(max(0, row.most - row.live) for row in rows if not row.draining)
