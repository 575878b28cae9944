"""Messages to signers, as text or by e-mail: handed over, and what became of them."""

from __future__ import annotations

from datetime import datetime

from models.desk.orders import open_task
from models.message import LOST, MIME, Delivery, Segments, segments
from models.reach import by_mail
from models.rows import MessageRow
from models.store import UnitOfWork


def message_sent(
    uow: UnitOfWork,
    *,
    sid: str,
    key: str,
    mobile: str,
    body: str,
    status: str,
    at: datetime,
    order_id: str | None = None,
    order_version: int | None = None,
) -> None:
    """Notes a message that was handed over, `key` being its outbox row's."""
    length = Segments(MIME, len(body), 1) if by_mail(mobile) else segments(body)
    uow.messages.add(
        MessageRow(
            sid=sid,
            key=key,
            order_id=order_id,
            order_version=order_version,
            mobile=mobile,
            body=body,
            encoding=length.encoding,
            segments=length.count,
            status=Delivery(status).value,
            created_at=at,
            updated_at=at,
        )
    )


def sms_status(
    uow: UnitOfWork,
    sid: str,
    status: str,
    error_code: str | None,
    at: datetime,
    cause: int | None = None,
) -> None:
    """Notes a delivery report. It may come twice, out of order, or before the message itself.

    The workflow that sent the message is woken, and decides what follows if it is lost; where
    none watches any more, a person gets the task. `cause` is the id of the outbox row that the
    message was sent for: so the row is known to be handed over even if whoever sent it died
    before noting it. Raises ValueError for an unknown status.
    """
    if cause is not None:
        _handed_after_all(uow, cause, sid)
    row = uow.messages.report(sid, Delivery(status).value, error_code, at)
    if row is None:
        return
    effect = uow.outbox.by_key(row.key)
    if effect is not None and effect.state == "started" and effect.order_id is not None:
        uow.outbox.wake(effect.order_id, f"{sid}:{row.status}", at)
    elif Delivery(row.status) in LOST:
        message_lost(uow, row, at)


def message_lost(uow: UnitOfWork, row: MessageRow, at: datetime) -> None:
    """Gives a person the task, once."""
    what = what_was_sent(row.key)
    mail = by_mail(row.mobile)
    text = f"The text message with {what} did not arrive (error {row.error_code})."
    open_task(
        uow,
        "mail_failed" if mail else "sms_failed",
        f"The e-mail with {what} did not arrive." if mail else text,
        order_id=row.order_id,
        call_sid=None,
        key=f"sms_failed:{row.key}",
        at=at,
    )


def what_was_sent(key: str) -> str:
    """What the message of an outbox row holds, in the words of tasks."""
    return "the signer's code" if key.partition(":")[0].endswith("_code") else "the signing link"


def _handed_after_all(uow: UnitOfWork, row_id: int, sid: str) -> None:
    effect = uow.outbox.find(row_id)
    if effect is not None and effect.external_id is None:
        effect.external_id = sid
