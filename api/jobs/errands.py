"""The steps of effects that are no text messages: a document made, a call passed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from api.callline import CallLine
from api.config import Settings
from api.jobs.answers import DONE, answer
from api.signed.papers import Papers
from models import desk
from models.desk import live
from models.errors import IntakeError
from models.store import Store


class Errands:
    """One function per step. Each blocks, may be done again, and answers in a word."""

    def __init__(
        self, store: Store, settings: Settings, line: CallLine, now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._settings = settings
        self._line = line
        self._now = now

    def make_paper(self, row_id: int) -> str:
        """The signed document; the first one that is kept stands, so twice is harmless."""
        try:
            with self._store.reading() as uow:
                wanted = uow.outbox.effect(row_id).payload
            version = int(wanted["order_version"])
            Papers(self._store, self._settings).ensure(str(wanted["order_id"]), version)
        except IntakeError as error:
            return answer("paper_not_made", row_id, error)
        return DONE

    def no_paper(self, row_id: int) -> None:
        """A person is told that a document could not be made."""
        with self._store.unit() as uow:
            effect = uow.outbox.effect(row_id)
            reason = "The signed document could not be made."
            key = f"paper_failed:{effect.key}"
            desk.open_task(uow, "paper_failed", reason, effect.order_id, None, key, self._now())
            uow.commit()

    def pass_on(self, row_id: int) -> str:
        """Passes a running call on to a person."""
        try:
            with self._store.reading() as uow:
                wanted = uow.outbox.effect(row_id).payload
            caller_id = wanted.get("caller_id")
            caller_id = None if caller_id is None else str(caller_id)
            self._line.pass_on(str(wanted["call_sid"]), str(wanted["number"]), caller_id)
        except IntakeError as error:
            return answer("call_not_passed_on", row_id, error)
        return DONE

    def not_passed_on(self, row_id: int) -> None:
        """The assistant keeps the caller, and a person is told."""
        with self._store.unit() as uow:
            call_sid = str(uow.outbox.effect(row_id).payload["call_sid"])
            live.take_over_failed(uow, call_sid, self._now())
            uow.commit()

    def fork(self, row_id: int) -> str:
        """Has a call that a person has forked to us once more; one that is over needs none."""
        try:
            with self._store.reading() as uow:
                call_sid = str(uow.outbox.effect(row_id).payload["call_sid"])
            self._line.fork(call_sid)
        except IntakeError as error:
            return answer("call_not_forked", row_id, error)
        return DONE

    def finish(self, row_id: int, state: str, why: str | None = None) -> None:
        """Notes the effect's end, `done` or `failed`."""
        with self._store.unit() as uow:
            row = uow.outbox.row(row_id)
            row.state, row.last_error = state, why
            uow.commit()
