"""What the desk looks at: queues, filters, search, calls in progress."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from models.alarms import silent
from models.order import OVER, Status
from models.rows import CallRow, OrderRow, TaskRow, TurnRow


class Queue(StrEnum):
    """Orders that wait for the same thing."""

    REVIEW = "needs_review"
    UNSIGNED = "unsigned"
    RELEASE = "release"
    OPEN = "open"
    ALL = "all"


_ENDED = tuple(status.value for status in OVER)

#: Queue to the states in it.
QUEUES: Mapping[Queue, tuple[Status, ...]] = {
    Queue.REVIEW: (Status.NEEDS_REVIEW,),
    Queue.UNSIGNED: (Status.AWAITING_SIGNATURE, Status.EXPIRED),
    Queue.RELEASE: (Status.SIGNED,),
    Queue.OPEN: tuple(status for status in Status if status not in OVER),
    Queue.ALL: tuple(Status),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which orders. Empty texts and None ask for nothing.

    Attributes:
        text: in number, company, caller's number or what was said in the order's call.
        owner: a login name, or `-` for orders that nobody answers for.
        since, before: when the order was begun.
    """

    queue: Queue = Queue.OPEN
    status: Status | None = None
    text: str = ""
    owner: str = ""
    since: datetime | None = None
    before: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """An order as a list shows it. `values` are plain values by flat field name."""

    id: str
    number: str | None
    status: Status
    customer: str | None
    caller: str | None
    owner: str | None
    version: int
    values: Mapping[str, Any]
    review_reasons: tuple[str, ...]
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A turn that a search found, with its call."""

    call_sid: str
    index: int
    speaker: str
    text: str
    caller: str | None
    started_at: datetime
    order_id: str | None


class Board:
    """Reads only."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def orders(self, wanted: Filter, *, limit: int, offset: int = 0) -> Sequence[OrderLine]:
        """Orders, newest first."""
        query = select(OrderRow).where(*_conditions(wanted))
        query = query.order_by(OrderRow.created_at.desc(), OrderRow.id)
        return [_line(row) for row in self._session.scalars(query.limit(limit).offset(offset))]

    def of_these(self, wanted: Filter, ids: Sequence[str]) -> Sequence[OrderLine]:
        """Those of some orders that the filter asks for, in the order of `ids`."""
        query = select(OrderRow).where(*_conditions(wanted), OrderRow.id.in_(ids))
        found = {row.id: _line(row) for row in self._session.scalars(query)}
        return [found[order_id] for order_id in ids if order_id in found]

    def count(self, wanted: Filter) -> int:
        """How many orders there are."""
        query = select(func.count()).select_from(OrderRow).where(*_conditions(wanted))
        return self._session.scalars(query).one()

    def counts(self) -> Mapping[str, int]:
        """How much waits, by queue and by kind of open task."""
        statuses = select(OrderRow.status, func.count()).group_by(OrderRow.status)
        by_status = dict(self._session.execute(statuses).tuples().all())
        by_kind = self._session.execute(
            select(TaskRow.kind, func.count()).where(TaskRow.state == "open").group_by(TaskRow.kind)
        ).tuples()
        queues = {q.value: sum(by_status.get(s.value, 0) for s in ss) for q, ss in QUEUES.items()}
        return {**queues, **{f"task.{kind}": count for kind, count in by_kind}}

    def order_row(self, order_id: str) -> OrderRow | None:
        """The order's row for showing what is the desk's own: owner, lock, times."""
        return self._session.get(OrderRow, order_id)

    def owned_by(self, name: str) -> int:
        """How many open orders somebody answers for."""
        mine = [OrderRow.owner == name, OrderRow.status.not_in(_ENDED)]
        return self._session.scalars(select(func.count()).where(*mine)).one()

    def ids_owned_by(self, name: str) -> Sequence[str]:
        """Ids of open orders that somebody answers for."""
        query = select(OrderRow.id).where(OrderRow.owner == name, OrderRow.status.not_in(_ENDED))
        return self._session.scalars(query).all()

    def calls_of(self, order_id: str) -> Sequence[CallRow]:
        """The calls that worked on an order, oldest first."""
        query = select(CallRow).where(CallRow.order_id == order_id)
        return self._session.scalars(query.order_by(CallRow.started_at)).all()

    def calls_from(self, number: str, since: datetime) -> Sequence[CallRow]:
        """Calls with a number that began since then, ours to it included, oldest first."""
        query = select(CallRow).where(CallRow.caller == number, CallRow.started_at >= since)
        return self._session.scalars(query.order_by(CallRow.started_at)).all()

    def tasks(self, *, kind: str = "", state: str = "open", limit: int = 200) -> Sequence[TaskRow]:
        """Tasks, oldest first when open, else newest first."""
        oldest_first = state == "open"
        query = select(TaskRow).where(TaskRow.state == state)
        query = query.order_by(TaskRow.id if oldest_first else TaskRow.id.desc())
        if kind:
            query = query.where(TaskRow.kind == kind)
        return self._session.scalars(query.limit(limit)).all()

    def said(self, text: str, *, limit: int) -> Sequence[Said]:
        """Turns with these words, newest call first."""
        query: Select[Any] = (
            select(TurnRow, CallRow)
            .join(CallRow, CallRow.sid == TurnRow.call_sid)
            .where(_has(TurnRow.text, text))
            .order_by(CallRow.started_at.desc(), TurnRow.index)
            .limit(limit)
        )
        return [
            Said(
                call_sid=call.sid,
                index=turn.index,
                speaker=turn.speaker,
                text=turn.text,
                caller=call.caller,
                started_at=call.started_at,
                order_id=call.order_id,
            )
            for turn, call in self._session.execute(query).tuples()
        ]

    def calls(self, *, limit: int, offset: int = 0) -> Sequence[CallRow]:
        """Calls, newest first."""
        query = select(CallRow).order_by(CallRow.started_at.desc(), CallRow.sid)
        return self._session.scalars(query.limit(limit).offset(offset)).all()

    def live(self, since: datetime) -> Sequence[CallRow]:
        """Calls in progress that began after `since`: an older one lost its end."""
        query = select(CallRow).where(CallRow.started_at >= since, CallRow.ended_at.is_(None))
        return self._session.scalars(query.order_by(CallRow.started_at)).all()

    def pulse(self, since: datetime, now: datetime) -> Mapping[str, str]:
        """For each call in progress a text that changes whenever there is more to see of it."""
        grown = select(
            func.count(TurnRow.index),
            func.sum(func.length(TurnRow.text)),
            func.max(TurnRow.ended_ms),
        )
        query = (
            select(CallRow.sid, CallRow.started_at, CallRow.status, CallRow.transfer_to)
            .add_columns(OrderRow.lock)
            .outerjoin(OrderRow, OrderRow.id == CallRow.order_id)
            .where(CallRow.started_at >= since, CallRow.ended_at.is_(None))
        )
        found: dict[str, str] = {}
        for sid, started_at, *rest in self._session.execute(query).tuples():
            turns = self._session.execute(grown.where(TurnRow.call_sid == sid)).one()
            quiet = silent(started_at, turns[-1] or 0, now)
            found[sid] = "|".join(map(str, (*rest, *turns, quiet)))
        return found


