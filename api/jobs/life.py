"""The steps of an order's life between its link and its release."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog

from api.config import Settings
from api.jobs.times import reminders
from api.office import office_in_force
from models import desk
from models.desk.life import Standing
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

#: How long a signed order is left alone before it is looked at again, seconds. What happens to
#: it wakes its life at once; this only bounds how long a lost wake could go unseen.
_LOOK_AGAIN_S = 6 * 3600.0
_STORE_GONE_S = 30.0


@dataclass(frozen=True, slots=True)
class Next:
    """What an order's life does next: `wait` so many seconds, `remind`, `expire` or `end`.

    Attributes:
        reminder: the number of the reminder that is due, or of the one waited for.
        why: how the order stands.
    """

    do: str
    why: str
    seconds: float = 0.0
    reminder: int = 0


class Life:
    """Looks at an order and does what its time has come for. Every step may be done again."""

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store = store
        self._zone = settings.zone
        self._now = now
        self._settings = settings

    def look(self, row_id: int, reminded: int, reachable: bool) -> Next:
        """What is to be done, `reminded` reminders being out and the number reachable or not."""
        now = self._now()
        try:
            with self._store.reading() as uow:
                effect = uow.outbox.effect(row_id)
                found, ends = desk.standing(uow, effect.payload)
                office = office_in_force(uow, self._settings)
        except ExternalError as error:
            log.warning("life_waits", error=type(error).__name__)
            return Next("wait", "unknown", _STORE_GONE_S, reminded)
        if found is Standing.SIGNED:
            return Next("wait", found.value, _LOOK_AGAIN_S, reminded)
        if found is not Standing.WAITING or ends is None:
            return Next("end", found.value)
        if ends <= now:
            return Next("expire", found.value)
        sent, last = effect.created_at.astimezone(self._zone), ends.astimezone(self._zone)
        moments = reminders(sent, last, office.remind, office.quiet) if reachable else []
        due = sum(moment <= now for moment in moments)
        if due > reminded:
            return Next("remind", found.value, 0.0, due)
        until = moments[reminded] if reminded < len(moments) else ends
        return Next("wait", found.value, (until - now).total_seconds(), reminded)

    def remind(self, row_id: int, nth: int) -> bool:
        """Queues the nth reminder, once."""
        with self._store.unit() as uow:
            queued = desk.queue_reminder(uow, uow.outbox.effect(row_id).payload, nth, self._now())
            uow.commit()
        return queued

    def expire(self, row_id: int) -> bool:
        """Ends an order that nobody signed in time; whether it was still waiting."""
        with self._store.unit() as uow:
            link = uow.outbox.effect(row_id).payload
            order_id, version = str(link["order_id"]), int(link["order_version"])
            expired = desk.expire_order(uow, order_id, version, self._now())
            uow.commit()
        return expired
