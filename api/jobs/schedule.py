"""What is done at set times, by one worker each time. New jobs are added to `jobs`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from models import desk
from models.desk import contracts
from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do at set times.

    Attributes:
        cron: minute, hour, day, month, weekday; UTC.
        run: does it. It may be done again after a crash, so twice must be harmless.
    """

    name: str
    cron: str
    run: Callable[[], Coroutine[Any, Any, None]]


def jobs(
    store: Store,
    now: Callable[[], datetime],
    *,
    look_after: Callable[[], None],
    delete: Callable[[], None],
) -> tuple[Job, ...]:
    """Every job of the desk.

    Args:
        look_after: gives persons what workflows failed to do.
        delete: deletes what is kept no longer.
    """
    return (
        Job("retention", "37 * * * *", _in_thread(delete)),
        Job("expire_links", "17 * * * *", _in_thread(partial(_expire_links, store, now))),
        Job("contracts_that_end", "7 * * * *", _in_thread(partial(_warn_of_ends, store, now))),
        Job("look_after_failures", "*/10 * * * *", _in_thread(look_after)),
    )


def _in_thread(run: Callable[[], None]) -> Callable[[], Coroutine[Any, Any, None]]:
    async def in_thread() -> None:
        try:
            await asyncio.to_thread(run)
        except ExternalError as error:
            log.error("job_waits_for_its_next_time", error=type(error).__name__)

    return in_thread


def _warn_of_ends(store: Store, now: Callable[[], datetime]) -> None:
    """A task before a contract ends, once for each contract."""
    with store.unit() as uow:
        contracts.warn_of_ends(uow, now())
        uow.commit()


def _expire_links(store: Store, now: Callable[[], datetime]) -> None:
    """Links that ran out while no workflow watched them: from before there were any."""
    with store.unit() as uow:
        desk.expire_links(uow, now())
        uow.commit()
