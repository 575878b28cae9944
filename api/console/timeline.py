"""Everything that happened to an order, on every channel, in one line of time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.audit import HEARD
from models.call import Call
from models.callback import State
from models.order import Order
from models.reach import by_mail
from models.rows import MessageRow, OrderRow, TaskRow
from models.rows_privacy import HoldRow
from models.staff import Permission, User
from models.store import UnitOfWork

#: Entries of the audit log that belong to an order's story, and their channels. Who looked at an
#: order is in the log alone.
_LOGGED = {
    "call.take_over": "phone",
    "call.listen": "phone",
    HEARD: "phone",
    "order.print": "desk",
}
#: Of these everybody may know; the others are for who may read the log.
_FOR_ALL = ("call.take_over",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened.

    Attributes:
        channel: `phone`, `sms`, `mail`, `fax`, `web` (the signing page) or `desk`.
        what: its name among the words of this channel, `step` for a step of the order's own
            history; `row` is what is kept of it.
    """

    at: datetime
    channel: str
    what: str
    row: Any = field(compare=False, default=None)


@dataclass(frozen=True, slots=True)
class _Subject:
    """What a timeline is about, and who reads it."""

    uow: UnitOfWork
    order: Order
    row: OrderRow
    calls: Sequence[Call]
    reader: User


def timeline(
    uow: UnitOfWork, order: Order, row: OrderRow, calls: Sequence[Call], reader: User
) -> Sequence[Moment]:
    """All of it that `reader` may know, newest first."""
    subject = _Subject(uow, order, row, calls, reader)
    moments = [moment for part in _PARTS for moment in part(subject)]
    # Of one moment, what was noted last stands first.
    return sorted(moments, key=lambda moment: moment.at)[::-1]


def _steps(of: _Subject) -> Iterator[Moment]:
    for step in of.uow.orders.history(of.order.id):
        yield Moment(at=step.at, channel="desk", what="step", row=step)
    for given in of.uow.releases.all_approvals(of.order.id):
        yield Moment(at=given.at, channel="desk", what="approve", row=given)


def _calls(of: _Subject) -> Iterator[Moment]:
    for call in of.calls:
        yield Moment(at=call.started_at, channel="phone", what="call", row=call)
        if call.ended_at is not None:
            yield Moment(at=call.ended_at, channel="phone", what="call_over", row=call)
        yield from _heard_again(of, call.sid)
    for notice in of.uow.notices.of_order(of.order.id):
        yield Moment(at=notice.at, channel="phone", what="notice", row=notice)


def _heard_again(of: _Subject, sid: str) -> Iterator[Moment]:
    doubtful = [row for row in of.uow.second_hearings.of_call(sid).values() if row.doubts]
    if doubtful:
        first = min(doubtful, key=lambda row: row.at)
        yield Moment(at=first.at, channel="phone", what="heard_again", row=first)
    settled = {(row.settled_at, row.settled_by): row for row in doubtful if row.settled_at}
    for (at, _), row in settled.items():
        if at is not None:
            yield Moment(at=at, channel="phone", what="doubts_settled", row=row)


def _call_backs(of: _Subject) -> Iterator[Moment]:
    for planned in of.uow.call_backs.of_order(of.order.id):
        yield Moment(at=planned.created_at, channel="phone", what="call_back", row=planned)
        for ring in of.uow.call_backs.rings(planned.id):
            yield Moment(at=ring.tried_at, channel="phone", what="ring", row=ring)
        if planned.ended_at is not None and planned.state != State.TASK:
            yield Moment(at=planned.ended_at, channel="phone", what="call_back_over", row=planned)


def _papers(of: _Subject) -> Iterator[Moment]:
    """What the order was read from, and its signed documents."""
    for mail in of.uow.mails.of_order(of.order.id, of.row.created_at):
        yield Moment(at=mail.received_at, channel="mail", what="mail", row=mail)
    for fax in of.uow.faxes.of_order(of.order.id, of.row.created_at):
        yield Moment(at=fax.received_at, channel="fax", what="fax", row=fax)
    for paper in of.uow.papers.of_order(of.order.id):
        yield Moment(at=paper.made_at, channel="web", what="paper", row=paper)


def _messages(of: _Subject) -> Iterator[Moment]:
    for message in of.uow.messages.of_order(of.order.id):
        channel = "mail" if by_mail(message.mobile) else "sms"
        yield Moment(at=message.created_at, channel=channel, what="sent", row=(message, None))
        reports = of.uow.messages.reports(message.sid)
        for report in reports:
            yield Moment(at=report.at, channel=channel, what="report", row=(message, report))
        if not reports and message.updated_at > message.created_at:
            yield _report_of_itself(message, channel)
    for event in of.uow.link_events.of_order(of.order.id):
        yield Moment(at=event.at, channel="web", what=event.kind, row=event)


def _report_of_itself(message: MessageRow, channel: str) -> Moment:
    """What became of a message whose state no report told: a bounce, a failed hand-over."""
    return Moment(at=message.updated_at, channel=channel, what="report", row=(message, message))


def _tasks(of: _Subject) -> Iterator[Moment]:
    for task in of.uow.tasks.of_order(of.order.id):
        yield from _task(task)
    for told in of.uow.waits.alerts(of.order.id):
        yield Moment(at=told.at, channel="desk", what=f"wait_{told.light}", row=told)
    for said in of.uow.day_counts.of_order(of.order.id):
        yield Moment(at=said.at, channel="desk", what="day_count", row=said)


def _task(task: TaskRow) -> Iterator[Moment]:
    yield Moment(at=task.created_at, channel="desk", what="task", row=task)
    if task.done_at is not None:
        yield Moment(at=task.done_at, channel="desk", what="task_done", row=task)


def _kept_or_deleted(of: _Subject) -> Iterator[Moment]:
    subjects = [f"order:{of.order.id}", *(f"call:{call.sid}" for call in of.calls)]
    for deletion in of.uow.deletions.of(*subjects):
        yield Moment(at=deletion.at, channel="desk", what="deleted", row=deletion)
    if of.row.customer:
        subjects.append(f"customer:{of.row.customer}")
    yield from _holds(of.uow.holds.of(*subjects))


def _holds(rows: Iterable[HoldRow]) -> Iterator[Moment]:
    for row in rows:
        yield Moment(at=row.at, channel="desk", what="hold", row=row)
        if row.released_at is not None:
            yield Moment(at=row.released_at, channel="desk", what="hold_over", row=row)


def _logged(of: _Subject) -> Iterator[Moment]:
    subjects = [f"order:{of.order.id}", *(f"call:{call.sid}" for call in of.calls)]
    for action, channel in _LOGGED.items():
        if action not in _FOR_ALL and not of.reader.may(Permission.AUDIT):
            continue
        for subject in subjects:
            for entry in of.uow.audit.about(subject, action):
                yield Moment(at=entry.at, channel=channel, what=action, row=entry)


_PARTS: tuple[Callable[[_Subject], Iterator[Moment]], ...] = (
    _steps,
    _calls,
    _call_backs,
    _papers,
    _messages,
    _tasks,
    _kept_or_deleted,
    _logged,
)
