"""Reports of mail servers that an e-mail of ours did not arrive (RFC 3464)."""

from __future__ import annotations

from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default


def lost(raw: bytes) -> str | None:
    """The Message-ID of the e-mail that a report says was lost; None for any other mail."""
    message = BytesParser(policy=default).parsebytes(raw)
    if message.get_content_type() != "multipart/report":
        return None
    parts = [part for part in message.walk() if isinstance(part, EmailMessage)]
    actions = [str(part.get("Action", "")).strip().lower() for part in parts]
    if "failed" not in actions:
        return None
    found = [part for part in parts if part is not message and part.get("Message-ID")]
    heads = [_head(part) for part in parts if part.get_content_type() == "text/rfc822-headers"]
    known = [*(str(part["Message-ID"]) for part in found), *(head for head in heads if head)]
    return known[0].strip() if known else None


def _head(part: EmailMessage) -> str:
    """The Message-ID of a mail of which only the head came back."""
    payload = part.get_payload(decode=True)
    head = BytesParser(policy=default).parsebytes(payload if isinstance(payload, bytes) else b"")
    return str(head.get("Message-ID", ""))
