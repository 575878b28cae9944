"""A worker: starts a workflow for each row of the outbox, and adopts what dead workers left."""

from __future__ import annotations

import asyncio
import secrets
import signal
import socket
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from datetime import datetime
from functools import partial
from typing import Any

import structlog

from api.callline import CallLine
from api.config import Settings
from api.jobs.callbacks import CallingBack
from api.jobs.engine import Engine
from api.jobs.errands import Errands
from api.jobs.failures import Failures
from api.jobs.letters import Letters
from api.jobs.life import Life
from api.jobs.mailing import Mailing
from api.jobs.pace import Pace
from api.jobs.papers_due import PapersDue
from api.jobs.reading import Reading
from api.jobs.rehearing import Rehearing
from api.jobs.schedule import jobs
from api.jobs.sending import Sending
from api.jobs.workflows import Workflows
from api.mail import MailSender, make_mailer
from api.office import office_in_force
from api.ringer import NO_RINGER, Ringer
from api.sms import SmsSender
from models.errors import ExternalError
from models.office import Office
from models.repositories.outbox import WAKE, Effect
from models.repositories.workers import LEFT
from models.store import Store, UnitOfWork

log = structlog.get_logger(__name__)


class Worker:
    """Runs workflows in this process. Any number of processes may do so on one database.

    Args:
        now: the desk's local clock.
        mailer: sends e-mail; the one of `settings` where none is given.
        rehearing: hears recordings again; without it none is.
        delete: deletes what is kept no longer, at its times.
        reading: reads mails; without it none is.
        fetch: fetches the mailbox, at its times.
        fetch_faxes: looks into the folder of faxes, at its times.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        sender: SmsSender,
        line: CallLine,
        now: Callable[[], datetime],
        pace: Pace | None = None,
        *,
        rehearing: Rehearing | None = None,
        delete: Callable[[], None] = lambda: None,
        mailer: MailSender | None = None,
        ringer: Ringer = NO_RINGER,
        reading: Reading | None = None,
        fetch: Callable[[], object] | None = None,
        fetch_faxes: Callable[[], object] | None = None,
    ) -> None:
        self._store = store
        self._now = now
        self._pace = pace or Pace()
        self.id = f"{socket.gethostname()}-{secrets.token_hex(8)}"
        mails = mailer or make_mailer(settings)
        work = Workflows(
            Sending(store, settings, sender, now),
            Life(store, settings, now),
            Errands(store, settings, line, now),
            CallingBack(store, settings, ringer, now),
            self._pace,
            rehearing,
            reading,
            letters=Letters(store, settings, mails, now),
            mailing=Mailing(store, settings, mails, now),
            papers_due=PapersDue(store, now),
        )
        scheduled = jobs(
            store,
            now,
            look_after=self.look_after_failures,
            delete=delete,
            office=partial(_office, settings),
            fetch=fetch,
            fetch_faxes=fetch_faxes,
        )
        url = store.engine.url.render_as_string(hide_password=False)
        self._engine = Engine(url, self.id, work, scheduled, self._pace)
        self._watched: dict[str, tuple[int, float]] = {}
        self._next_beat = 0.0

    async def serve(self) -> None:
        """Works until cancelled; what is under way then goes on in another process."""
        await asyncio.to_thread(self.start)
        try:
            while True:
                try:
                    await asyncio.to_thread(self.turn)
                except ExternalError as error:
                    log.error("outbox_waits", error=type(error).__name__)
                await asyncio.sleep(self._pace.dispatch)
        finally:
            await asyncio.to_thread(self.stop)

    def start(self) -> None:
        """Tells that this process lives, then begins to work."""
        self._beat()
        self._engine.launch()
        self._start_again()

    def stop(self) -> None:
        """Stops working and tells the others so."""
        self._engine.stop()
        with self._store.unit() as uow:
            uow.workers.leave(self.id)
            uow.commit()

    def turn(self) -> None:
        """A sign of life and a look at the others where it is time; then the outbox."""
        if time.monotonic() >= self._next_beat:
            self._beat()
            self._adopt()
        with self._store.reading() as uow:
            pending = uow.outbox.in_state("pending")
        for effect in pending:
            # A row of a kind that only a newer program knows waits for such a worker.
            if effect.kind == WAKE or self._engine.knows(effect.kind):
                self._dispatch(effect)

    def _dispatch(self, effect: Effect) -> None:
        """Starts or wakes, then notes it: a crash in between does so again, to no effect."""
        if effect.kind == WAKE:
            with self._store.reading() as uow:
                woken = uow.outbox.woken_by(effect)
            for other in woken:
                self._engine.wake(other, effect.key)
            self._note(effect, "done")
        else:
            self._engine.start(effect)
            self._note(effect, "started")

    def _note(self, effect: Effect, state: str) -> None:
        with self._store.unit() as uow:
            row = uow.outbox.row(effect.id)
            if row.state == "pending":
                row.state = state
            uow.commit()

    def _start_again(self) -> None:
        """Starts what should be running; that does something only where DBOS lost its file."""
        last = 0
        while True:
            with self._store.reading() as uow:
                started = uow.outbox.in_state("started", after=last)
            if not started:
                return
            for effect in started:
                self._engine.start(effect)
            last = started[-1].id

    def _beat(self) -> None:
        with self._store.unit() as uow:
            uow.workers.beat(self.id, self._now())
            uow.commit()
        self._next_beat = time.monotonic() + self._pace.beat

    def _adopt(self) -> None:
        """Takes over from workers whose beats stand still, by this process's own clock."""
        with self._store.reading() as uow:
            beats = dict(uow.workers.beats())
        beats.pop(self.id, None)
        at = time.monotonic()
        before = self._watched
        self._watched = {
            who: before[who] if who in before and before[who][0] == count else (count, at)
            for who, count in beats.items()
        }
        dead = [
            who
            for who, (count, since) in self._watched.items()
            if count == LEFT or at - since >= self._pace.dead
        ]
        if not dead:
            return
        log.warning("workers_adopted", workers=dead)
        self._engine.adopt(dead)
        with self._store.unit() as uow:
            uow.workers.forget(dead)
            uow.commit()

    def look_after_failures(self) -> None:
        """Gives a person what a workflow could not end, by an error that nobody foresaw."""
        Failures(self._store, self._engine.failed, self._now).look_after()


def _office(settings: Settings, uow: UnitOfWork) -> Office:
    return office_in_force(uow, settings)


async def until_told(doing: Coroutine[Any, Any, None]) -> None:
    """Works until the process is asked to end; the rest goes on in another one."""
    work = asyncio.ensure_future(doing)
    loop = asyncio.get_running_loop()
    for told in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(told, work.cancel)
    with suppress(asyncio.CancelledError):
        await work
