"""The steps of an exception by phone, from its record to its end."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import structlog

from api.jobs.life import Next
from models.admission import Alert
from models.desk import exceptions
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

#: The longest wait for an alert; what ended the exception is seen then at the latest, seconds.
_LOOK_AGAIN_S = 6 * 3600.0
_STORE_GONE_S = 30.0


class PapersDue:
    """Looks at an exception and gives the alerts whose time has come. Steps may be done again."""

    def __init__(self, store: Store, now: Callable[[], datetime]) -> None:
        self._store = store
        self._now = now

    def look(self, row_id: int, done: int) -> Next:
        """What is to be done after `done` alerts: `wait`, `alert` up to a number, or `end`."""
        now = self._now()
        try:
            with self._store.reading() as uow:
                found = exceptions.watched(uow, uow.outbox.effect(row_id).payload, done)
        except ExternalError as error:
            log.warning("exception_waits", error=type(error).__name__)
            return Next("wait", "unknown", _STORE_GONE_S, done)
        if found.ended or not found.alerts:
            return Next("end", "ended" if found.ended else "lapsed")
        due = sum(moment <= now for moment, _ in found.alerts)
        if due:
            return Next("alert", "due", 0.0, done + due)
        seconds = (found.alerts[0][0] - now).total_seconds()
        return Next("wait", "holds", min(seconds, _LOOK_AGAIN_S), done)

    def alert(self, row_id: int, done: int, upto: int) -> None:
        """Gives the alerts from `done` to `upto`, each kind once."""
        with self._store.unit() as uow:
            payload = uow.outbox.effect(row_id).payload
            due = exceptions.watched(uow, payload, done).alerts[: upto - done]
            for kind in Alert:
                if any(alert is kind for _, alert in due):
                    exceptions.give_alert(uow, payload, kind, self._now())
            uow.commit()
