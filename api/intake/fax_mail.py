"""Faxes that a gateway sends on as e-mails: each attachment is a fax.

A mail is taken for one where its sender is a gateway that the installation names, and nothing
speaks against its proofs. One that carries no attachment is read like any other mail.
"""

from __future__ import annotations

from email.message import EmailMessage

from api.config import Settings
from api.intake import kinds, mail
from api.intake.fax_number import sender_number
from api.intake.limits import Refused
from models.desk import Received, ReceivedFax
from models.desk.proofs import doubtful

_PAGES = frozenset({"pdf", "picture"})


def faxes(settings: Settings, received: Received) -> list[ReceivedFax]:
    """The faxes in a mail; none where it is none of a gateway's."""
    if not _is_gateway(settings, received.sender) or doubtful(received.checks):
        return []
    message = mail.parse(received.raw)
    number = sender_number(settings, received.subject, received.sender_name, *_told(message))
    return [
        ReceivedFax(
            source="mail",
            reference=f"{received.message_id}:{index}",
            number=number or sender_number(settings, name),
            raw=data,
        )
        for index, name, data in mail.attachments(message)
        if _is_fax(data)
    ]


def _is_gateway(settings: Settings, sender: str) -> bool:
    """Whether an address, or its domain with the @, is among the gateways'."""
    known = {one.strip().lower() for one in settings.fax_mail_from.split(",") if one.strip()}
    return bool(sender) and bool({sender, sender[sender.rfind("@") :]} & known)


def _told(message: EmailMessage) -> list[str]:
    """Header lines of the gateway's own, such as `X-Fax-From: 02161234567`."""
    own = [name for name in message.keys() if name.lower().startswith("x-")]  # noqa: SIM118
    return [f"{name}: {mail.header(message, name)}" for name in dict.fromkeys(own)]


def _is_fax(data: bytes) -> bool:
    """Whether an attachment is pages. What is refused is kept as one, so that it is reported."""
    try:
        return kinds.kind_of(data) in _PAGES
    except Refused:
        return True
