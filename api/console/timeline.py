"""What happened to an order, by people, by the customer and by the workflows, in one line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from flask_babel import LazyString

from api.console import words
from models.callback import State
from models.rows import MessageRow, OrderHistoryRow, TaskRow
from models.rows_outbound import CallBackRow
from models.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Happening:
    """One entry.

    Attributes:
        what: in the reader's language; None for a step of the order, which `step` holds.
        number: a telephone number that it concerns.
        due: a moment that it plans.
        why: a sentence of the product's own, to be translated by the page.
        by: who did it.
    """

    at: datetime
    what: LazyString | str | None = None
    step: OrderHistoryRow | None = None
    state: LazyString | str | None = None
    number: str | None = None
    due: datetime | None = None
    why: str | None = None
    by: str | None = None


def read(uow: UnitOfWork, order_id: str) -> list[Happening]:
    """Everything that happened to an order, newest first."""
    found = [Happening(at=row.at, step=row) for row in uow.orders.history(order_id)]
    for message in uow.messages.of_order(order_id):
        found.append(_texted(message))
    for task in uow.tasks.of_order(order_id):
        found += _tasked(task)
    for row in uow.call_backs.of_order(order_id):
        found += _called_back(uow, row)
    return sorted(found, key=lambda happening: happening.at, reverse=True)


def _texted(row: MessageRow) -> Happening:
    kind = row.key.partition(":")[0]
    return Happening(
        at=row.created_at,
        what=words.HAPPENINGS.get(kind, words.HAPPENINGS["sms_link"]),
        state=words.DELIVERY.get(row.status, row.status),
        number=row.mobile,
    )


def _tasked(row: TaskRow) -> Iterator[Happening]:
    state = words.TASKS.get(row.kind, row.kind)
    yield Happening(at=row.created_at, what=words.HAPPENINGS["task"], state=state, why=row.reason)
    if row.done_at is not None:
        what = words.HAPPENINGS["task_done"]
        yield Happening(at=row.done_at, what=what, state=state, by=row.done_by)


def _called_back(uow: UnitOfWork, row: CallBackRow) -> Iterator[Happening]:
    yield Happening(
        at=row.created_at,
        what=words.HAPPENINGS["call_back"],
        state=words.CALL_BACK_CAUSES[row.cause],
        number=row.number,
        due=row.due_at,
        by=row.by,
    )
    for ring in uow.call_backs.rings(row.id):
        outcome = words.RINGS[ring.outcome or "under_way"]
        yield Happening(
            at=ring.tried_at, what=words.HAPPENINGS["ring"], state=outcome, number=ring.number
        )
    if row.ended_at is not None and row.state != State.TASK:
        why = words.CALL_BACK_WHY.get(row.why or "")
        by = row.why if row.state == State.CANCELLED else None
        state = why or words.CALL_BACK_STATES[row.state]
        yield Happening(
            at=row.ended_at, what=words.HAPPENINGS["call_back_over"], state=state, by=by
        )
