"""What clerks do with an order. One clerk answers for it to its end (一票业务负责到底).

Whoever acts first on an order that nobody answers for becomes its owner; from then on only the
owner acts, until the order is handed over. `lock` is the row's counter as the clerk saw it: if
it has moved on, somebody else was faster, and nothing is changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from models.desk.orders import accept, change_order, queue_link
from models.desk.releasing import must_be_approved, must_be_heads
from models.desk.renewal import ask_anew
from models.desk.running import being_taken
from models.errors import RuleError
from models.fields import Value
from models.order import FieldValue, Order, Source, StaleVersion
from models.reach import effect, reachable
from models.staff import Permission, User
from models.store import UnitOfWork

#: Two presses of one button are one wish.
_RESEND_AFTER = timedelta(seconds=30)


class NotOwner(RuleError):
    """Another clerk answers for this order."""


class CallRunning(RuleError):
    """The caller is still on the line; the order's values are theirs until the call ends."""


class NeedsReason(RuleError):
    """This step wants a reason."""


def take(uow: UnitOfWork, order_id: str, *, user: User, lock: int, at: datetime) -> Order:
    """Makes the clerk the owner of an order that nobody answers for."""
    return held_by(uow, order_id, user=user, lock=lock, at=at)


def hand_over(
    uow: UnitOfWork, order_id: str, to: str, *, user: User, lock: int, note: str, at: datetime
) -> Order:
    """Gives the order to another clerk; the owner does, or somebody who leads.

    Raises:
        NotOwner: neither.
        NeedsReason: `note` says nothing.
        RuleError: the other one cannot work on orders.
    """
    row = uow.orders.row(order_id)
    _must_be_fresh(row.lock, lock)
    if row.owner not in (None, user.name) and not user.may(Permission.LEAD):
        raise NotOwner("Another clerk answers for this order.")
    if not any(u.name == to and u.may(Permission.HANDLE) for u in uow.users.all()):
        raise RuleError("This person cannot work on orders.")
    if not note.strip():
        raise NeedsReason("Give a reason.")
    log_step(uow, user, "order.hand_over", order_id, at, to=to)
    reason = f"{to}: {note.strip()}"
    return uow.orders.give_to(order_id, to, step="hand_over", by=user.signature, at=at, note=reason)


def edit(
    uow: UnitOfWork,
    order_id: str,
    *,
    version: int,
    values: Mapping[str, Value],
    empty: set[str],
    user: User,
    at: datetime,
) -> tuple[Order, bool]:
    """Changes what differs; other values keep their source. Says whether a yes was voided.

    Raises:
        StaleVersion: the order is not at `version` any more.
        CallRunning: its caller is still on the line.
    """
    stored = held_by(uow, order_id, user=user, lock=None, at=at)
    if being_taken(uow.board.calls_of(order_id), at):
        raise CallRunning("The caller is still on the line. Edit the order after the call.")
    changed = {
        name: FieldValue(value, _typed_by(user, value))
        for name, value in values.items()
        if stored.value(name) != value
    }
    drop = [name for name in empty if name in stored.fields]
    after = change_order(uow, order_id, version, changed, drop=drop, by=user.signature, at=at)
    names = sorted([*changed, *drop])
    log_step(uow, user, "order.change", order_id, at, fields=names, version=after.version)
    return after, stored.confirmed_version is not None and after.confirmed_version is None


def confirm_by_call_back(
    uow: UnitOfWork,
    order_id: str,
    *,
    user: User,
    lock: int,
    note: str,
    at: datetime,
    valid_hours: float,
) -> Order:
    """Records the customer's yes that the clerk got by calling back; `note` says from whom.

    Whoever was asked to sign an earlier version is sent the link to this one.
    """
    if not note.strip():
        raise NeedsReason("Say with whom you spoke.")
    order = held_by(uow, order_id, user=user, lock=lock, at=at)
    confirmed = order.confirm(order.version, by=user.signature)
    log_step(uow, user, "order.confirm", order_id, at, version=order.version)
    numbered = uow.orders.confirm(
        confirmed, day=uow.local_day(at), by=user.signature, at=at, note=note.strip()
    )
    return ask_anew(uow, numbered, by=user.signature, at=at, valid_hours=valid_hours)


def resend_link(
    uow: UnitOfWork,
    order_id: str,
    mobile: str,
    lang: str,
    *,
    user: User,
    lock: int,
    at: datetime,
    valid_hours: float,
) -> Order:
    """Makes a new link for the same version and queues its message to a mobile or by e-mail.

    Raises:
        RuleError: the number takes no text messages, or a link went out a moment ago.
        StaleVersion: this version is not confirmed.
    """
    if not reachable(mobile):
        raise RuleError("Text messages go to a mobile number; this one is none.")
    order = held_by(uow, order_id, user=user, lock=lock, at=at)
    sent = uow.links.of_version(order_id, order.version)
    if any(link.mobile == mobile and at - link.created_at < _RESEND_AFTER for link in sent):
        raise RuleError("A link went there a moment ago.")
    waiting = order.send_link(order.version)
    key = f"{effect('link', mobile)}:{order_id}:{order.version}:{mobile}:{len(sent)}"
    queue_link(uow, waiting, mobile, lang, key=key, at=at, valid_hours=valid_hours, copy=not sent)
    log_step(uow, user, "order.send_link", order_id, at, version=order.version)
    return uow.orders.save(waiting, step="send_link", by=user.signature, at=at)


