"""What every installation does by itself, again and again: it says that it lives, keeps recordings
that were left behind, deletes what is kept no longer, and tells of contracts that end."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from api.config import Settings
from api.jobs import retention
from api.vault.recordings import Vault
from models.desk import contracts
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

#: How often a worker says that it lives, and after how long nobody believes it any more.
BEAT = timedelta(seconds=15)
SILENT = timedelta(seconds=60)
_SWEEP = timedelta(minutes=1)
_HOUR = timedelta(hours=1)


class House:
    """One process's upkeep.

    Args:
        worker: whether this process works for all; others look after their own recordings only.
    """

    def __init__(self, store: Store, vault: Vault, settings: Settings, *, worker: bool) -> None:
        self._store = store
        self._vault = vault
        self._settings = settings
        self._jobs: list[tuple[timedelta, Callable[[datetime], object]]] = [
            (_SWEEP, lambda _now: vault.sweep())
        ]
        if worker:
            hourly = [(_HOUR, self._delete), (_HOUR, self._warn)]
            self._jobs = [(BEAT, self._beat), *self._jobs, *hourly]
        self._next: dict[int, datetime] = {}

    def work(self, now: datetime) -> None:
        """Does what is due; each job first at once."""
        for place, (every, job) in enumerate(self._jobs):
            if now < self._next.get(place, now):
                continue
            self._next[place] = now + every
            try:
                job(now)
            except ExternalError as error:
                log.error("upkeep_waits", error=type(error).__name__)

    def _beat(self, now: datetime) -> None:
        with self._store.unit() as uow:
            uow.heartbeats.beat(socket.gethostname(), now)
            uow.commit()

    def _delete(self, now: datetime) -> None:
        if done := retention.run(self._store, self._vault, self._settings, now):
            log.info("deleted", **done)

    def _warn(self, now: datetime) -> None:
        with self._store.unit() as uow:
            contracts.warn_of_ends(uow, now)
            uow.commit()


async def keep_house(house: House, now: Callable[[], datetime]) -> None:
    """Does so until cancelled."""
    while True:
        await asyncio.to_thread(house.work, now())
        await asyncio.sleep(1)


def worker_seen(store: Store, now: datetime) -> None:
    """Raises ExternalError when no worker has been seen lately."""
    with store.reading() as uow:
        last = uow.heartbeats.latest()
    if last is None or now - last > SILENT:
        raise ExternalError(
            "No worker is at work: text messages, documents and deletions wait. "
            "Start `intake worker`, or look at its log."
        )
