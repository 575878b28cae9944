"""What is done at set times, by one worker each time. New jobs are added to `jobs`."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import structlog

from models import desk
from models.desk import contracts, dayreport, duties
from models.desk.waits import watch_waits
from models.errors import ExternalError
from models.office import Office
from models.store import Store, UnitOfWork

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
    office: Callable[[UnitOfWork], Office],
    fetch: Callable[[], object] | None = None,
    fetch_faxes: Callable[[], object] | None = None,
) -> tuple[Job, ...]:
    """Every job of the desk.

    Args:
        look_after: gives persons what workflows failed to do.
        delete: deletes what is kept no longer.
        office: the hours in force.
        fetch: fetches the mailbox, where there is one.
        fetch_faxes: looks into the folder of faxes, where there is one.
    """
    mailbox = () if fetch is None else (Job("mailbox", "* * * * *", _in_thread(fetch)),)
    folder = () if fetch_faxes is None else (Job("faxes", "* * * * *", _in_thread(fetch_faxes)),)
    return (
        *mailbox,
        *folder,
        Job("retention", "37 * * * *", _in_thread(delete)),
        Job("expire_links", "17 * * * *", _in_thread(partial(_expire_links, store, now))),
        Job("hand_over_absent", "*/10 * * * *", _in_thread(partial(_hand_over_absent, store, now))),
        Job("assign_waiting", "* * * * *", _in_thread(partial(_assign_waiting, store, now))),
        Job("watch_waits", "* * * * *", _in_thread(partial(_watch_waits, store, now, office))),
        Job("contracts_that_end", "7 * * * *", _in_thread(partial(_warn_of_ends, store, now))),
        Job("day_report", "*/10 * * * *", _in_thread(partial(call_for_report, store, now, office))),
        Job("look_after_failures", "*/10 * * * *", _in_thread(look_after)),
    )


def _in_thread(run: Callable[[], object]) -> Callable[[], Coroutine[Any, Any, None]]:
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


def _hand_over_absent(store: Store, now: Callable[[], datetime]) -> None:
    """Open orders of people who are away go to who stands in."""
    with store.unit() as uow:
        duties.hand_over_absent(uow, now())
        uow.commit()


def _assign_waiting(store: Store, now: Callable[[], datetime]) -> None:
    """Orders that came while nobody was on shift get an owner when somebody is."""
    with store.unit() as uow:
        duties.assign_waiting(uow, now())
        uow.commit()


def _watch_waits(
    store: Store, now: Callable[[], datetime], office: Callable[[UnitOfWork], Office]
) -> None:
    """Owners and heads are told of customers who wait too long, each once."""
    with store.unit() as uow:
        watch_waits(uow, now(), office(uow))
        uow.commit()


def call_for_report(
    store: Store, now: Callable[[], datetime], office: Callable[[UnitOfWork], Office]
) -> None:
    """A task at the end of the desk's hours where orders of the day are missing, once a day."""
    at = now()
    with store.unit() as uow:
        hours, today = office(uow), uow.local_day(at)
        # Hours over midnight, and a day without any, end on the next day.
        for day in (today - timedelta(days=1), today):
            dayreport.call_for(uow, day, hours.ends(day, uow.zone), at)
        uow.commit()
