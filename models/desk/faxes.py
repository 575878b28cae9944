"""Faxes: received once, read once, their orders begun and the customers called back."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from models.callback import Cause
from models.customer import Customer
from models.desk.arrivals import Door, Sender, Written, give_up, is_to_read, keep_read
from models.desk.daycounts import recount
from models.phones import dialled_number
from models.rows_fax import FaxRow
from models.store import UnitOfWork

#: The kind of outbox row by which a fax is read.
READ_FAX = "read_fax"
#: Ways by which faxes come; see `FaxRow.source`.
FaxSource = Literal["folder", "service", "mail"]
_DOOR = Door(
    channel="fax",
    name="fax",
    cause=Cause.FAX,
    repeated="A fax shows the same as one before: ask whether it is a second order.",
    refused="A fax was not read; look at it, and ask the sender to send it again.",
    unread="A fax holds no order that could be read.",
    failed="A fax could not be read by this program: read it, and enter its orders by hand.",
)
_LOST = "The pages of a fax could not be fetched: ask the sender to send it again."
_BROKEN_OFF = "A fax did not get through: ask the sender to send it again."


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedFax:
    """A fax that came in.

    Attributes:
        reference: its name where it came from. Together with its bytes it says which fax it is;
            the service's name for it alone, where its pages are still to be fetched.
        number: the sender's as it was told, E.164 or as dialled in China; empty for none.
        media_url: where its pages are, as long as `raw` is empty.
    """

    source: FaxSource
    reference: str
    number: str
    raw: bytes = b""
    media_url: str | None = None


def receive_fax(uow: UnitOfWork, fax: ReceivedFax, at: datetime) -> str | None:
    """Keeps a fax and has it read; its id, or None when the same one was kept before."""
    content = _digest(fax.raw) if fax.media_url is None else ""
    # Strangers choose names: a file's may be no text, and no database takes a NUL in one.
    reference = fax.reference.encode("utf-8", "backslashreplace").decode().replace("\0", "")
    key = hashlib.sha256(f"{fax.source}\0{reference}\0{content}".encode()).hexdigest()
    fax_id = key[:32]
    is_new = uow.faxes.add(
        key,
        id=fax_id,
        content=content,
        source=fax.source,
        reference=reference,
        number=dialled_number(fax.number) or "",
        media_url=fax.media_url,
        received_at=at,
        state="received" if fax.media_url is None else "announced",
        orders=[],
        raw=fax.raw,
    )
    if not is_new:
        return None
    uow.outbox.put(f"{READ_FAX}:{fax_id}", kind=READ_FAX, payload={"fax_id": fax_id}, at=at)
    return fax_id


def keep_pages(uow: UnitOfWork, fax_id: str, raw: bytes) -> None:
    """Keeps the pages of a fax that a service had announced."""
    row = uow.faxes.locked(fax_id)
    if row.state == "announced":
        row.raw, row.content, row.state = raw, _digest(raw), "received"


def pages_lost(uow: UnitOfWork, fax_id: str, at: datetime) -> None:
    """The pages of an announced fax cannot be had: a person asks for them."""
    row = uow.faxes.locked(fax_id)
    if row.state == "announced":
        row.state = "lost"
        _DOOR.task(uow, "lost", _LOST, fax_id, at)


def fax_broke_off(uow: UnitOfWork, reference: str, number: str, at: datetime) -> None:
    """A fax that a customer tried to send never came whole: a person asks for it, once."""
    fax = ReceivedFax(source="service", reference=reference, number=number, media_url="")
    fax_id = receive_fax(uow, fax, at)
    if fax_id is not None:
        uow.faxes.locked(fax_id).state = "lost"
        _DOOR.task(uow, "lost", _BROKEN_OFF, fax_id, at)


def is_fax_unread(uow: UnitOfWork, fax_id: str, at: datetime) -> bool:
    """Whether a fax is to be read. One like another lately goes to a person."""
    return is_to_read(uow, uow.faxes, _DOOR, fax_id, at)


def keep_fax_reading(
    uow: UnitOfWork,
    fax_id: str,
    parts: Sequence[Mapping[str, Any]],
    drafts: Sequence[Mapping[str, Written]],
    *,
    lang: str,
    at: datetime,
    suspects: Sequence[Sequence[str]] = (),
) -> list[str]:
    """Keeps what was read in a fax; see `keep_read`."""
    sender = Sender(customer=fax_sender(uow, uow.faxes.get(fax_id)))
    kept = keep_read(
        uow, uow.faxes, _DOOR, fax_id, sender, parts, drafts, lang=lang, at=at, suspects=suspects
    )
    for order_id in kept:
        recount(uow, order_id, at)
    return kept


def fax_failed(uow: UnitOfWork, fax_id: str, at: datetime) -> None:
    """Gives a person a fax that could not be read; doing it again changes nothing."""
    give_up(uow, uow.faxes, _DOOR, fax_id, at)


def fax_sender(uow: UnitOfWork, row: FaxRow) -> Customer | None:
    """The customer whose number the fax came from: by the desk's notes, or by its telephones."""
    if not row.number:
        return None
    customer_id = uow.faxes.customer_of(row.number)
    if customer_id is None:
        return uow.customers.by_phone(row.number)
    return uow.customers.get(customer_id)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()