def _conditions(wanted: Filter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.status is not None:
        found.append(OrderRow.status == wanted.status.value)
    elif wanted.queue is not Queue.ALL:
        found.append(OrderRow.status.in_([status.value for status in QUEUES[wanted.queue]]))
    if wanted.text:
        found.append(_mentions(wanted.text))
    if wanted.owner:
        nobody = wanted.owner == "-"
        found.append(OrderRow.owner.is_(None) if nobody else OrderRow.owner == wanted.owner)
    if wanted.since is not None:
        found.append(OrderRow.created_at >= wanted.since)
    if wanted.before is not None:
        found.append(OrderRow.created_at < wanted.before)
    # An empty draft is a call that has not said anything yet: nothing to look at.
    found.append(or_(OrderRow.version > 0, OrderRow.status != Status.DRAFT.value))
    return found


def _mentions(text: str) -> ColumnElement[bool]:
    said = select(TurnRow.call_sid).where(_has(TurnRow.text, text))
    calls = select(CallRow.order_id).where(
        and_(CallRow.order_id.is_not(None), CallRow.sid.in_(said))
    )
    return or_(
        OrderRow.number.contains(text, autoescape=True),
        _has(OrderRow.customer, text),
        OrderRow.caller.contains(text, autoescape=True),
        OrderRow.id.in_(calls),
    )


def _has(column: InstrumentedAttribute[Any], text: str) -> ColumnElement[bool]:
    """Whether a column holds a text in any case; Chinese has none, which spares half the time."""
    cased = text.lower() != text.upper()
    found = column.icontains if cased else column.contains
    return found(text, autoescape=True)


def _line(row: OrderRow) -> OrderLine:
    return OrderLine(
        id=row.id,
        number=row.number,
        status=Status(row.status),
        customer=row.customer,
        caller=row.caller,
        owner=row.owner,
        version=row.version,
        values={name: body["value"] for name, body in row.fields.items()},
        review_reasons=tuple(row.review_reasons),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )
