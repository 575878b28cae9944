"""An order's life as the desk carries it out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from models import links
from models.desk.addresses import mail_address
from models.desk.admission import admission_of
from models.desk.duties import assign
from models.desk.lookups import count_today
from models.errors import RuleError
from models.order import FieldValue, NotAcceptable, Order, StaleVersion, Status
from models.reach import by_mail, effect, reachable
from models.rows import LinkRow
from models.store import UnitOfWork

#: The kind of outbox row by which a texted link goes out by e-mail, too.
COPY = "mail_copy"
#: These write on behalf of the call they are in.
_IN_CALL = ("caller", "assistant")
#: Orders whose links ran out that one unit marks.
_EXPIRED_AT_A_TIME = 200


def keep_draft(uow: UnitOfWork, order: Order, *, by: str = "caller", at: datetime) -> Order:
    """Stores the order's values; gives the order as the store now holds it.

    Number, confirmation and signature are the store's; `order` brings values, version and
    review reasons. An order not yet known is begun.

    Raises:
        StaleVersion: someone else wrote the order meanwhile; nothing was changed.
        IllegalStep: the order is closed.
    """
    writer = f"call:{order.call_sid}" if by in _IN_CALL and order.call_sid else by
    if uow.orders.get(order.id) is None:
        return _begin(uow, order, writer=writer, by=by, at=at)
    stored = uow.orders.locked(order.id)
    followed = stored.follow(order)
    grown = order.version > stored.version
    foreign = grown and uow.orders.row(order.id).writer != writer
    if foreign and not uow.orders.knows_last_change(order):
        raise StaleVersion(f"Someone else changed the order; it is at {stored.version}.")
    if followed == stored:
        return stored
    return uow.orders.save(followed, step="change", by=by, at=at, writer=writer if grown else None)


def change_order(
    uow: UnitOfWork,
    order_id: str,
    version: int,
    values: Mapping[str, FieldValue],
    *,
    drop: Iterable[str] = (),
    by: str,
    at: datetime,
) -> Order:
    """Changes values of the stored order, if it still is at `version`. Voids what named it.

    Raises:
        StaleVersion: it is not.
    """
    stored = uow.orders.locked(order_id)
    if stored.version != version:
        raise StaleVersion(f"The order was changed meanwhile; it is at {stored.version}.")
    changed = stored.change(values, drop=drop)
    return uow.orders.save(changed, step="change", by=by, at=at, writer=by)


def confirm_order(
    uow: UnitOfWork, order: Order, at: datetime, by: str = "caller"
) -> tuple[Order, int]:
    """Stores the yes to `order.version` and numbers the order; how many today, this included.

    The same yes again changes nothing.
    """
    kept = keep_draft(uow, order, by=by, at=at)
    day = uow.local_day(at)
    if kept.confirmed_version != order.version or kept.number is None:
        confirmed = kept.confirm(order.version, by=by)
        kept = uow.orders.confirm(confirmed, day=day, by=by, at=at)
        kept = assign(uow, kept, at)
    name = kept.value("customer.name")
    who = str(name) if name is not None else uow.orders.row(kept.id).caller
    return kept, max(1, count_today(uow, who, day))


def record_notice(
    uow: UnitOfWork, order_id: str, version: int, notice: str, heard_ratio: float, at: datetime
) -> None:
    """Notes that the notice for this version was played and how far it was heard."""
    uow.notices.add(order_id, version, notice=notice, heard_ratio=heard_ratio, at=at)


def send_link(
    uow: UnitOfWork, order: Order, mobile: str, lang: str, at: datetime, valid_hours: float
) -> Order:
    """Makes the signing link for `order.version` and queues its message to `mobile`.

    That is a number in E.164 or an e-mail address. The same order, version and address again
    queue nothing new.

    Raises:
        RuleError: the number takes no text messages.
        StaleVersion: this version is not confirmed.
    """
    if not reachable(mobile):
        raise RuleError("Text messages go to a mobile number; this one is none.")
    kept = keep_draft(uow, order, at=at)
    key = f"{effect('link', mobile)}:{order.id}:{order.version}:{mobile}"
    waiting = kept.send_link(order.version)
    if not queue_link(uow, waiting, mobile, lang, key=key, at=at, valid_hours=valid_hours):
        return kept
    return uow.orders.save(waiting, step="send_link", by="assistant", at=at)


def queue_link(
    uow: UnitOfWork,
    order: Order,
    mobile: str,
    lang: str,
    *,
    key: str,
    at: datetime,
    valid_hours: float,
    copy: bool = True,
) -> bool:
    """Makes a link for `order.version` and queues its message; False where `key` is known.

    Args:
        mobile: a number in E.164, or an e-mail address.
        copy: the same link goes to the customer's e-mail address, too, where one is known.
    """
    nonce = links.new_nonce()
    payload = {
        "order_id": order.id,
        "order_version": order.version,
        "mobile": mobile,
        "lang": lang,
        "nonce": nonce,
        "changed": _asked_before(uow, order),
    }
    if not uow.outbox.put(key, kind=effect("link", mobile), payload=payload, at=at):
        return False
    also = None if by_mail(mobile) or not copy else mail_address(uow, order)
    if also is not None:
        uow.outbox.put(f"{COPY}:{key}", kind=COPY, payload={**payload, "mobile": also}, at=at)
    uow.links.add(
        LinkRow(
            token_hash=links.token_hash(links.token(uow.secret, nonce)),
            nonce=nonce,
            order_id=order.id,
            order_version=order.version,
            mobile=mobile,
            lang=lang,
            created_at=at,
            expires_at=at + timedelta(hours=valid_hours),
        )
    )
    return True


def cancel_order(uow: UnitOfWork, order: Order, *, at: datetime, by: str = "caller") -> Order:
    """Withdraws the order. Withdrawing it again changes nothing."""
    if uow.orders.get(order.id) is None:
        keep_draft(uow, order, by=by, at=at)
    stored = uow.orders.locked(order.id)
    if stored.status is Status.CANCELLED:
        return stored
    return uow.orders.save(stored.cancel(), step="cancel", by=by, at=at)


def accept(
    uow: UnitOfWork, order_id: str, *, at: datetime, by: str, note: str | None = None
) -> Order:
    """Accepts the order for transport.

    Raises:
        NotAcceptable: a yes to this very version, an effective customer, or a signed notice of
            this version is missing; the message says which.
    """
    order = uow.orders.locked(order_id)
    customer = uow.customers.of_order(order)
    admitted = admission_of(uow, customer, at).may_order
    accepted = order.accept(customer_effective=admitted)
    signature = uow.signatures.get(order.id, order.version)
    if signature is None or signature.order_digest != order.digest():
        raise NotAcceptable("The stored signature is not for these values.")
    return uow.orders.save(accepted, step="accept", by=by, at=at, note=note)


def expire_order(uow: UnitOfWork, order_id: str, version: int, now: datetime) -> bool:
    """Marks the order as expired if every link of this version ran out unsigned; whether it did.

    A person is asked to see to it.
    """
    order = uow.orders.locked(order_id)
    sent = uow.links.of_version(order_id, version)
    waits = order.status is Status.AWAITING_SIGNATURE and order.version == version
    if not waits or not sent or any(link.expires_at > now for link in sent):
        return False
    uow.orders.save(order.expire(), step="expire", by="assistant", at=now)
    reason = "the link ran out before the customer signed"
    key = f"link_expired:{order_id}:{version}:{len(sent)}"
    open_task(uow, "link_expired", reason, order_id, order.call_sid, key, now)
    return True


def expire_links(uow: UnitOfWork, now: datetime) -> int:
    """Marks orders whose every link ran out unsigned as expired, and has a person call.

    Returns:
        How many; there may be more than one call marks.
    """
    found = uow.links.run_out(now, limit=_EXPIRED_AT_A_TIME)
    return sum(
        expire_order(uow, order_id, uow.orders.locked(order_id).version, now) for order_id in found
    )


def open_task(
    uow: UnitOfWork,
    kind: str,
    reason: str,
    order_id: str | None,
    call_sid: str | None,
    key: str,
    at: datetime,
) -> bool:
    """Gives a person something to do, once by `key`; False when it is there already."""
    return uow.tasks.open(
        key, kind=kind, reason=reason, order_id=order_id, call_sid=call_sid, at=at
    )


def _asked_before(uow: UnitOfWork, order: Order) -> bool:
    """Whether an earlier version was to be signed: the message then says that it changed."""
    last = uow.links.latest(order.id)
    return last is not None and last.order_version < order.version


def _begin(uow: UnitOfWork, order: Order, *, writer: str, by: str, at: datetime) -> Order:
    call = uow.calls.get(order.call_sid) if order.call_sid else None
    caller = call.caller if call else None
    status = Status.NEEDS_REVIEW if order.review_reasons else Status.DRAFT
    bare = replace(
        order,
        status=status,
        number=None,
        confirmed_version=None,
        confirmed_by=None,
        link_version=None,
        signed_version=None,
    )
    return uow.orders.add(bare, caller=caller, writer=writer, by=by, at=at)
