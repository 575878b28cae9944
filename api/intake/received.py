"""A mail's bytes become what the desk keeps: the one way in for mailbox and webhook."""

from __future__ import annotations

from datetime import datetime

from api.config import Settings
from api.intake import authentic, bounce, fax_mail, limits, mail
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


def keep(
    uow: UnitOfWork, new: Received, at: datetime, settings: Settings | None = None
) -> str | None:
    """Keeps a mail and has it read; None when it was kept before.

    One that a fax gateway sent is kept as the faxes that it carries, in the same transaction. A
    report that one of the desk's own e-mails was lost is noted on that e-mail.

    Args:
        settings: name the gateways; without them there are none.
    """
    carried = [] if settings is None else fax_mail.faxes(settings, new)
    kept = desk.receive_mail(uow, new, at, carries_faxes=bool(carried))
    for fax in carried if kept is not None else ():
        desk.receive_fax(uow, fax, at)
    lost = bounce.lost(new.raw) if kept is not None and new.automatic else None
    if lost is not None and uow.messages.get(lost) is not None:
        desk.sms_status(uow, lost, Delivery.UNDELIVERED.value, None, at)
    return kept
