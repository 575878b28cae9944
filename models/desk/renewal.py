"""A signature asked for anew, after the desk changed an order."""

from __future__ import annotations

from datetime import datetime

from models.desk.orders import queue_link
from models.order import Order
from models.store import UnitOfWork


def ask_anew(uow: UnitOfWork, order: Order, *, by: str, at: datetime, valid_hours: float) -> Order:
    """Sends the link of a changed order to whoever was asked to sign an earlier version.

    For the moment when a clerk (`by`) records the customer's yes to the change: in a call the
    assistant sends the link itself. Where nobody was asked before, or this version's link is on
    its way, nothing happens.

    Raises:
        StaleVersion: this version is not confirmed.
    """
    last = uow.links.latest(order.id)
    if last is None or last.order_version >= order.version:
        return order
    waiting = order.send_link(order.version)
    key = f"sms_link:{order.id}:{order.version}:{last.mobile}"
    if not queue_link(
        uow, waiting, last.mobile, last.lang, key=key, at=at, valid_hours=valid_hours
    ):
        return order
    return uow.orders.save(waiting, step="send_link", by=by, at=at)
