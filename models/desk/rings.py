"""Rings of call-backs: what is reported of them, and whether they are still needed."""

from __future__ import annotations

from datetime import datetime

from models.call import Disposition
from models.callback import OVER, Cause
from models.desk.callbacks import CLOSED, outbox_key
from models.desk.calls import progress
from models.desk.running import LIVE_FOR, going_on
from models.order import Order
from models.rows_outbound import CallBackRow, RingRow
from models.store import UnitOfWork

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
            uow.outbox.wake_one(outbox_key(row.id), f"{sid}:{status}", at)
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
        if order.status in CLOSED:
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


def waiting_for(uow: UnitOfWork, caller: str | None, at: datetime) -> Order | None:
    """The order whose call broke and whose caller, now calling himself, was to be called back."""
    for row in uow.call_backs.planned_at(caller) if caller else ():
        order = uow.orders.get(row.order_id) if row.order_id else None
        broke = row.cause == Cause.DROPPED
        if (
            broke
            and order is not None
            and order.status not in CLOSED
            and not going_on(uow.board.calls_of(order.id), at)
        ):
            return order
    return None
