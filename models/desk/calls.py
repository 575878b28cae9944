"""A call's life: begun, its turns and events kept, ended, gone on with."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from models.call import Call, Disposition, Lang, Turn
from models.callback import OVER
from models.desk.duties import assign
from models.order import Order
from models.store import UnitOfWork

#: Within this time after a line dropped, a new call goes on where the old one stopped.
RESUME_WITHIN = timedelta(hours=1)

#: Words of the telephone company for a call that is not over, in their order.
_UNDER_WAY = ("queued", "initiated", "ringing", "in-progress", "with-person")
#: Our own word, and the last one before a call is over: see `models.desk.beside`.
WITH_PERSON = _UNDER_WAY[-1]


def begin_call(uow: UnitOfWork, call: Call, draft: Order) -> Order:
    """Stores the call and its order: a new draft, or one that the call goes on with.

    Beginning the same call again changes nothing but the order it works on.
    """
    uow.calls.begin(call)
    return begin_order(uow, call.sid, draft, call.started_at)


def begin_order(uow: UnitOfWork, call_sid: str, order: Order, at: datetime) -> Order:
    """Makes `order` the one that the call works on; from now on the call writes its values."""
    call = uow.calls.row(call_sid)
    writer = f"call:{call_sid}"
    uow.orders.add(order, caller=call.caller, writer=writer, by="caller", at=at)
    call.order_id = order.id
    return uow.orders.hand_over(order.id, call_sid=call_sid, writer=writer)


def put_turn(uow: UnitOfWork, call_sid: str, turn: Turn) -> None:
    """Stores a turn, or what has become of it; `(call_sid, turn.index)` names it."""
    uow.calls.put_turn(call_sid, turn)


def append_event(
    uow: UnitOfWork, call_sid: str, seq: int, at: datetime, kind: str, body: Mapping[str, Any]
) -> None:
    """Adds a dialogue event (JSON) at its place. Raises RuleError if another one is there."""
    uow.calls.append_event(call_sid, seq, at=at, kind=kind, body=body)


def end_call(
    uow: UnitOfWork,
    sid: str,
    at: datetime,
    disposition: Disposition | None = None,
    recording: str | None = None,
) -> None:
    """Notes how and when the assistant's part of a call ended, and with it the call.

    May come twice; the first time and outcome stand. Where a person has the caller already, the
    call goes on.
    """
    row = uow.calls.row(sid)
    row.disposition = row.disposition or (disposition.value if disposition else None)
    row.recording = recording or row.recording
    if row.status != WITH_PERSON:
        row.ended_at = row.ended_at or max(at, row.started_at)  # a clock may be set back
        row.status = row.status if row.status in OVER else "completed"
    order = uow.orders.get(row.order_id) if row.order_id else None
    if order is not None and order.version > 0:
        assign(uow, order, at)


def call_status(uow: UnitOfWork, sid: str, status: str, at: datetime) -> None:
    """Notes the telephone company's report on a call; reports may come late or twice.

    A call that never reached the desk is unknown and ignored, and so is a report that is
    older than what is known. A final report ends a call whose own end was lost.
    """
    if uow.calls.get(sid) is None:
        return
    row = uow.calls.row(sid)
    if row.status in OVER or progress(status) <= progress(row.status):
        return
    row.status = status
    if status in OVER:
        row.ended_at = row.ended_at or max(at, row.started_at)


def progress(status: str) -> int:
    """How far a call is, by the telephone company's word; an unknown word is no progress."""
    if status in OVER:
        return len(_UNDER_WAY)
    return _UNDER_WAY.index(status) if status in _UNDER_WAY else -1


def set_lang(uow: UnitOfWork, sid: str, lang: Lang) -> None:
    """Notes the language that the call has changed to."""
    uow.calls.row(sid).lang = lang


def want_transfer(uow: UnitOfWork, sid: str, role: str) -> None:
    """Notes whom the line is to ring when the assistant leaves the call: `clerk` or `head`."""
    uow.calls.row(sid).transfer_to = role


def order_of_call(uow: UnitOfWork, sid: str) -> Order | None:
    """The order that a call works on, for going on after its stream broke."""
    call = uow.calls.get(sid)
    return uow.orders.get(call.order_id) if call and call.order_id else None


def resumable(
    uow: UnitOfWork, caller: str | None, now: datetime, within: timedelta = RESUME_WITHIN
) -> tuple[Order, str] | None:
    """The half-taken order of a call from `caller` that broke off, and that call's SID."""
    return None if caller is None else uow.orders.half_taken(caller, now - within)
