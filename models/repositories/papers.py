"""What is kept beside an order: links, signatures, notices played, tasks."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.order import Status
from models.repositories.insert import insert_once
from models.rows import LinkRow, NoticePlayedRow, OrderRow, SignatureRow, TaskRow


class Links:
    """Signing links, found by the hash of their token."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: LinkRow) -> None:
        """Stores a new link."""
        self._session.add(row)
        self._session.flush()

    def get(self, token_hash: str) -> LinkRow | None:
        """The link, or None."""
        return self._session.get(LinkRow, token_hash)

    def locked(self, token_hash: str) -> LinkRow | None:
        """The link, its row locked until the unit ends, or None."""
        query = select(LinkRow).where(LinkRow.token_hash == token_hash).with_for_update()
        return self._session.scalars(query).first()

    def of_version(self, order_id: str, version: int) -> Sequence[LinkRow]:
        """All links for one version of an order, newest first."""
        query = select(LinkRow).where(
            LinkRow.order_id == order_id, LinkRow.order_version == version
        )
        return self._session.scalars(query.order_by(LinkRow.created_at.desc())).all()

    def run_out(self, now: datetime, *, limit: int) -> Sequence[str]:
        """Orders that wait for a signature while no link to their version is valid any more."""
        own = and_(LinkRow.order_id == OrderRow.id, LinkRow.order_version == OrderRow.version)
        query = (
            select(OrderRow.id)
            .where(OrderRow.status == Status.AWAITING_SIGNATURE.value)
            .where(exists().where(own))
            .where(~exists().where(own, LinkRow.expires_at > now))
        )
        return self._session.scalars(query.order_by(OrderRow.id).limit(limit)).all()

    def latest(self, order_id: str) -> LinkRow | None:
        """The order's newest link, whatever its version, or None."""
        query = select(LinkRow).where(LinkRow.order_id == order_id)
        return self._session.scalars(query.order_by(LinkRow.created_at.desc()).limit(1)).first()


class Signatures:
    """Signatures, one at most for each version of an order."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: Any) -> bool:
        """Stores a signature; False when this version is signed already."""
        return insert_once(self._session, SignatureRow, **values)

    def get(self, order_id: str, version: int) -> SignatureRow | None:
        """The signature of a version, or None."""
        return self._session.get(SignatureRow, (order_id, version))


class Notices:
    """Notices read out to callers."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, order_id: str, version: int, *, notice: str, heard_ratio: float, at: datetime
    ) -> None:
        """Notes that a notice was played and how far it was heard (0 to 1)."""
        self._session.add(
            NoticePlayedRow(
                order_id=order_id,
                order_version=version,
                notice=notice,
                heard_ratio=heard_ratio,
                at=at,
            )
        )

    def of_order(self, order_id: str) -> Sequence[NoticePlayedRow]:
        """What was played for the order, oldest first."""
        query = select(NoticePlayedRow).where(NoticePlayedRow.order_id == order_id)
        return self._session.scalars(query.order_by(NoticePlayedRow.id)).all()


class Tasks:
    """Things for a person to do, each once by its key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def open(
        self,
        key: str,
        *,
        kind: str,
        reason: str,
        order_id: str | None,
        call_sid: str | None,
        at: datetime,
        customer_id: str | None = None,
        clerk: str | None = None,
    ) -> bool:
        """Opens a task; False when the key is there already."""
        return insert_once(
            self._session,
            TaskRow,
            key=key,
            kind=kind,
            reason=reason,
            order_id=order_id,
            call_sid=call_sid,
            customer_id=customer_id,
            clerk=clerk,
            state="open",
            created_at=at,
        )

    def keep(
        self,
        key: str,
        *,
        kind: str,
        reason: str,
        order_id: str | None,
        customer_id: str | None,
        at: datetime,
    ) -> None:
        """Opens a task, or brings it up to date; one that was done opens again by a new reason."""
        if self.open(
            key, kind=kind, reason=reason, order_id=order_id, call_sid=None,
            customer_id=customer_id, at=at,
        ):  # fmt: skip
            return
        row = self._by_key(key)
        if row.reason != reason:
            row.reason, row.state = reason, "open"
            row.done_at = row.done_by = row.note = None

    def settle(self, key: str, *, by: str, at: datetime) -> None:
        """Closes the task with a key, if it is there and open."""
        query = select(TaskRow).where(TaskRow.key == key, TaskRow.state == "open")
        row = self._session.scalars(query.with_for_update()).one_or_none()
        if row is not None:
            row.state, row.done_at, row.done_by = "done", at, by

    def _by_key(self, key: str) -> TaskRow:
        return self._session.scalars(
            select(TaskRow).where(TaskRow.key == key).with_for_update()
        ).one()

    def row(self, task_id: int) -> TaskRow:
        """The task, locked until the unit ends. Raises NotFound."""
        query = select(TaskRow).where(TaskRow.id == task_id).with_for_update()
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such task.")
        return row

    def of_order(self, order_id: str) -> Sequence[TaskRow]:
        """The order's tasks, oldest first."""
        query = select(TaskRow).where(TaskRow.order_id == order_id)
        return self._session.scalars(query.order_by(TaskRow.id)).all()

    def of_customer(self, customer_id: str) -> Sequence[TaskRow]:
        """The customer's own tasks, oldest first."""
        query = select(TaskRow).where(TaskRow.customer_id == customer_id)
        return self._session.scalars(query.order_by(TaskRow.id)).all()

    def still_open(self) -> Sequence[TaskRow]:
        """Every open task, oldest first."""
        query = select(TaskRow).where(TaskRow.state == "open")
        return self._session.scalars(query.order_by(TaskRow.id)).all()