def clear_review(
    uow: UnitOfWork, order_id: str, *, user: User, lock: int, note: str, at: datetime
) -> Order:
    """Ends a review: a person has looked, `note` says at what."""
    held = held_by(uow, order_id, user=user, lock=lock, at=at)
    return _reasoned(uow, held.clear(), "clear", user=user, note=note, at=at)


def settle_doubts(uow: UnitOfWork, order_id: str, *, user: User, lock: int, at: datetime) -> Order:
    """Notes that a person listened to what a second hearing doubts; the order stays as it is."""
    held = held_by(uow, order_id, user=user, lock=lock, at=at)
    sids = [call.sid for call in uow.board.calls_of(order_id)]
    uow.second_hearings.settle(sids, by=user.name, at=at)
    log_step(uow, user, "order.settle_doubts", order_id, at)
    return held


def release(uow: UnitOfWork, order_id: str, *, user: User, lock: int, at: datetime) -> Order:
    """Accepts the order for transport.

    Raises:
        NotAcceptable: one of the three conditions is missing.
        HeadOnly, NeedsApproval: see `models.desk.releasing`.
    """
    held = held_by(uow, order_id, user=user, lock=lock, at=at)
    must_be_approved(uow, held, user, at)
    accepted = accept(uow, order_id, at=at, by=user.signature)
    log_step(uow, user, "order.accept", order_id, at, version=accepted.version)
    return accepted


def reject(
    uow: UnitOfWork, order_id: str, *, user: User, lock: int, note: str, at: datetime
) -> Order:
    """Refuses the order; the reason is kept."""
    held = held_by(uow, order_id, user=user, lock=lock, at=at)
    return _reasoned(uow, held.reject(), "reject", user=user, note=note, at=at)


def withdraw(
    uow: UnitOfWork, order_id: str, *, user: User, lock: int, note: str, at: datetime
) -> Order:
    """Cancels the order at the customer's wish; the reason is kept."""
    held = held_by(uow, order_id, user=user, lock=lock, at=at)
    return _reasoned(uow, held.cancel(), "cancel", user=user, note=note, at=at)


def finish_task(uow: UnitOfWork, task_id: int, *, user: User, note: str, at: datetime) -> None:
    """Notes that a task is done. Doing it again changes nothing."""
    row = uow.tasks.row(task_id)
    if row.state == "done":
        return
    row.state, row.done_at, row.done_by = "done", at, user.name
    row.note = note.strip() or None
    detail = {"kind": row.kind, "order": row.order_id, "call": row.call_sid}
    uow.audit.add(user.name, "task.done", f"task:{task_id}", at=at, detail=detail)


def held_by(uow: UnitOfWork, order_id: str, *, user: User, lock: int | None, at: datetime) -> Order:
    """The order, locked, and the clerk its owner. Raises NotOwner, StaleVersion."""
    row = uow.orders.row(order_id)
    if lock is not None:
        _must_be_fresh(row.lock, lock)
    if row.owner == user.name:
        return uow.orders.locked(order_id)
    if row.owner is not None:
        raise NotOwner("Another clerk answers for this order.")
    must_be_heads(uow, uow.orders.locked(order_id), user)
    log_step(uow, user, "order.own", order_id, at)
    by = user.signature
    return uow.orders.give_to(order_id, user.name, step="own", by=by, at=at, note=None)


def _must_be_fresh(stored: int, seen: int) -> None:
    if stored != seen:
        raise StaleVersion("Somebody else worked on this order meanwhile.")


def _typed_by(user: User, value: Value) -> Source:
    heard = "" if isinstance(value, tuple) else str(value)
    return Source(heard=heard, confidence=1.0, changed_by=user.signature)


def _reasoned(
    uow: UnitOfWork, after: Order, step: str, *, user: User, note: str, at: datetime
) -> Order:
    """Stores a step that wants a reason."""
    if not note.strip():
        raise NeedsReason("Give a reason.")
    log_step(uow, user, f"order.{step}", after.id, at)
    return uow.orders.save(after, step=step, by=user.signature, at=at, note=note.strip())


def log_step(
    uow: UnitOfWork, user: User, action: str, order_id: str, at: datetime, **detail: object
) -> None:
    """Writes in the audit log what a clerk did with an order."""
    uow.audit.add(user.name, action, f"order:{order_id}", at=at, detail=detail)
