"""The steps of a text message: handed over once, watched until it arrives or is lost.

Before the message is handed over, the row says that it is being tried; its end is noted after.
Every further try first asks whether an earlier one got through: the row may know the message by
a delivery report, or Twilio may list it. One window remains: Twilio accepts a message, the process
dies, and neither has Twilio listed it nor a report come by the next try. `Pace.settle` narrows it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from api.config import Settings
from api.jobs.answers import AGAIN, DONE, USELESS, answer, left_to_settle
from api.jobs.texts import Text, text_of
from api.sms import Handed, SmsSender
from models import desk
from models.errors import ExternalError, IntakeError
from models.message import LOST, Delivery
from models.repositories.outbox import Effect
from models.store import Store

log = structlog.get_logger(__name__)

ARRIVED, UNDERWAY, GONE = "arrived", "underway", "gone"

#: How long before a row was queued its message is looked for: its clock may have been wrong. The
#: text of a message is its own but for a reminder's, which is like that of the one before it.
_EARLIER = timedelta(days=1)
_EARLIER_REMINDER = timedelta(minutes=1)
_ARRIVED = (Delivery.DELIVERED, Delivery.READ)


class Sending:
    """One function per step. Each blocks, may be done again at any time, and answers in a word."""

    def __init__(
        self, store: Store, settings: Settings, sender: SmsSender, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._sender = sender
        self._now = now

    def hand_over(self, row_id: int, settle_s: float) -> str:
        """Hands the row's message to the telephone company, unless that was done before.

        A further try waits until `settle_s` after the last one: by then what it brought about
        can be seen.
        """
        try:
            time.sleep(self._to_settle(row_id, settle_s))
            effect, again = self._begin(row_id)
            text = text_of(self._store, self._settings, effect)
            handed = self._known(effect, text, again=again)
            if handed is None:
                if text.expires_at is not None and self._now() >= text.expires_at:
                    return USELESS
                mobile = str(effect.payload["mobile"])
                handed = self._sender.send(mobile, text.body, row_id)
            self._keep(effect, handed, text)
        except IntakeError as error:
            return self._not_sent(row_id, error)
        return DONE

    def delivery(self, row_id: int, ask: bool) -> str:
        """How far the message is; with `ask` the telephone company is asked too."""
        try:
            with self._store.reading() as uow:
                message = uow.messages.by_key(uow.outbox.effect(row_id).key)
            if message is None:
                return UNDERWAY
            status = Delivery(message.status)
            if ask and status not in LOST and status not in _ARRIVED:
                status = self._asked(message.sid, status)
        except (ExternalError, ValueError) as error:
            log.warning("delivery_unknown", error=type(error).__name__)
            return UNDERWAY
        if status in LOST:
            return GONE
        return ARRIVED if status in _ARRIVED else UNDERWAY

    def lost(self, row_id: int) -> str:
        """What follows when a message does not arrive: another number, or a person's task."""
        now = self._now()
        with self._store.unit() as uow:
            effect = uow.outbox.effect(row_id)
            elsewhere = effect.kind == "sms_link" and desk.other_number(uow, effect.payload, now)
            message = uow.messages.by_key(effect.key)
            if not elsewhere and message is not None:
                desk.message_lost(uow, message, now)
            uow.commit()
        return "elsewhere" if elsewhere else "task"

    def give_up(self, row_id: int) -> str:
        """What follows when a message cannot be handed over: another number, or a task."""
        now = self._now()
        with self._store.unit() as uow:
            effect = uow.outbox.effect(row_id)
            elsewhere = effect.kind == "sms_link" and desk.other_number(uow, effect.payload, now)
            if not elsewhere:
                what = desk.what_was_sent(effect.key)
                reason = f"The text message with {what} could not be sent."
                key = f"sms_failed:{effect.key}"
                desk.open_task(uow, "sms_failed", reason, effect.order_id, None, key, now)
            uow.commit()
        return "elsewhere" if elsewhere else "task"

    def _to_settle(self, row_id: int, settle_s: float) -> float:
        with self._store.reading() as uow:
            effect = uow.outbox.effect(row_id)
        if effect.tried_at is None or effect.external_id is not None:
            return 0.0
        return left_to_settle(effect.tried_at, self._now(), settle_s)

    def _begin(self, row_id: int) -> tuple[Effect, bool]:
        """The row, noted as being tried; whether an earlier try may have got through."""
        with self._store.unit() as uow:
            row = uow.outbox.row(row_id)
            again = row.attempts > 0
            row.attempts += 1
            row.tried_at = self._now()
            effect = uow.outbox.effect(row_id)
            uow.commit()
        return effect, again

    def _known(self, effect: Effect, text: Text, *, again: bool) -> Handed | None:
        """The message, where an earlier try got through after all."""
        if effect.external_id is not None:
            return Handed(effect.external_id, Delivery.QUEUED.value)
        if not again:
            return None
        mobile = str(effect.payload["mobile"])
        early = _EARLIER_REMINDER if effect.kind == "sms_reminder" else _EARLIER
        return self._sender.find(mobile, text.body, effect.created_at - early)

    def _keep(self, effect: Effect, handed: Handed, text: Text) -> None:
        with self._store.unit() as uow:
            row = uow.outbox.row(effect.id)
            row.external_id, row.last_error = handed.sid, None
            if uow.messages.get(handed.sid) is None:
                desk.message_sent(
                    uow,
                    sid=handed.sid,
                    key=effect.key,
                    mobile=str(effect.payload["mobile"]),
                    body=text.kept,
                    status=handed.status,
                    at=self._now(),
                    order_id=effect.order_id,
                    order_version=int(effect.payload["order_version"]),
                )
            uow.commit()

    def _not_sent(self, row_id: int, error: IntakeError) -> str:
        said = answer("not_sent", row_id, error)
        wait = error.after_s if isinstance(error, ExternalError) else 0.0
        return f"{AGAIN} {wait:g}" if said == AGAIN and wait else said

    def _asked(self, sid: str, status: Delivery) -> Delivery:
        found = self._sender.status(sid)
        if found is None or Delivery(found.status) is status:
            return status
        with self._store.unit() as uow:
            uow.messages.report(sid, found.status, found.error_code, self._now())
            uow.commit()
        return Delivery(found.status)
