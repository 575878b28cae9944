"""A signature asked for by the desk: anew after a change, by e-mail, or of a written order."""

from __future__ import annotations

from datetime import datetime

from models.desk.addresses import mail_address
from models.desk.orders import open_task, queue_link, send_link
from models.order import TRANSITIONS, Order, Step
from models.phones import is_mobile
from models.reach import effect
from models.store import UnitOfWork

_TO_SIGN = frozenset(status for status, steps in TRANSITIONS.items() if Step.SEND_LINK in steps)
_NOWHERE = "the order is confirmed, but its link has no number to go to"


def ask_anew(uow: UnitOfWork, order: Order, *, by: str, at: datetime, valid_hours: float) -> Order:
    """Sends the link of a changed order to whoever was asked to sign an earlier version.

    For the moment when a clerk (`by`) records the customer's yes to the change: in a call the
    assistant sends the link itself. Where this version's link is on its way, nothing happens,
    nor where nobody was asked before: but an order that came in writing has its first link sent
    to its contact's mobile, or the one that is called back, and by e-mail, or by e-mail alone.

    Raises:
        StaleVersion: this version is not confirmed.
    """
    last = uow.links.latest(order.id)
    if last is not None and last.order_version >= order.version:
        return order
    if last is not None:
        address, lang = last.mobile, last.lang
    elif order.channel != "phone":
        address, lang = _first_address(uow, order) or "", _lang(uow, order)
        if not address:
            key = f"no_address:{order.id}:{order.version}"
            open_task(uow, "sms_failed", _NOWHERE, order.id, order.call_sid, key, at)
    else:
        address, lang = "", ""
    if not address:
        return order
    waiting = order.send_link(order.version)
    key = f"{effect('link', address)}:{order.id}:{order.version}:{address}"
    if not queue_link(uow, waiting, address, lang, key=key, at=at, valid_hours=valid_hours):
        return order
    return uow.orders.save(waiting, step="send_link", by=by, at=at)


def link_by_mail(
    uow: UnitOfWork, order_id: str, *, lang: str, at: datetime, valid_hours: float
) -> bool:
    """Sends the link of a confirmed order by e-mail, no mobile being known.

    False where there is no address, or nothing to sign.
    """
    order = uow.orders.locked(order_id)
    address = mail_address(uow, order)
    waits = order.confirmed_version == order.version and order.link_version != order.version
    if address is None or not waits or order.status not in _TO_SIGN:
        return False
    send_link(uow, order, address, lang, at, valid_hours)
    return True


def _first_address(uow: UnitOfWork, order: Order) -> str | None:
    """The contact's mobile, else the one that was to be called back, else where e-mail is read."""
    planned = uow.call_backs.of_order(order.id)
    numbers = (order.value("contact.phone"), *(back.number for back in reversed(planned)))
    mobile = next((str(number) for number in numbers if is_mobile(str(number))), None)
    return mobile or mail_address(uow, order)


def _lang(uow: UnitOfWork, order: Order) -> str:
    """The language in which the customer was to be called back."""
    planned = uow.call_backs.of_order(order.id)
    return planned[-1].lang if planned else "zh"
