"""The step of an e-mail: handed over. It may be done again; the Message-ID stays the same."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.config import Settings
from api.jobs.answers import DONE, USELESS, answer
from api.mail import Mail, MailSender
from api.mail_texts import mail_of
from api.receipts import RECEIVED, receipt
from api.wait_mails import WAITS, wait_mail
from models import desk
from models.errors import IntakeError
from models.repositories.outbox import Effect
from models.store import Store


class Mailing:
    """Sends the desk's e-mails. Every method blocks."""

    def __init__(
        self, store: Store, settings: Settings, sender: MailSender, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._sender = sender
        self._now = now

    def hand_over(self, row_id: int) -> str:
        """Hands the row's e-mail to the mail server, unless that is noted already."""
        try:
            with self._store.reading() as uow:
                effect = uow.outbox.effect(row_id)
            if effect.external_id is not None:
                return DONE
            mail = self._mail(effect)
            if mail is None:
                return USELESS
            message_id = self._sender.send(mail)
            with self._store.unit() as uow:
                row = uow.outbox.row(row_id)
                row.external_id, row.attempts, row.tried_at = message_id, 1, self._now()
                uow.commit()
        except IntakeError as error:
            return answer("mail_not_sent", row_id, error)
        return DONE

    def _mail(self, effect: Effect) -> Mail | None:
        what = str(effect.payload["what"])
        written = wait_mail if what.startswith(WAITS) else receipt if what == RECEIVED else mail_of
        return written(self._store, self._settings, effect)

    def give_up(self, row_id: int) -> None:
        """A person is told that an e-mail could not be sent."""
        with self._store.unit() as uow:
            key = f"mail_failed:{uow.outbox.effect(row_id).key}"
            reason = "An e-mail to one of the desk's people could not be sent."
            desk.open_task(uow, "mail_failed", reason, None, None, key, self._now())
            uow.commit()
