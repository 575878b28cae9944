"""A mail's bytes: who sent it, and its body and attachments, each read or refused."""

from __future__ import annotations

import email
import email.policy
import hashlib
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses, parsedate_to_datetime

from api.intake import kinds, limits, sandbox
from api.intake.limits import Refusal, Refused
from nlp.written.quoting import is_forward
from nlp.written.source import Part

ReadPart = Callable[[int, str, bytes, str], Part]

_CHARSET = re.compile(rb"charset\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)
_ADDRESS = re.compile(r"[^@\s]{1,64}@[^@\s]{1,255}")
_CONTENT = re.compile(rb"content-|mime-version", re.IGNORECASE)
_LONG = b"X-Intake-Cut: too_large"
#: Mails within mails, as files, that are taken apart.
_DEEPEST = 3
#: Fields of mailing lists, and of senders who want no automatic answer.
_LISTS = ("List-Id", "List-Post", "X-Auto-Response-Suppress")
_MACHINE = re.compile(
    r"(?:no-?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)\b", re.IGNORECASE
)
_LONGEST_SUBJECT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """What stands on a mail.

    Attributes:
        message_id: the sender's own name for it; empty where it has none.
        content: SHA-256 (hex) of what it says: the same mail sent twice has the same.
        sender: address in lower case; empty where there is none.
        sent_at: by the sender's clock; None where it makes no sense.
        automatic: an out-of-office note, a bounce or a mailing list: nobody ordered.
    """

    message_id: str
    content: str
    sender: str
    sender_name: str
    subject: str
    sent_at: datetime | None
    automatic: bool

    @property
    def forward(self) -> bool:
        """Whether it passes another mail on."""
        return is_forward(self.subject)


def parse(raw: bytes) -> EmailMessage:
    """The mail as the standard library reads it. It never fails: defects are noted in it."""
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy's own class
    return message


def head_only(raw: bytes) -> bytes:
    """The mail's head, and a note in place of a body that is longer than is kept."""
    head = raw[: limits.MOST_PART_BYTES].split(b"\r\n\r\n", 1)[0].split(b"\n\n", 1)[0]
    kept = [line for line in re.split(rb"\r?\n(?![ \t])", head) if not _CONTENT.match(line)]
    return b"\r\n".join([*kept, _LONG, b"", b""])


def is_cut(message: EmailMessage) -> bool:
    """Whether the mail was too long to be kept whole."""
    return message.get("X-Intake-Cut") is not None


def envelope(message: EmailMessage) -> Envelope:
    """Who sent it, when and what about."""
    name, sender = (getaddresses([header(message, "From")]) or [("", "")])[0]
    return Envelope(
        message_id=header(message, "Message-ID").strip("<> ")[:_LONGEST_SUBJECT],
        content=_content(message),
        sender=sender.lower() if _ADDRESS.fullmatch(sender) else "",
        sender_name=name[:_LONGEST_SUBJECT],
        subject=header(message, "Subject")[:_LONGEST_SUBJECT],
        sent_at=_moment(header(message, "Date")),
        automatic=_automatic(message),
    )


def is_answerable(message: EmailMessage) -> bool:
    """Whether a machine may answer: not to lists, machines and bounces (RFC 3834, section 2)."""
    sender = envelope(message).sender
    listed = any(message.get(name) is not None for name in _LISTS)
    bounced = str(message.get("Return-Path", "")).strip() == "<>"
    return bool(sender) and not (_automatic(message) or listed or bounced or _MACHINE.match(sender))


def parts(
    message: EmailMessage, *, forward: bool, read: ReadPart = sandbox.read
) -> tuple[Part, ...]:
    """The body and every attachment, in order; each is read in a process of its own."""
    if is_cut(message):
        return (sandbox.refused(0, "", "", Refusal.TOO_LARGE),)
    found: list[Part] = []
    for index, (kind, name, data) in enumerate(_leaves(message)):
        if index >= limits.MOST_PARTS:
            found.append(sandbox.refused(index, "", name, Refusal.TOO_MANY))
            break
        if kind == "html" and forward:
            kind = "forwarded"  # noqa: PLW2901
        try:
            found.append(read(index, kind or kinds.kind_of(data), data, name))
        except Refused as error:
            found.append(sandbox.refused(index, "", name, error.reason))
    return tuple(found)


def part_data(message: EmailMessage, index: int) -> tuple[str, bytes] | None:
    """Name and bytes of one part, as `parts` numbers them."""
    for number, (_, name, data) in enumerate(_leaves(message)):
        if number == index:
            return name, data
    return None


def attachments(message: EmailMessage) -> Iterator[tuple[int, str, bytes]]:
    """Index (as `parts` numbers them), name and bytes of each attachment that is no text."""
    for index, (kind, name, data) in enumerate(_leaves(message)):
        if not kind:
            yield index, name, data


def _leaves(message: EmailMessage, depth: int = 0) -> Iterator[tuple[str, str, bytes]]:
    """Bodies as UTF-8, attachments as they are: kind (empty for attachments), name, bytes.

    A mail that is attached as a file is taken apart like one that is forwarded.
    """
    body = message.get_body(preferencelist=("html", "plain"))
    if body is not None:
        html_body = body.get_content_type() == "text/html"
        yield "html" if html_body else "text", "", _text(body).encode()
    bodies = {id(p) for p in _alternatives(message)}
    for leaf in message.walk():
        if leaf.is_multipart() or id(leaf) in bodies or leaf is body:
            continue
        name = (leaf.get_filename() or "")[:_LONGEST_SUBJECT]
        kind = leaf.get_content_type()
        payload = leaf.get_payload(decode=True)
        data = payload if isinstance(payload, bytes) else b""
        attached = leaf.get_content_disposition() == "attachment" or bool(name)
        if kind in {"text/plain", "text/html"} and isinstance(leaf, MIMEPart):
            read_as = "html" if kind == "text/html" else "text"
            if not attached or name.lower().endswith((".txt", ".htm", ".html")):
                yield read_as, name, _text(leaf).encode()
                continue
        if data and name.lower().endswith(".eml") and depth < _DEEPEST:
            yield from _leaves(parse(data), depth + 1)
            continue
        if (data or name) and kind not in {"text/calendar", "application/pgp-signature"}:
            yield "", name, data


def _alternatives(message: EmailMessage) -> Iterator[object]:
    """Bodies in all their forms: one of them is read, the others say the same."""
    for part in message.walk():
        if part.get_content_type() == "multipart/alternative":
            yield from (leaf for leaf in part.walk() if not leaf.is_multipart())


def _text(leaf: MIMEPart) -> str:
    """A text part by its charset; what claims GB2312 is mostly its superset GB18030."""
    payload = leaf.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else b""
    said = (leaf.get_content_charset() or "").lower()
    if not said and (inner := _CHARSET.search(data[:2_000])):
        said = inner[1].decode("ascii").lower()
    said = "gb18030" if said in {"gb2312", "gbk", "gb_2312-80", "x-gbk"} else said
    for charset in (said, "utf-8", "gb18030"):
        try:
            return data.decode(charset)
        except (LookupError, UnicodeDecodeError, ValueError):
            continue
    return data.decode("utf-8", "replace")


def _content(message: EmailMessage) -> str:
    digest = hashlib.sha256()
    digest.update(header(message, "From").lower().encode())
    for kind, _, data in _leaves(message):
        plain = data
        if kind == "html":
            plain = html.unescape(re.sub(rb"<[^>]*>", b"", data).decode()).encode()
        digest.update(b"\0" + re.sub(rb"\s+", b" ", plain) if kind else b"\0" + data)
    return digest.hexdigest()


def header(message: EmailMessage, name: str) -> str:
    """A header's text on one line; empty where there is none, or none that can be read."""
    try:
        return str(message.get(name, "")).replace("\n", " ").replace("\r", "")
    except (ValueError, IndexError, AttributeError, TypeError):
        # The standard library fails on some malformed headers.
        return ""


def _moment(said: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(said)
    except (ValueError, TypeError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _automatic(message: EmailMessage) -> bool:
    """RFC 3834: such mails are not answered."""
    said = header(message, "Auto-Submitted").lower()
    bulk = header(message, "Precedence").lower() in {"bulk", "junk", "list", "auto_reply"}
    bounce = message.get_content_type() == "multipart/report"
    return (bool(said) and said != "no") or bulk or bounce
