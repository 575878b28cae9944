"""What each process does for the recordings on its machine, and whether any worker lives."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from api.vault.recordings import Vault
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

#: After how long without a beat nobody believes that a worker lives.
SILENT = timedelta(seconds=60)
_SWEEP_S = 60.0


async def keep_house(vault: Vault) -> None:
    """Keeps what was left behind on this machine, again and again, until cancelled.

    No other machine can do it, so it is no job of the workers'.
    """
    while True:
        try:
            await asyncio.to_thread(vault.sweep)
        except ExternalError as error:
            log.error("upkeep_waits", error=type(error).__name__)
        await asyncio.sleep(_SWEEP_S)


def worker_seen(store: Store, now: datetime) -> None:
    """Raises ExternalError when no worker has been seen lately."""
    with store.reading() as uow:
        last = uow.workers.latest()
    if last is None or now - last > SILENT:
        raise ExternalError(
            "No worker is at work: text messages, documents and deletions wait. "
            "Start `intake worker`, or look at its log."
        )
