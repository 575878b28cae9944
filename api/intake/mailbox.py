"""The desk's mailbox, fetched by IMAP. It is opened for reading only: nothing in it changes.

How far it was fetched is kept together with each mail, in one transaction: a process may die
anywhere, and every mail is kept once. Source: RFC 3501 (UIDs grow as long as UIDVALIDITY stays).
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

import structlog
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from api.config import Settings
from api.intake import limits
from api.intake.received import keep, received
from api.mail_url import server_of
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

_TIMEOUT_S = 30.0
#: Mails fetched in one turn; the next turn goes on.
_AT_A_TIME = 100
_PORTS = {"imap": 143, "imaps": 993}


class Mailbox:
    """One folder of an account.

    Raises:
        RuleError: the address makes no sense.
    """

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now
        self._authserv = settings.mail_authserv
        wanted = "INTAKE_IMAP_URL has to be like imaps://user:password@host/INBOX."
        at = server_of(settings.imap_url.get_secret_value(), _PORTS, wanted)
        self._settings = settings
        self._server = at
        self._folder = at.folder or "INBOX"
        self._name = f"{at.user}@{at.host}:{at.port}/{self._folder}"

    def fetch(self) -> int:
        """Keeps what is new; how many mails that were.

        Raises:
            ExternalError: the mailbox cannot be reached, or refuses.
        """
        try:
            return self._fetch()
        except (OSError, IMAPClientError) as error:
            raise ExternalError(
                "The mailbox cannot be fetched; check INTAKE_IMAP_URL and the mail server.",
                retryable=True,
            ) from error

    def _fetch(self) -> int:
        at = self._server
        client = IMAPClient(at.host, at.port, ssl=at.secure, timeout=_TIMEOUT_S)
        try:
            client.login(at.user, at.password)
            validity = int(client.select_folder(self._folder, readonly=True)[b"UIDVALIDITY"])
            with self._store.reading() as uow:
                last = uow.mails.fetched(self._name, validity)
            # "n:*" always names the last mail, even below n.
            found = client.search(["UID", f"{last + 1}:*"])
            new = sorted(uid for uid in found if uid > last)[:_AT_A_TIME]
            return sum(self._keep(client, validity, uid) for uid in new)
        finally:
            with suppress(OSError, IMAPClientError):
                client.logout()

    def _keep(self, client: IMAPClient, validity: int, uid: int) -> bool:
        size = client.fetch([uid], ["RFC822.SIZE"]).get(uid, {}).get(b"RFC822.SIZE", 0)
        long = size > limits.MOST_MAIL_BYTES
        wanted = b"BODY[HEADER]" if long else b"BODY[]"
        answer = client.fetch([uid], [wanted.replace(b"BODY[", b"BODY.PEEK[")])
        raw = answer.get(uid, {}).get(wanted)
        mail = None if raw is None else received(raw, self._authserv, cut=long)
        with self._store.unit() as uow:
            # Somebody may have deleted the mail meanwhile: then there is none to keep.
            kept = mail is not None and keep(uow, mail, self._now(), self._settings) is not None
            uow.mails.note_fetched(self._name, validity, uid)
            uow.commit()
        log.info("mail_kept" if kept else "mail_passed_over", uid=uid, size=size)
        return kept
