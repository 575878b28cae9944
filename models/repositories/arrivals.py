"""What every door for written orders keeps: papers that came in, each once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.repositories.insert import insert_once
from models.rows_fax import FaxRow
from models.rows_mail import MailRow

#: A paper is read within this time of its arrival, however long no worker was at work.
_READ_WITHIN, _CLOCKS_DIFFER = timedelta(days=14), timedelta(minutes=5)

Row = TypeVar("Row", MailRow, FaxRow)


class Arrivals(Generic[Row]):
    """Papers of one kind."""

    def __init__(self, session: Session, kind: type[Row], none: str) -> None:
        self._session = session
        self._kind: type[Row] = kind
        self._none = none

    def add(self, key: str, **values: Any) -> bool:
        """Keeps a paper; False when the same one is kept already."""
        return insert_once(self._session, self._kind, key=key, **values)

    def get(self, paper_id: str) -> Row:
        """The paper. Raises NotFound."""
        row = self._session.get(self._kind, paper_id)
        if row is None:
            raise NotFound(self._none)
        return row

    def find(self, paper_id: str) -> Row | None:
        """The paper, or None."""
        return self._session.get(self._kind, paper_id)

    def locked(self, paper_id: str) -> Row:
        """The paper, locked until the unit ends."""
        query = select(self._kind).where(self._kind.id == paper_id).with_for_update()
        return self._session.scalars(query).one()

    def raw(self, paper_id: str) -> bytes:
        """The paper as it came."""
        query = select(self._kind.raw).where(self._kind.id == paper_id)
        return self._session.scalars(query).one()

    def like(self, row: Row, since: datetime) -> Row | None:
        """An earlier paper that says the same, received since then."""
        kind = self._kind
        query = select(kind).where(
            kind.content == row.content,
            kind.received_at >= since,
            or_(
                kind.received_at < row.received_at,
                and_(kind.received_at == row.received_at, kind.id < row.id),
            ),
            kind.state.in_(("read", "received")),
        )
        return self._session.scalars(query.order_by(kind.received_at).limit(1)).first()

    def of_order(self, order_id: str, begun: datetime) -> Sequence[Row]:
        """The papers that an order, begun at `begun`, was read from, oldest first."""
        kind = self._kind
        lately = select(kind.id, kind.orders).where(
            kind.received_at >= begun - _READ_WITHIN, kind.received_at <= begun + _CLOCKS_DIFFER
        )
        rows = self._session.execute(lately.order_by(kind.received_at)).tuples()
        return [self.get(paper_id) for paper_id, orders in rows if order_id in orders]

    def latest(self, limit: int, offset: int) -> Sequence[Row]:
        """Papers, newest first."""
        query = select(self._kind).order_by(self._kind.received_at.desc(), self._kind.id)
        return self._session.scalars(query.limit(limit).offset(offset)).all()
