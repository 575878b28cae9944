"""E-mail: handed to an SMTP server, or kept as files where none is set."""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Protocol

from api.config import Settings
from api.files import write_once
from api.mail_url import server_of
from models.errors import ExternalError, RuleError

_TIMEOUT_S = 20.0
_PORTS = {"smtp": 587, "smtps": 465}
#: SMTP replies from 500 on are final (RFC 5321, 4.2.1).
_FINAL = 500


@dataclass(frozen=True, slots=True)
class Mail:
    """An e-mail in plain text. `key` names it: a second delivery has the same Message-ID.

    Attributes:
        answers: the Message-ID of the mail that this one answers.
    """

    to: str
    subject: str
    body: str
    key: str
    answers: str = ""


class Unsure(ExternalError):
    """The line broke after an e-mail was handed over and before the server's answer."""

    def __init__(self) -> None:
        super().__init__("The mail server did not say whether it took the e-mail.", retryable=True)


class MailSender(Protocol):
    """Something that sends e-mail.

    Attributes:
        repeatable: the same e-mail sent again reaches nobody twice.
    """

    repeatable: bool

    def send(self, mail: Mail) -> str:
        """Hands one e-mail over; its Message-ID.

        Raises:
            ExternalError: it was not taken; retryable where that may help.
            Unsure: it may have been taken.
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
    message["Auto-Submitted"] = "auto-replied" if mail.answers else "auto-generated"
    if mail.answers:
        message["In-Reply-To"] = message["References"] = f"<{mail.answers}>"
    message.set_content(mail.body)
    return message


class SmtpMail:
    """An SMTP server, such as the company's own. A password never goes over an open line."""

    repeatable = False

    def __init__(self, settings: Settings) -> None:
        wanted = "INTAKE_SMTP_URL has to be like smtp://host:587 or smtps://host:465."
        self._server = server_of(settings.smtp_url.get_secret_value(), _PORTS, wanted)
        self._from = settings.mail_from

    def send(self, mail: Mail) -> str:
        """See `MailSender.send`."""
        message = composed(mail, self._from, datetime.now(UTC))
        try:
            with self._connected() as server:
                self._hand_over(server, message)
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

    @staticmethod
    def _hand_over(server: smtplib.SMTP, message: EmailMessage) -> None:
        """Raises Unsure where the line breaks, the server's answer being still to come."""
        try:
            server.send_message(message)
        except (smtplib.SMTPServerDisconnected, TimeoutError, ConnectionError) as error:
            raise Unsure from error

    def _connected(self) -> smtplib.SMTP:
        context = ssl.create_default_context()
        at = self._server
        if at.secure:
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                at.host, at.port, timeout=_TIMEOUT_S, context=context
            )
        else:
            server = smtplib.SMTP(at.host, at.port, timeout=_TIMEOUT_S)
        try:
            server.ehlo()
            if not at.secure and (at.user or server.has_extn("starttls")):
                server.starttls(context=context)
                server.ehlo()
            if at.user:
                server.login(at.user, at.password)
        except BaseException:
            server.close()
            raise
        return server


class LocalMail:
    """Writes each e-mail into a file; nothing leaves the machine."""

    repeatable = True

    def __init__(self, folder: Path, sender: str) -> None:
        self._folder = folder
        self._from = sender

    def send(self, mail: Mail) -> str:
        """See `MailSender.send`; the same e-mail again is the same file."""
        message = composed(mail, self._from, datetime.now(UTC))
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_once(self._folder / f"{name}.eml", message.as_bytes())
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
