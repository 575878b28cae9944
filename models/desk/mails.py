"""Mails: received once, read once, their orders begun and the customers called back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.callback import Cause
from models.customer import Customer
from models.desk.arrivals import Door, Sender, Written, give_up, is_to_read, keep_read
from models.desk.onboarding_mails import MAIL
from models.desk.proofs import doubtful, proven
from models.rows_mail import MailRow
from models.store import UnitOfWork

#: The kind of outbox row by which a mail is read.
READ_MAIL = "read_mail"
#: A sender gets one receipt in so many seconds: two machines that answer each other end there.
_RECEIPT_EVERY_S = 600
FORGED = "The sender of the e-mail could not be proven."
_DOOR = Door(
    channel="email",
    name="mail",
    cause=Cause.EMAIL,
    repeated="An e-mail says the same as one before: ask whether it is a second order.",
    refused="A part of an e-mail was not read; look at it, and ask the sender for it.",
    unread="An e-mail holds no order that could be read.",
    failed="An e-mail could not be read by this program: read it, and enter its orders by hand.",
)


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


def receive_mail(
    uow: UnitOfWork, mail: Received, at: datetime, *, carries_faxes: bool = False
) -> str | None:
    """Keeps a mail and has it read; its id, or None when the same one was kept before.

    Args:
        carries_faxes: what it carries is read as faxes, and the mail itself is not.
    """
    key = hashlib.sha256(f"{mail.message_id}\0{mail.content}".encode()).hexdigest()
    mail_id = key[:32]
    state = "fax" if carries_faxes else "automatic" if mail.automatic else "received"
    is_new = uow.mails.add(
        key,
        id=mail_id,
        content=mail.content,
        sender=mail.sender,
        sender_name=mail.sender_name,
        subject=mail.subject,
        sent_at=mail.sent_at,
        received_at=at,
        state=state,
        checks=dict(mail.checks),
        orders=[],
        raw=mail.raw,
    )
    if not is_new:
        return None
    if state == "received":
        uow.outbox.put(
            f"{READ_MAIL}:{mail_id}", kind=READ_MAIL, payload={"mail_id": mail_id}, at=at
        )
    return mail_id


def is_unread(uow: UnitOfWork, mail_id: str, at: datetime) -> bool:
    """Whether a mail is to be read. One that says what another said lately goes to a person."""
    return is_to_read(uow, uow.mails, _DOOR, mail_id, at)


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
    """Keeps what was read in a mail; see `keep_read`."""
    row = uow.mails.get(mail_id)
    sender = Sender(
        customer=sender_of(uow, row),
        name=row.sender_name,
        flag=FORGED if doubtful(row.checks) else None,
    )
    is_new = row.state == "received"
    kept = keep_read(
        uow, uow.mails, _DOOR, mail_id, sender, parts, drafts, lang=lang, at=at, suspects=suspects
    )
    known = sender.flag is None and (sender.customer is not None or proven(row.checks))
    if is_new and kept and row.sender and known:
        _acknowledge(uow, row, len(kept), lang=lang, at=at)
    return kept


def _acknowledge(uow: UnitOfWork, row: MailRow, count: int, *, lang: str, at: datetime) -> None:
    """Queues the receipt: one a sender in ten minutes, however many mails come."""
    who = hashlib.sha256(row.sender.encode()).hexdigest()[:32]
    key = f"mail:received:{who}:{int(at.timestamp()) // _RECEIPT_EVERY_S}"
    payload = {"to": row.sender, "lang": "en" if lang == "en" else "zh", "what": "received",
               "mail_id": row.id, "count": count}  # fmt: skip
    uow.outbox.put(key, kind=MAIL, payload=payload, at=at)


def mail_failed(uow: UnitOfWork, mail_id: str, at: datetime) -> None:
    """Gives a person a mail that could not be read; doing it again changes nothing."""
    give_up(uow, uow.mails, _DOOR, mail_id, at)


def sender_of(uow: UnitOfWork, row: MailRow) -> Customer | None:
    """The customer whose address the mail came from."""
    customer_id = uow.mails.customer_of(row.sender) if row.sender else None
    return None if customer_id is None else uow.customers.get(customer_id)
