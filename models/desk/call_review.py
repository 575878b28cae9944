"""A clerk has the customer called back: by the assistant, or by himself."""

from __future__ import annotations

from datetime import datetime

from models.callback import Cause
from models.desk.callbacks import cancel_callback, request_callback
from models.desk.orders import open_task
from models.desk.review import held_by, log_step
from models.errors import RuleError
from models.order import Order
from models.phones import dialled_number
from models.staff import User
from models.store import UnitOfWork


def call_by_assistant(
    uow: UnitOfWork,
    order_id: str,
    number: str,
    lang: str,
    *,
    user: User,
    lock: int,
    when: datetime | None,
    at: datetime,
) -> Order:
    """The assistant calls at `when`, or now; the clerk chose the time, so it rings at any hour.

    Raises:
        RuleError: the number is none, or the time is past.
        NothingToAsk: the order is closed, or its signing link is out.
    """
    if dialled_number(number) is None:
        raise RuleError("This is no telephone number.")
    if when is not None and when < at:
        raise RuleError("This time is past.")
    order = held_by(uow, order_id, user=user, lock=lock, at=at)
    request_callback(
        uow,
        cause=Cause.CLERK,
        at=at,
        order_id=order_id,
        number=number,
        lang="en" if lang == "en" else "zh",
        not_before=when,
        exact=True,
        by=user.signature,
    )
    log_step(uow, user, "order.call_back", order_id, at, when=str(when or at))
    return order


def call_myself(uow: UnitOfWork, order_id: str, *, user: User, lock: int, at: datetime) -> Order:
    """The clerk calls himself: a task until he has, and the assistant does not call."""
    order = held_by(uow, order_id, user=user, lock=lock, at=at)
    _call_off(uow, order_id, user, at)
    key = f"call_back:{order_id}:{user.name}:{at.isoformat()}"
    open_task(uow, "call_back", "The clerk calls the customer.", order_id, order.call_sid, key, at)
    log_step(uow, user, "order.call_back", order_id, at, when="-")
    return order


def call_off(uow: UnitOfWork, order_id: str, *, user: User, lock: int, at: datetime) -> Order:
    """Nobody calls any more. Raises RuleError where nothing was planned."""
    order = held_by(uow, order_id, user=user, lock=lock, at=at)
    if not _call_off(uow, order_id, user, at):
        raise RuleError("No call-back is planned any more.")
    log_step(uow, user, "order.call_off", order_id, at)
    return order


def _call_off(uow: UnitOfWork, order_id: str, user: User, at: datetime) -> bool:
    row = uow.call_backs.planned_for(f"order:{order_id}")
    return row is not None and cancel_callback(uow, row.id, by=user.signature, at=at)
