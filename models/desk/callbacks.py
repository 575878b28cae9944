"""Calling customers back: planned, cancelled, reported on. The worker rings.

Everything here commits with the unit it is given, like a text message in the outbox.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from models.call import Call, Disposition, Lang
from models.callback import Cause, State
from models.desk.orders import open_task
from models.errors import NotFound, RuleError
from models.order import TRANSITIONS, Order, Step
from models.phones import dialled_number
from models.rows_outbound import CallBackRow
from models.store import UnitOfWork

#: The kind of outbox row that is a call-back's workflow.
CALL_BACK = "call_back"
#: Orders whose values stand for good.
CLOSED = frozenset(status for status, steps in TRANSITIONS.items() if Step.CHANGE not in steps)


class NothingToAsk(RuleError):
    """The order is closed, or only waits for its signature."""


def request_callback(
    uow: UnitOfWork,
    *,
    cause: Cause,
    at: datetime,
    order_id: str | None = None,
    number: str | None = None,
    lang: Lang = "zh",
    call_sid: str | None = None,
    not_before: datetime | None = None,
    exact: bool = False,
    by: str = "assistant",
) -> str | None:
    """Plans that the assistant calls a customer, to go on with an order or to take one.

    An order has one planned call-back at a time, and so has a number without an order: asking
    again gives the planned one, rung at the earlier of the two times. A number that is missing
    or none makes a clerk's task instead; so does every call-back that fails in the end.

    Args:
        order_id: the draft to check or to go on with; None takes a new order.
        number: E.164, or as dialled in China; the order's contact, or who called, unless given.
        lang: in which the customer is greeted.
        call_sid: the call that broke, if one did.
        not_before: when to ring first; quiet hours and holidays are waited for besides.
        exact: the first ring does not wait for them, because a person chose the time.
        by: who wants it: `assistant`, or a clerk's signature.

    Returns:
        The call-back's id, None where a clerk got a task instead.

    Raises:
        NotFound: there is no such order.
        NothingToAsk: the order is closed, or its signing link is out.
    """
    order = None if order_id is None else _askable(uow, order_id)
    to = dialled_number(number or _number_of(uow, order) or "")
    if to is None:
        reason = "The customer is to be called back, but there is no number."
        key = f"call_back:{order_id or call_sid}:no_number"
        open_task(uow, "call_back", reason, order_id, call_sid, key, at)
        return None
    open_for = f"order:{order_id}" if order_id else f"number:{to}"
    due = not_before or at
    new_id = secrets.token_hex(16)
    is_new = uow.call_backs.plan(
        id=new_id,
        open_for=open_for,
        order_id=order_id,
        call_sid=call_sid,
        number=to,
        lang=lang,
        cause=cause.value,
        by=by,
        exact=exact,
        confirmed=order is not None and order.confirmed_version == order.version,
        due_at=due,
        created_at=at,
    )
    if is_new:
        payload = {"order_id": order_id, "call_back_id": new_id}
        uow.outbox.put(outbox_key(new_id), kind=CALL_BACK, payload=payload, at=at)
        return new_id
    row = uow.call_backs.planned_for(open_for)
    if row is None:  # it ended in this very moment
        return None
    if exact or due < row.due_at:
        row.due_at, row.exact = due, exact
    if cause is Cause.CLERK:
        row.number, row.lang, row.by = to, lang, by
    uow.outbox.wake_one(outbox_key(row.id), f"wanted:{new_id}", at)
    return row.id


def want_call_back(
    uow: UnitOfWork,
    sid: str,
    *,
    caller: str | None,
    called: str | None,
    lang: Lang = "zh",
    reason: str,
    at: datetime,
    number: str | None = None,
    assistant_after: timedelta | None = None,
) -> None:
    """Has a customer called back, once for a call, even if it never reached the assistant.

    Args:
        number: where, if not where he called from.
        assistant_after: after how long the assistant rings; None leaves it to a person.
    """
    ours = uow.call_backs.rung_as(sid)
    if ours and assistant_after is not None:
        return  # whoever placed the call sees that it broke, and places it again
    uow.calls.begin(Call(sid=sid, caller=caller, called=called, started_at=at, lang=lang))
    row = uow.calls.row(sid)
    row.disposition = row.disposition or Disposition.CALL_BACK.value
    to = number or caller
    if assistant_after is None or to is None:
        open_task(uow, "call_back", reason, row.order_id, sid, f"{sid}:call_back:", at)
        return
    call_back_for(uow, sid, row.order_id, to, reason=reason, at=at, after=assistant_after)


def call_back_for(
    uow: UnitOfWork,
    sid: str,
    order_id: str | None,
    number: str | None,
    *,
    reason: str,
    at: datetime,
    after: timedelta,
) -> None:
    """Plans a call-back after a call that broke; a person's task where nothing is left to ask."""
    cause = Cause.DROPPED if order_id else Cause.LINES_BUSY
    lang = uow.calls.row(sid).lang
    try:
        request_callback(
            uow,
            cause=cause,
            at=at,
            order_id=order_id,
            number=number,
            lang="en" if lang == "en" else "zh",
            call_sid=sid,
            not_before=at + after,
        )
    except NothingToAsk:
        open_task(uow, "call_back", reason, order_id, sid, f"{sid}:call_back:{order_id}", at)


def cancel_callback(uow: UnitOfWork, call_back_id: str, *, by: str, at: datetime) -> bool:
    """Ends a planned call-back by a person's wish; False when it had ended before."""
    row = uow.call_backs.row(call_back_id)
    if row.state != State.PLANNED:
        return False
    end_callback(uow, row, State.CANCELLED, by, at)
    return True


def end_callback(
    uow: UnitOfWork, row: CallBackRow, state: State, why: str | None, at: datetime
) -> None:
    """Notes that a call-back is over, and has its workflow end."""
    row.state, row.why, row.ended_at, row.open_for = state.value, why, at, None
    uow.outbox.wake_one(outbox_key(row.id), state.value, at)


def wake_callbacks(uow: UnitOfWork, number: str | None, cause: str, at: datetime) -> None:
    """Has the planned call-backs to a number looked at again."""
    for row in uow.call_backs.planned_at(number) if number else ():
        uow.outbox.wake_one(outbox_key(row.id), cause, at)


def _askable(uow: UnitOfWork, order_id: str) -> Order:
    order = uow.orders.get(order_id)
    if order is None:
        raise NotFound("There is no such order.")
    if order.status in CLOSED or order.link_version == order.version > 0:
        raise NothingToAsk("Nothing of this order is left to be asked by telephone.")
    return order


def _number_of(uow: UnitOfWork, order: Order | None) -> str | None:
    if order is None:
        return None
    call = uow.calls.get(order.call_sid) if order.call_sid else None
    contact = order.value("contact.phone")
    return str(contact) if contact is not None else call.caller if call else None


def outbox_key(call_back_id: str) -> str:
    """The key of the outbox row that is a call-back's workflow."""
    return f"call_back:{call_back_id}"
