"""An order's life after the caller's yes: what its signing link is worth now."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from models.desk.orders import queue_link
from models.order import Order, Status
from models.phones import is_mobile
from models.reach import effect
from models.store import UnitOfWork


class Standing(StrEnum):
    """How the order stands, seen from one of its links."""

    WAITING = "waiting"
    SIGNED = "signed"
    RELEASED = "released"
    EXPIRED = "expired"
    CLOSED = "closed"
    SUPERSEDED = "superseded"


_ENDED = {
    Status.CANCELLED: Standing.CLOSED,
    Status.REJECTED: Standing.CLOSED,
    Status.ACCEPTED: Standing.RELEASED,
    Status.EXPIRED: Standing.EXPIRED,
}


def standing(uow: UnitOfWork, link: Mapping[str, Any]) -> tuple[Standing, datetime | None]:
    """The standing of a link's outbox payload, and when the last link of its version ends.

    `SUPERSEDED`: the order was changed, or a newer link of it is out and has the life.
    """
    order_id, version = str(link["order_id"]), int(link["order_version"])
    order, sent = uow.orders.get(order_id), uow.links.of_version(order_id, version)
    if order is None or not sent or order.version != version:
        return Standing.SUPERSEDED, None
    ended = _ENDED.get(order.status)
    if sent[0].nonce != link["nonce"] and ended is not Standing.RELEASED:
        return Standing.SUPERSEDED, None
    if ended is not None:
        return ended, None
    if order.signed_version == version:
        return Standing.SIGNED, None
    ends = max(other.expires_at for other in sent)
    return Standing.WAITING, ends


def queue_reminder(uow: UnitOfWork, link: Mapping[str, Any], nth: int, at: datetime) -> bool:
    """Queues the nth reminder of a link, once; False when it was queued before."""
    kind = effect("reminder", str(link["mobile"]))
    key = f"{kind}:{link['order_id']}:{link['order_version']}:{link['nonce']}:{nth}"
    return uow.outbox.put(key, kind=kind, payload=link, at=at)


def other_number(uow: UnitOfWork, link: Mapping[str, Any], at: datetime) -> bool:
    """Sends the link of a lost message to another mobile of this order, if it has one.

    Each number is tried once. The new link ends with the old one. What went out by e-mail is not
    sent again: its link serves still.
    """
    order = uow.orders.locked(str(link["order_id"]))
    found, ends = standing(uow, link)
    if found is not Standing.WAITING or ends is None or ends <= at:
        return False
    sent = uow.links.of_version(order.id, order.version)
    mobile = _untried(uow, order, {old.mobile for old in sent})
    if mobile is None:
        return False
    key = f"sms_link:{order.id}:{order.version}:{mobile}"
    hours = (ends - at).total_seconds() / 3600
    lang = str(link["lang"])
    return queue_link(uow, order, mobile, lang, key=key, at=at, valid_hours=hours, copy=False)


def _untried(uow: UnitOfWork, order: Order, tried: set[str]) -> str | None:
    call = uow.calls.get(order.call_sid) if order.call_sid else None
    contact = order.value("contact.phone")
    numbers = (None if contact is None else str(contact), call.caller if call else None)
    return next((n for n in numbers if n and n not in tried and is_mobile(n)), None)
