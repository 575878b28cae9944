"""A mail's bytes become what the desk keeps: the one way in for mailbox and webhook."""

from __future__ import annotations

from datetime import datetime

from api.intake import authentic, bounce, limits, mail
from models import desk
from models.desk import Received
from models.message import Delivery
from models.store import UnitOfWork


def received(raw: bytes, authserv: str, *, cut: bool = False) -> Received:
    """Who sent a mail and how that is proven. It may ask the DNS.

    Args:
        cut: only its head is here, the whole being longer than is kept.
    """
    kept = mail.head_only(raw) if cut or len(raw) > limits.MOST_MAIL_BYTES else raw
    message = mail.parse(kept)
    head = mail.envelope(message)
    return Received(
        message_id=head.message_id,
        content=head.content,
        sender=head.sender,
        sender_name=head.sender_name,
        subject=head.subject,
        sent_at=head.sent_at,
        automatic=head.automatic,
        checks=authentic.checks(message, kept, head.sender, authserv),
        raw=kept,
    )


def keep(uow: UnitOfWork, new: Received, at: datetime) -> str | None:
    """Keeps a mail and has it read; None when it was kept before.

    A report that one of the desk's own e-mails was lost is noted on that e-mail.
    """
    kept = desk.receive_mail(uow, new, at)
    lost = bounce.lost(new.raw) if kept is not None and new.automatic else None
    if lost is not None and uow.messages.get(lost) is not None:
        desk.sms_status(uow, lost, Delivery.UNDELIVERED.value, None, at)
    return kept
