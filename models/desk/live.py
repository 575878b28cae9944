"""Calls in progress: who takes one over from the assistant."""

from __future__ import annotations

from datetime import datetime

from models.call import BROWSER_PREFIX, Disposition
from models.desk.orders import open_task
from models.errors import NotFound, RuleError
from models.staff import User
from models.store import UnitOfWork


class CallOver(RuleError):
    """The call has ended meanwhile."""


def take_over(uow: UnitOfWork, call_sid: str, *, user: User, number: str, at: datetime) -> bool:
    """Has the line ring `number` (E.164) in the assistant's place.

    False when somebody took it over already: the first one gets the call.

    Raises:
        NotFound: no such call.
        CallOver: it has ended.
        RuleError: there is no number to ring, or no telephone line that could be passed on.
    """
    call = uow.calls.find(call_sid)
    if call is None:
        raise NotFound("There is no such call.")
    if call.ended_at is not None:
        raise CallOver("This call is over.")
    if call_sid.startswith(BROWSER_PREFIX):
        raise RuleError("A call from the browser cannot be passed on.")
    if not number:
        raise RuleError("Nobody is there to take the call: set a telephone number first.")
    payload = {"call_sid": call_sid, "number": number, "caller_id": call.called, "by": user.name}
    if not uow.outbox.put(f"take_over:{call_sid}", kind="take_over", payload=payload, at=at):
        return False
    call.transfer_to = "clerk"
    call.disposition = call.disposition or Disposition.TRANSFERRED.value
    key = f"{call_sid}:transfer_clerk:{user.name}"
    reason = "a clerk took the call over"
    open_task(uow, "transfer_clerk", reason, call.order_id, call_sid, key, at)
    uow.audit.add(user.name, "call.take_over", f"call:{call_sid}", at=at)
    return True


def take_over_failed(uow: UnitOfWork, call_sid: str, at: datetime) -> None:
    """The line could not be passed on: the assistant still has the caller."""
    call = uow.calls.find(call_sid)
    if call is not None and call.ended_at is None:
        call.transfer_to, call.disposition = None, None
    reason = "the call could not be passed on"
    order_id = call.order_id if call else None
    open_task(uow, "call_back", reason, order_id, call_sid, f"{call_sid}:take_over_failed", at)
