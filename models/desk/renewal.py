"""A signature asked for anew: after a change by the desk, or where a link did not serve."""

from __future__ import annotations

from datetime import datetime, timedelta

from models.desk.orders import confirm_order, send_link
from models.errors import NotFound
from models.order import Order, StaleVersion
from models.rows import LinkRow
from models.store import UnitOfWork

#: Two presses of the same button are one wish.
_ONE_WISH = timedelta(minutes=1)


def reconfirm(
    uow: UnitOfWork, order_id: str, version: int, *, by: str, at: datetime, valid_hours: float
) -> Order:
    """Records the customer's yes that a clerk (`by`) got in a call-back to a changed order.

    Whoever was asked to sign before is asked again: a new message goes to the same mobile.

    Raises:
        StaleVersion: the order is not at `version` any more.
    """
    stored = uow.orders.locked(order_id)
    if stored.version != version:
        raise StaleVersion(f"The order was changed meanwhile; it is at {stored.version}.")
    confirmed, _ = confirm_order(uow, stored, at, by)
    last = uow.links.latest(order_id)
    if last is None:
        return confirmed
    return send_link(uow, confirmed, last.mobile, last.lang, at, valid_hours, by=by)


def renew_link(
    uow: UnitOfWork,
    order_id: str,
    *,
    by: str,
    at: datetime,
    valid_hours: float,
    mobile: str | None = None,
) -> Order:
    """Sends a fresh link for the order's present version, to `mobile` or where the last went.

    Earlier links stay good until their end. Pressed twice within a minute it sends one.

    Raises:
        NotFound: no link was sent before, and no mobile is given.
        StaleVersion: this version is not confirmed.
        IllegalStep: it is signed already, or the order is closed.
    """
    stored = uow.orders.locked(order_id)
    last = uow.links.latest(order_id)
    to = mobile or (last.mobile if last else None)
    if to is None:
        raise NotFound("No link was sent for this order yet; give the mobile.")
    sent = uow.links.of_version(order_id, stored.version)
    if any(link.mobile == to and _just_now(link, at) for link in sent):
        return stored
    lang = last.lang if last else "zh"
    return send_link(uow, stored, to, lang, at, valid_hours, by=by, round_=len(sent))


def _just_now(link: LinkRow, at: datetime) -> bool:
    return at - link.created_at < _ONE_WISH
