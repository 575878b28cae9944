"""Orders that come in writing: what all doors for them do alike once a paper was read.

A door keeps its paper once, has it read by a workflow, and ends here: in draft orders like those
of a call, and in a call-back for each.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.callback import Cause
from models.customer import Customer
from models.desk.callbacks import request_callback
from models.desk.duties import assign
from models.desk.lookups import match_company
from models.desk.orders import keep_draft, open_task
from models.fields import Value
from models.order import FieldValue, Order, Source
from models.repositories.arrivals import Arrivals, Row
from models.store import UnitOfWork

#: The same words after this time are rather another order than the same paper again.
_REPEATED_WITHIN = timedelta(days=3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """One value that was read.

    Attributes:
        place: where it stands (`nlp.written.source.Place.code`).
    """

    value: Value
    read: str
    confidence: float
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """How a door names what it brings.

    Attributes:
        channel: the orders' channel, and who changed their values first.
        name: the beginning of its tasks' kinds.
        cause: why its customers are called back.
        repeated, refused, unread, failed: what a person is asked where the same came before,
            where a part was not read, where no order was found, where reading failed.
    """

    channel: str
    name: str
    cause: Cause
    repeated: str
    refused: str
    unread: str
    failed: str

    def task(self, uow: UnitOfWork, what: str, reason: str, paper_id: str, at: datetime) -> None:
        """Gives a person a paper to look at, once."""
        kind = f"{self.name}_{what}"
        open_task(uow, kind, reason, None, None, f"{kind}:{paper_id}", at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sent a paper.

    Attributes:
        customer: the one that its address or number belongs to.
        name: as the paper tells it; empty where it tells none.
        flag: why the paper may be somebody else's; None where nothing speaks against it.
    """

    customer: Customer | None = None
    name: str = ""
    flag: str | None = None


def is_to_read(
    uow: UnitOfWork, papers: Arrivals[Row], door: Door, paper_id: str, at: datetime
) -> bool:
    """Whether a paper is to be read. One that says what another said lately goes to a person."""
    row = papers.locked(paper_id)
    if row.state != "received":
        return False
    if papers.like(row, at - _REPEATED_WITHIN) is None:
        return True
    row.state = "repeated"
    door.task(uow, "repeated", door.repeated, paper_id, at)
    return False


def keep_read(
    uow: UnitOfWork,
    papers: Arrivals[Row],
    door: Door,
    paper_id: str,
    sender: Sender,
    parts: Sequence[Mapping[str, Any]],
    drafts: Sequence[Mapping[str, Written]],
    *,
    lang: str,
    at: datetime,
    suspects: Sequence[Sequence[str]] = (),
) -> list[str]:
    """Keeps what was read, begins its orders, and has each customer called back at once.

    Doing it again changes nothing.

    Args:
        suspects: of each draft, the goods that may hide dangerous ones.

    Returns:
        The orders' ids.
    """
    row: Row = papers.locked(paper_id)
    if row.state != "received":
        return list(row.orders)
    row.state, row.parts = "read", list(parts)
    refused = any(part.get("refused") for part in parts)
    if refused:
        door.task(uow, "refused", door.refused, paper_id, at)
    for number, draft in enumerate(drafts):
        # By a secret: the sender knows the paper, and shall not know the order's id.
        told = hmac.new(uow.secret.encode(), f"{row.key}:{number}".encode(), hashlib.sha256)
        order_id = told.hexdigest()[:32]
        _begin(uow, door, paper_id, order_id, sender, draft, lang=lang, at=at)
        if number < len(suspects):
            uow.orders.row(order_id).suspects = list(suspects[number]) or None
        row.orders = [*row.orders, order_id]
    if not drafts and not refused:
        door.task(uow, "unread", door.unread, paper_id, at)
    return list(row.orders)


def give_up(
    uow: UnitOfWork, papers: Arrivals[Row], door: Door, paper_id: str, at: datetime
) -> None:
    """Gives a person a paper that could not be read; doing it again changes nothing."""
    row: Row = papers.locked(paper_id)
    if row.state == "received":
        row.state = "failed"
        door.task(uow, "unread", door.failed, paper_id, at)


def _begin(
    uow: UnitOfWork,
    door: Door,
    paper_id: str,
    order_id: str,
    sender: Sender,
    draft: Mapping[str, Written],
    *,
    lang: str,
    at: datetime,
) -> None:
    values = {name: _field(door, paper_id, found) for name, found in draft.items()}
    customer = sender.customer
    named = draft.get("customer.name")
    if customer is None and named is not None:
        customer = match_company(uow, str(named.value))
    if customer is not None and sender.flag is None:
        values |= _of_record(customer)
    order = Order(id=order_id, channel=door.channel).change(values)
    keep_draft(uow, order, by=door.channel, at=at)
    if sender.flag is not None:
        flagged = uow.orders.locked(order_id).flag(sender.flag)
        uow.orders.save(flagged, step="flag", by="assistant", at=at)
    request_callback(
        uow, cause=door.cause, order_id=order_id, number=_number(customer, sender.name, draft),
        lang="en" if lang == "en" else "zh", at=at,
    )  # fmt: skip
    assign(uow, uow.orders.locked(order_id), at)


def _field(door: Door, paper_id: str, found: Written) -> FieldValue:
    place = f"{paper_id}/{found.place}"
    source = Source(
        heard=found.read, confidence=found.confidence, changed_by=door.channel, place=place
    )
    return FieldValue(found.value, source)


def _of_record(customer: Customer) -> dict[str, FieldValue]:
    """The customer as the register has it; the sender's address or number told who it is."""
    source = Source(heard="", confidence=1.0, changed_by="record")
    known = {"customer.name": customer.name, "customer.account": customer.account}
    return {name: FieldValue(value, source) for name, value in known.items() if value}


def _number(
    customer: Customer | None, sender_name: str, draft: Mapping[str, Written]
) -> str | None:
    """Whom to ring: the register's number for who wrote, its first one, or what the paper says.

    A number that only stands in the paper comes last: whoever forges one writes his own.
    """
    phones = customer.phones if customer is not None else ()
    person = next((p.number for p in phones if p.person and p.person == sender_name), None)
    registered = person or (phones[0].number if phones else None)
    written = draft.get("contact.phone") or draft.get("consignor.phone")
    return registered or (str(written.value) if written is not None else None)
