"""Legal holds: placed and released by people, each with a reason."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import or_, select

from models.errors import RuleError
from models.retention import NotHeld
from models.rows import CallRow, CustomerRow, OrderRow
from models.rows_privacy import HoldRow
from models.store import UnitOfWork

#: What can be held.
SCOPES = ("call", "order", "customer")


def hold(uow: UnitOfWork, scope: str, name: str, *, reason: str, by: str, at: datetime) -> HoldRow:
    """Keeps everything of a call, an order or a customer until the hold is released.

    Args:
        name: the call's SID, the order's number or id, the customer's name.

    Raises:
        NotHeld: there is no such thing, or no reason was given.
    """
    if not reason.strip():
        raise NotHeld("A hold needs a reason.")
    subject = f"{scope}:{_known(uow, scope, name.strip())}"
    row = uow.holds.add(subject, reason=reason.strip(), by=by, at=at)
    uow.audit.add(by, "hold.add", subject, at=at, detail={"hold": row.id})
    return row


def release(uow: UnitOfWork, hold_id: int, *, by: str, at: datetime) -> HoldRow:
    """Ends a hold; what is due is deleted from then on.

    Raises:
        NotFound: there is no such hold.
        RuleError: it was released before.
    """
    row = uow.holds.get(hold_id)
    if row.released_at is not None:
        raise RuleError("This hold was released before.")
    row.released_by, row.released_at = by, at
    uow.audit.add(by, "hold.release", row.subject, at=at, detail={"hold": row.id})
    return row


def _known(uow: UnitOfWork, scope: str, name: str) -> str:
    """The name by which the database knows a subject."""
    queries = {
        "call": select(CallRow.sid).where(CallRow.sid == name),
        "order": select(OrderRow.id).where(or_(OrderRow.id == name, OrderRow.number == name)),
        "customer": select(CustomerRow.name).where(CustomerRow.name == name),
    }
    query = queries.get(scope)
    found = None if query is None else uow.session.scalars(query).first()
    if found is None and scope == "customer":
        ordered = select(OrderRow.customer).where(OrderRow.customer == name)
        found = uow.session.scalars(ordered).first()
    if found is None:
        raise NotHeld("There is no such call, order or customer.")
    return found
