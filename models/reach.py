"""Where the signer is reached: a mobile by text message, or an e-mail address (pure).

A link, a code and a reminder go to one address, which is a number in E.164 or an e-mail address.
"""

from __future__ import annotations

from models.phones import is_mobile


def by_mail(address: str) -> bool:
    """Whether an address is one of e-mail."""
    return "@" in address


def reachable(address: str | None) -> bool:
    """Whether a message can be sent to it."""
    return address is not None and (by_mail(address) or is_mobile(address))


def effect(what: str, address: str) -> str:
    """The kind of outbox row that sends `link`, `reminder` or `code` to an address."""
    return f"{'mail' if by_mail(address) else 'sms'}_{what}"
