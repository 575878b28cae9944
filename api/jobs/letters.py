"""The steps of an e-mail to a signer: handed over once, never a second time on mere suspicion.

No mail server says later whether it took an e-mail. So the row says that it is being tried before
it is, and what became of it after. A try that ended in nothing, as the server or the line said
before anything was handed over, is made again. A try whose end nobody noted (the process died, the
line broke half-way) is not: a person is asked to look, and the order's page sends the link anew.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import cast

from api.config import Settings
from api.jobs.answers import DONE, FAILED, USELESS, answer
from api.letter_texts import Letter, What, letter
from api.mail import Mail, MailSender, Unsure
from models import desk, links, onecode
from models.call import Lang
from models.errors import IntakeError
from models.message import Delivery
from models.repositories.outbox import Effect
from models.store import Store

#: Stands where a code was, in what is kept of its e-mail.
_HIDDEN = "******"
_UNSURE = "Nobody knows whether an e-mail to the customer went out: ask, or send the link again."
_NOT_OUT = "not handed over"


class Letters:
    """One function per step. Each blocks, may be done again at any time, and answers in a word."""

    def __init__(
        self, store: Store, settings: Settings, sender: MailSender, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._sender = sender
        self._now = now

    def hand_over(self, row_id: int) -> str:
        """Hands the row's e-mail to the mail server, unless that was done or may have been."""
        try:
            effect, unsure = self._begin(row_id)
            if effect.external_id is not None:
                return DONE
            if unsure and not self._sender.repeatable:
                return FAILED
            written = self._written(effect)
            if written is None:
                return USELESS
            message_id = self._send(row_id, effect, written)
            self._keep(effect, message_id, written)
        except Unsure as error:
            answer("letter_unsure", row_id, error)
            return FAILED
        except IntakeError as error:
            return answer("letter_not_sent", row_id, error)
        return DONE

    def give_up(self, row_id: int) -> str:
        """A person is told that an e-mail did not go out, or that nobody knows whether it did."""
        with self._store.unit() as uow:
            row = uow.outbox.row(row_id)
            what = desk.what_was_sent(row.key)
            sure = row.last_error == _NOT_OUT
            reason = f"The e-mail with {what} could not be sent." if sure else _UNSURE
            key = f"mail_failed:{row.key}"
            desk.open_task(uow, "mail_failed", reason, row.order_id, None, key, self._now())
            uow.commit()
        return "task"

    def _begin(self, row_id: int) -> tuple[Effect, bool]:
        """The row, noted as being tried; whether an earlier try may have got through."""
        with self._store.unit() as uow:
            effect = uow.outbox.effect(row_id)
            row = uow.outbox.row(row_id)
            unsure = row.attempts > 0 and row.last_error is None
            if effect.external_id is None and not unsure:
                row.attempts, row.tried_at, row.last_error = row.attempts + 1, self._now(), None
            uow.commit()
        return effect, unsure

    def _send(self, row_id: int, effect: Effect, written: Letter) -> str:
        mail = Mail(str(effect.payload["mobile"]), written.subject, written.body, effect.key)
        try:
            return self._sender.send(mail)
        except Unsure:
            raise
        except IntakeError:
            with self._store.unit() as uow:
                uow.outbox.row(row_id).last_error = _NOT_OUT
                uow.commit()
            raise

    def _keep(self, effect: Effect, message_id: str, written: Letter) -> None:
        kept = written.body
        if effect.kind == "mail_code":
            kept = kept.replace(self._code(effect), _HIDDEN)
        with self._store.unit() as uow:
            row = uow.outbox.row(effect.id)
            row.external_id = message_id
            if uow.messages.get(message_id) is None:
                desk.message_sent(
                    uow,
                    sid=message_id,
                    key=effect.key,
                    mobile=str(effect.payload["mobile"]),
                    body=kept,
                    status=Delivery.SENT.value,
                    at=self._now(),
                    order_id=effect.order_id,
                    order_version=int(effect.payload["order_version"]),
                )
            uow.commit()

    def _written(self, effect: Effect) -> Letter | None:
        """The e-mail, None where it is of no use any more."""
        lang = cast(Lang, effect.payload["lang"])
        if effect.kind == "mail_code":
            last = datetime.fromisoformat(str(effect.payload["expires_at"]))
            if self._now() >= last:
                return None
            return letter(self._settings, "code", lang, code=self._code(effect))
        with self._store.reading() as uow:
            order = uow.orders.get(str(effect.payload["order_id"]))
            token = links.token(uow.secret, str(effect.payload["nonce"]))
            found, ends = desk.standing(uow, effect.payload)
        if found is not desk.Standing.WAITING or ends is None:
            return None
        return letter(
            self._settings,
            _what(effect),
            lang,
            number=(order.number if order else None) or "",
            until=ends.astimezone(self._settings.zone).strftime("%Y-%m-%d %H:%M"),
            link=f"{self._settings.base_url}/sign/{token}",
        )

    def _code(self, effect: Effect) -> str:
        return onecode.code(self._store.secret, str(effect.payload["nonce"]))


def _what(effect: Effect) -> What:
    if effect.kind == "mail_reminder":
        return "reminder"
    return "changed" if effect.payload.get("changed") else "link"
