"""Mails: received once, read once, their orders begun and the customers called back."""

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
from models.desk.lookups import match_company
from models.desk.orders import keep_draft, open_task
from models.desk.proofs import doubtful
from models.fields import Value
from models.order import FieldValue, Order, Source
from models.rows_mail import MailRow
from models.store import UnitOfWork

#: The kind of outbox row by which a mail is read.
READ_MAIL = "read_mail"
#: The same words after this time are rather another order than the same mail again.
_REPEATED_WITHIN = timedelta(days=3)
FORGED = "The sender of the e-mail could not be proven."


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A mail that came in, and what stands on it.

    Attributes:
        checks: what is known of the sender's proofs: `spf`, `dkim`, `dmarc`.
    """

    message_id: str
    content: str
    sender: str
    sender_name: str
    subject: str
    sent_at: datetime | None
    automatic: bool
    checks: Mapping[str, str]
    raw: bytes


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


def receive_mail(uow: UnitOfWork, mail: Received, at: datetime) -> str | None:
    """Keeps a mail and has it read; its id, or None when the same one was kept before."""
    key = hashlib.sha256(f"{mail.message_id}\0{mail.content}".encode()).hexdigest()
    mail_id = key[:32]
    is_new = uow.mails.add(
        key,
        id=mail_id,
        content=mail.content,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        sent_at=mail.sent_at,
        received_at=at,
        state="automatic" if mail.automatic else "received",
        checks=dict(mail.checks),
        orders=[],
        raw=mail.raw,
    )
    if not is_new:
        return None
    if not mail.automatic:
        uow.outbox.put(
            f"{READ_MAIL}:{mail_id}", kind=READ_MAIL, payload={"mail_id": mail_id}, at=at
        )
    return mail_id


def is_unread(uow: UnitOfWork, mail_id: str, at: datetime) -> bool:
    """Whether a mail is to be read. One that says what another said lately goes to a person."""
    row = uow.mails.locked(mail_id)
    if row.state != "received":
        return False
    if uow.mails.like(row, at - _REPEATED_WITHIN) is None:
        return True
    row.state = "repeated"
    reason = "An e-mail says the same as one before: ask whether it is a second order."
    open_task(uow, "mail_repeated", reason, None, None, f"mail_repeated:{mail_id}", at)
    return False


def keep_reading(
    uow: UnitOfWork,
    mail_id: str,
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
    row = uow.mails.locked(mail_id)
    if row.state != "received":
        return list(row.orders)
    row.state, row.parts = "read", list(parts)
    refused = any(part.get("refused") for part in parts)
    if refused:
        reason = "A part of an e-mail was not read; look at it, and ask the sender for it."
        open_task(uow, "mail_refused", reason, None, None, f"mail_refused:{mail_id}", at)
    customer = sender_of(uow, row)
    for number, draft in enumerate(drafts):
        row.orders = [*row.orders, _begin(uow, row, number, draft, customer, lang=lang, at=at)]
        if number < len(suspects):
            uow.orders.row(row.orders[-1]).suspects = list(suspects[number]) or None
    if not drafts and not refused:
        reason = "An e-mail holds no order that could be read."
        open_task(uow, "mail_unread", reason, None, None, f"mail_unread:{mail_id}", at)
    return list(row.orders)


def mail_failed(uow: UnitOfWork, mail_id: str, at: datetime) -> None:
    """Gives a person a mail that could not be read; doing it again changes nothing."""
    row = uow.mails.locked(mail_id)
    if row.state != "received":
        return
    row.state = "failed"
    reason = "An e-mail could not be read by this program: read it, and enter its orders by hand."
    open_task(uow, "mail_unread", reason, None, None, f"mail_unread:{mail_id}", at)


def sender_of(uow: UnitOfWork, row: MailRow) -> Customer | None:
    """The customer whose address the mail came from."""
    customer_id = uow.mails.customer_of(row.sender) if row.sender else None
    return None if customer_id is None else uow.customers.get(customer_id)


def _begin(
    uow: UnitOfWork,
    row: MailRow,
    number: int,
    draft: Mapping[str, Written],
    customer: Customer | None,
    *,
    lang: str,
    at: datetime,
) -> str:
    # By a secret: the sender knows the mail, and shall not know the order's id.
    named_by = hmac.new(uow.secret.encode(), f"{row.key}:{number}".encode(), hashlib.sha256)
    order_id = named_by.hexdigest()[:32]
    values = {name: _field(row.id, found) for name, found in draft.items()}
    proven = not doubtful(row.checks)
    named = draft.get("customer.name")
    if customer is None and named is not None:
        customer = match_company(uow, str(named.value))
    if customer is not None and proven:
        values |= _of_record(customer)
    order = Order(id=order_id, channel="email").change(values)
    keep_draft(uow, order, by="email", at=at)
    if not proven:
        flagged = uow.orders.locked(order_id).flag(FORGED)
        uow.orders.save(flagged, step="flag", by="assistant", at=at)
    number_to_ring = _number(customer, row.sender_name, draft)
    request_callback(
        uow, cause=Cause.EMAIL, order_id=order_id, number=number_to_ring,
        lang="en" if lang == "en" else "zh", at=at,
    )  # fmt: skip
    return order_id


def _field(mail_id: str, found: Written) -> FieldValue:
    place = f"{mail_id}/{found.place}"
    source = Source(heard=found.read, confidence=found.confidence, changed_by="email", place=place)
    return FieldValue(found.value, source)


def _of_record(customer: Customer) -> dict[str, FieldValue]:
    """The customer as the register has it; the address told who it is."""
    source = Source(heard="", confidence=1.0, changed_by="record")
    known = {"customer.name": customer.name, "customer.account": customer.account}
    return {name: FieldValue(value, source) for name, value in known.items() if value}


def _number(
    customer: Customer | None, sender_name: str, draft: Mapping[str, Written]
) -> str | None:
    """Whom to ring: the register's number for who wrote, its first one, or what the mail says.

    A number that only stands in the mail comes last: whoever forges a mail writes his own.
    """
    phones = customer.phones if customer is not None else ()
    person = next((p.number for p in phones if p.person and p.person == sender_name), None)
    registered = person or (phones[0].number if phones else None)
    written = draft.get("contact.phone") or draft.get("consignor.phone")
    return registered or (str(written.value) if written is not None else None)
