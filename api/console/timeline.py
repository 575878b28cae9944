"""Everything that happened to an order, on every channel, in one line of time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from models.call import Call
from models.callback import State
from models.reach import by_mail
from models.rows import MessageRow, NoticePlayedRow, OrderHistoryRow, TaskRow
from models.rows_outbound import CallBackRow, RingRow
from models.rows_ownership import ReleaseApprovalRow
from models.rows_signing import LinkEventRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """One thing that happened.

    Attributes:
        channel: `phone`, `sms`, `mail`, `web` (the signing page) or `desk`.
        what: its name among the words of this channel; `row` is what is kept of it.
    """

    at: datetime
    channel: str
    what: str
    row: Any = field(compare=False, default=None)


def timeline(
    *,
    calls: Iterable[Call],
    history: Iterable[OrderHistoryRow],
    messages: Iterable[MessageRow],
    events: Iterable[LinkEventRow],
    notices: Iterable[NoticePlayedRow],
    tasks: Iterable[TaskRow],
    approvals: Iterable[ReleaseApprovalRow],
    call_backs: Iterable[tuple[CallBackRow, Iterable[RingRow]]],
) -> Sequence[Moment]:
    """All of it, newest first."""
    moments = [Moment(at=h.at, channel="desk", what=h.step, row=h) for h in history]
    moments += [Moment(at=n.at, channel="phone", what="notice", row=n) for n in notices]
    moments += [Moment(at=e.at, channel="web", what=e.kind, row=e) for e in events]
    moments += [Moment(at=a.at, channel="desk", what="approve", row=a) for a in approvals]
    for call in calls:
        moments += _call(call)
    for message in messages:
        moments += _message(message)
    for task in tasks:
        moments += _task(task)
    for planned, rings in call_backs:
        moments += _call_back(planned, rings)
    # Of one moment, what was noted last stands first.
    return sorted(moments, key=lambda moment: moment.at)[::-1]


def _call(call: Call) -> Iterator[Moment]:
    yield Moment(at=call.started_at, channel="phone", what="call", row=call)
    if call.ended_at is not None:
        yield Moment(at=call.ended_at, channel="phone", what="call_over", row=call)


def _message(message: MessageRow) -> Iterator[Moment]:
    channel = "mail" if by_mail(message.mobile) else "sms"
    yield Moment(at=message.created_at, channel=channel, what="sent", row=message)
    if message.updated_at > message.created_at:
        yield Moment(at=message.updated_at, channel=channel, what="report", row=message)


def _task(task: TaskRow) -> Iterator[Moment]:
    yield Moment(at=task.created_at, channel="desk", what="task", row=task)
    if task.done_at is not None:
        yield Moment(at=task.done_at, channel="desk", what="task_done", row=task)


def _call_back(planned: CallBackRow, rings: Iterable[RingRow]) -> Iterator[Moment]:
    yield Moment(at=planned.created_at, channel="phone", what="call_back", row=planned)
    for ring in rings:
        yield Moment(at=ring.tried_at, channel="phone", what="ring", row=ring)
    if planned.ended_at is not None and planned.state != State.TASK:
        yield Moment(at=planned.ended_at, channel="phone", what="call_back_over", row=planned)
