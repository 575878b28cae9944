"""Text messages: handed over, and what became of them."""

from __future__ import annotations

from datetime import datetime

from models.desk.orders import open_task
from models.message import LOST, Delivery, segments
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
    length = segments(body)
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
    uow: UnitOfWork, sid: str, status: str, error_code: str | None, at: datetime
) -> None:
    """Notes a delivery report. It may come twice, out of order, or before the message itself.

    A message that is lost gives a person a task. Raises ValueError for an unknown status.
    """
    row = uow.messages.report(sid, Delivery(status).value, error_code, at)
    if row is not None and Delivery(row.status) in LOST:
        what = "the signer's code" if row.key.startswith("sms_code:") else "the signing link"
        open_task(
            uow,
            "sms_failed",
            f"The text message with {what} did not arrive (error {error_code}).",
            order_id=row.order_id,
            call_sid=None,
            key=f"sms_failed:{row.key}",
            at=at,
        )
