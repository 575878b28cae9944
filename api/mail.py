"""E-mail: handed to an SMTP server, or kept as files where none is set."""

from __future__ import annotations

import hashlib
import os
import secrets
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

from api.config import Settings
from models.errors import ExternalError, RuleError

_TIMEOUT_S = 20.0
_PORTS = {"smtp": 587, "smtps": 465}
#: SMTP replies from 500 on are final (RFC 5321, 4.2.1).
_FINAL = 500


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail in plain text. `key` names it: a second delivery has the same Message-ID."""

    to: str
    subject: str
    body: str
    key: str


class MailSender(Protocol):
    """Something that sends e-mail."""

    def send(self, mail: Mail) -> str:
        """Hands one e-mail over; its Message-ID.

        Raises:
            ExternalError: it was not taken; retryable where that may help.
            RuleError: the address is none.
        """


def composed(mail: Mail, sender: str, at: datetime) -> EmailMessage:
    """The e-mail as it is sent. Raises RuleError for an address that is none."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(addr_spec=sender)
        message["To"] = Address(addr_spec=mail.to)
    except ValueError as error:
        raise RuleError("This is no e-mail address.") from error
    domain = sender.rpartition("@")[2]
    message["Subject"] = mail.subject
    message["Date"] = at
    message["Message-ID"] = f"<{hashlib.sha256(mail.key.encode()).hexdigest()[:32]}@{domain}>"
    # Answering machines leave it alone (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(mail.body)
    return message


class SmtpMail:
    """An SMTP server, such as the company's own. A password never goes over an open line."""

    def __init__(self, settings: Settings) -> None:
        parts = urlsplit(settings.smtp_url.get_secret_value())
        if parts.scheme not in _PORTS or not parts.hostname:
            raise RuleError("INTAKE_SMTP_URL has to be like smtp://host:587 or smtps://host:465.")
        self._implicit = parts.scheme == "smtps"
        self._host, self._port = parts.hostname, parts.port or _PORTS[parts.scheme]
        self._user, self._password = unquote(parts.username or ""), unquote(parts.password or "")
        self._from = settings.mail_from

    def send(self, mail: Mail) -> str:
        """See `MailSender.send`."""
        message = composed(mail, self._from, datetime.now(UTC))
        try:
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise _refused(max(codes, default=_FINAL)) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            raise ExternalError("The mail server lacks what sending needs.") from error
        except (smtplib.SMTPException, OSError) as error:
            text = "The mail server cannot be reached; check INTAKE_SMTP_URL and that it runs."
            raise ExternalError(text, retryable=True) from error
        return str(message["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        if self._implicit:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                self._host, self._port, timeout=_TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(self._host, self._port, timeout=_TIMEOUT_S)
        try:
            server.ehlo()
            if not self._implicit and (self._user or server.has_extn("starttls")):
                server.starttls(context=context)
                server.ehlo()
            if self._user:
                server.login(self._user, self._password)
        except BaseException:
            server.close()
            raise
        return server


class LocalMail:
    """Writes each e-mail into a file; nothing leaves the machine."""

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._from = sender

    def send(self, mail: Mail) -> str:
        """See `MailSender.send`; the same e-mail again is the same file."""
        message = composed(mail, self._from, datetime.now(UTC))
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            fresh = self._folder / f".{name}.{secrets.token_hex(4)}"
            handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(message.as_bytes())
            fresh.replace(self._folder / f"{name}.eml")
        except OSError as error:
            raise ExternalError("The e-mail cannot be kept below INTAKE_DATA.") from error
        return str(message["Message-ID"])


def make_mailer(settings: Settings) -> MailSender:
    """The mail server where one is set, else a folder.

    Raises:
        RuleError: the server's address makes no sense.
    """
    if settings.smtp_url.get_secret_value():
        return SmtpMail(settings)
    return LocalMail(settings.data_dir / "mail", settings.mail_from)


def _refused(code: int) -> ExternalError:
    text = f"The mail server refused the e-mail ({code})."
    return ExternalError(text, retryable=code < _FINAL)
