"""Calling customers back: planned, cancelled, reported on. The worker rings.

Everything here commits with the unit it is given, like a text message in the outbox.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from models.call import Disposition, Lang
from models.callback import OVER, Cause, State
from models.desk.calls import progress
from models.desk.orders import open_task
from models.desk.review import LIVE_FOR
from models.errors import NotFound, RuleError
from models.order import TRANSITIONS, Order, Step
from models.phones import dialled_number
from models.rows_outbound import CallBackRow, RingRow
from models.store import UnitOfWork

#: The kind of outbox row that is a call-back's workflow.
CALL_BACK = "call_back"
#: Ends of a call that came in after which its caller has what he wanted, or a person has him.
_SERVED = frozenset(
    {
        Disposition.ORDERED,
        Disposition.CANCELLED,
        Disposition.INFORMED,
        Disposition.REFUSED,
        Disposition.TRANSFERRED,
        Disposition.CALL_BACK,
    }
)
#: Those after which a person has the order that the call was about.
_WITH_A_PERSON = frozenset({Disposition.REFUSED, Disposition.TRANSFERRED, Disposition.CALL_BACK})
_CLOSED = frozenset(status for status, steps in TRANSITIONS.items() if Step.CHANGE not in steps)


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
        uow.outbox.put(_key(new_id), kind=CALL_BACK, payload=payload, at=at)
        return new_id
    row = uow.call_backs.planned_for(open_for)
    if row is None:  # it ended in this very moment
        return None
    if exact or due < row.due_at:
        row.due_at, row.exact = due, exact
    if cause is Cause.CLERK:
        row.number, row.lang, row.by = to, lang, by
    uow.outbox.wake_one(_key(row.id), f"wanted:{new_id}", at)
    return row.id


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
    uow.outbox.wake_one(_key(row.id), state.value, at)


def ring_status(
    uow: UnitOfWork, cause: str, sid: str, status: str, answered_by: str | None, at: datetime
) -> CallBackRow | None:
    """Notes the telephone company's report on a ring; it may come twice, late, or first of all.

    Args:
        cause: names the ring, as `ring_name` gave it when it was placed.

    Returns:
        The call-back; None where there is no such ring.
    """
    call_back_id, _, nth = cause.partition("-")
    if not nth.isdecimal():
        return None
    ring = uow.call_backs.ring(call_back_id, int(nth))
    row = uow.call_backs.find(call_back_id)
    if ring is None or row is None or ring.sid not in (None, sid):
        return None
    ring.sid = sid
    ring.answered_by = answered_by or ring.answered_by
    if ring.status not in OVER and progress(status) > progress(ring.status):
        ring.status = status
        if status in OVER:
            ring.ended_at = at
            uow.outbox.wake_one(_key(row.id), f"{sid}:{status}", at)
    return row


def ring_name(row: RingRow) -> str:
    """What the telephone company's reports name a ring by."""
    return f"{row.call_back_id}-{row.nth}"


def settled(uow: UnitOfWork, row: CallBackRow) -> str | None:
    """Why a call-back is not needed any more, None while it is."""
    order = uow.orders.get(row.order_id) if row.order_id else None
    if row.order_id and order is None:
        return "order_gone"
    if order is not None:
        if order.status in _CLOSED:
            return "order_closed"
        confirmed = order.confirmed_version == order.version
        if order.link_version == order.version or (confirmed and not row.confirmed):
            return "order_confirmed"
    served = _WITH_A_PERSON if row.order_id else _SERVED
    for call in uow.board.calls_from(row.number, row.created_at):
        ours = call.sid == row.call_sid or uow.call_backs.rung_as(call.sid)
        if not ours and call.disposition in served and row.order_id in (None, call.order_id):
            return "called_in"
    return None


def on_the_line(uow: UnitOfWork, number: str, at: datetime) -> bool:
    """Whether a call with this number is going on now."""
    return any(call.ended_at is None for call in uow.board.calls_from(number, at - LIVE_FOR))


def wake_callbacks(uow: UnitOfWork, number: str | None, cause: str, at: datetime) -> None:
    """Has the planned call-backs to a number looked at again."""
    for row in uow.call_backs.planned_at(number) if number else ():
        uow.outbox.wake_one(_key(row.id), cause, at)


def waiting_for(uow: UnitOfWork, caller: str | None, at: datetime) -> Order | None:
    """The order that somebody who calls now was to be called back about, oldest first."""
    for row in uow.call_backs.planned_at(caller) if caller else ():
        order = uow.orders.get(row.order_id) if row.order_id else None
        if order is not None and order.status not in _CLOSED and not _talked_about(uow, order, at):
            return order
    return None


def _talked_about(uow: UnitOfWork, order: Order, at: datetime) -> bool:
    calls = uow.board.calls_of(order.id)
    return any(call.ended_at is None and at - call.started_at < LIVE_FOR for call in calls)


def _askable(uow: UnitOfWork, order_id: str) -> Order:
    order = uow.orders.get(order_id)
    if order is None:
        raise NotFound("There is no such order.")
    if order.status in _CLOSED or order.link_version == order.version > 0:
        raise NothingToAsk("Nothing of this order is left to be asked by telephone.")
    return order


def _number_of(uow: UnitOfWork, order: Order | None) -> str | None:
    if order is None:
        return None
    call = uow.calls.get(order.call_sid) if order.call_sid else None
    contact = order.value("contact.phone")
    return str(contact) if contact is not None else call.caller if call else None


def _key(call_back_id: str) -> str:
    return f"call_back:{call_back_id}"
