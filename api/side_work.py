"""What a process does beside answering: workers, upkeep, reports that are owed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from functools import cache, partial
from typing import Any

import structlog

from api.callline import make_line
from api.capacity import Beat
from api.config import Settings
from api.desk import Desk, Part
from api.engines import SECOND_RECOGNIZERS, make_rules
from api.fork_ticket import ticket
from api.intake.fax_folder import FaxFolder
from api.intake.mailbox import Mailbox
from api.jobs import retention
from api.jobs.house import keep_house
from api.jobs.reading import Reading
from api.jobs.rehearing import Rehearing, SecondEar, idle
from api.jobs.tending import kept_going
from api.jobs.worker import Worker
from api.mail import make_mailer
from api.media import MediaApp
from api.owed import OwedRecords
from api.records import DeskRecords
from api.ringer import make_ringer
from api.sms import make_sender
from api.stream_token import StoredUsedTokens, StreamTokens
from api.wordings import (
    dialogue_settings,
)
from models.errors import ExternalError
from nlp.meaning import Understands
from voice.catalog import Catalog
from voice.session import Engines

log = structlog.get_logger(__name__)

#: How often what webhooks could not store is tried again, seconds.
_OWED_S = 1.0


def make_owed(desk: Desk) -> OwedRecords:
    """What webhooks report, kept in a file while the database is away."""
    path = desk.settings.data_dir / "owed.jsonl"
    records = DeskRecords(desk.store, desk.settings.assistant_after)
    return OwedRecords(records, path, partial(desk.metrics.fault, "store"))


async def settle_owed(owed: OwedRecords) -> None:
    """Writes down what webhooks could not, until cancelled."""
    while True:
        try:
            await asyncio.to_thread(owed.settle)
        except ExternalError as error:
            log.error("reports_wait", error=type(error).__name__)
        await asyncio.sleep(_OWED_S)


Begin = Callable[[], Coroutine[Any, Any, None]]


def side_work(
    desk: Desk,
    engines: Engines | None,
    part: Part,
    media: MediaApp | None,
    owed: OwedRecords | None,
) -> Iterator[tuple[str, Begin]]:
    """What a process does beside answering."""
    live = (lambda: media.live) if media is not None else (lambda: 0)
    if part == "all":
        understander = None if engines is None else engines.understander
        yield "worker", lambda: make_worker(desk, understander, live).serve()
    # A process that only serves calls looks after the recordings on its machine all the same.
    if part != "web":
        yield "house", partial(keep_house, desk.vault)
    if owed is not None:
        yield "owed", partial(settle_owed, owed)
    if media is not None:
        yield "beat", Beat(desk.store, media, desk.now).run


async def serve_work(desk: Desk) -> None:
    """What a worker does, until cancelled."""
    async with asyncio.TaskGroup() as group:
        group.create_task(tended(desk, "worker", lambda: make_worker(desk).serve()))
        group.create_task(tended(desk, "house", partial(keep_house, desk.vault)))


async def tended(desk: Desk, name: str, begin: Begin) -> None:
    """Work that ends by itself leaves messages waiting: it is begun anew, and counted."""
    await kept_going(begin, partial(desk.metrics.fault, name))


def make_worker(
    desk: Desk,
    understander: Understands | None = None,
    calls: Callable[[], int] = lambda: 0,
) -> Worker:
    """What carries out the outbox, in this process.

    Args:
        understander: the one that calls use, where this process serves any.
        calls: how many calls it serves now.
    """
    settings = desk.settings
    return Worker(
        desk.store,
        settings,
        make_sender(settings),
        make_line(settings, partial(_fork_token, desk)),
        desk.now,
        mailer=make_mailer(settings),
        ringer=make_ringer(settings),
        rehearing=_make_rehearing(desk, understander, calls),
        delete=partial(_delete, desk),
        reading=Reading(desk.store, settings, desk.now),
        fetch=Mailbox(desk.store, settings, desk.now).fetch if watches_mail(settings) else None,
        fetch_faxes=FaxFolder(desk.store, settings, desk.now).fetch
        if settings.fax_folder is not None
        else None,
    )


def _fork_token(desk: Desk, call_sid: str) -> str:
    tokens = StreamTokens(desk.settings.secret(), StoredUsedTokens(desk.store))
    return tokens.issue(ticket(call_sid), desk.now())


def watches_mail(settings: Settings) -> bool:
    """Whether this installation has a mailbox."""
    return bool(settings.imap_url.get_secret_value())


def _make_rehearing(
    desk: Desk, understander: Understands | None, calls: Callable[[], int]
) -> Rehearing | None:
    settings, catalog = desk.settings, Catalog(desk.settings.home_dir)
    if settings.second_recognizer == "off":
        return None
    ear = SecondEar(
        engine=partial(SECOND_RECOGNIZERS[settings.second_recognizer], catalog),
        understander=cache(lambda: understander or make_rules(settings)),
        settings=dialogue_settings(settings),
        has_time=partial(idle, calls),
    )
    return Rehearing(desk.store, desk.vault, ear, desk.now)


def _delete(desk: Desk) -> None:
    if done := retention.run(desk.store, desk.vault, desk.settings, desk.now()):
        log.info("deleted", **done)
