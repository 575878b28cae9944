"""A worker in a process of its own whose scheduled jobs come every two seconds.

    python -m tests.scheduled_worker FILE

Each job that is done writes a line into the file: its workflow's id, this process's id.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Any

from dbos import DBOS

from api.callline import NO_LINE
from api.config import Settings
from api.jobs import worker
from api.jobs.schedule import Job
from api.jobs.worker import Worker, until_told
from api.sms import make_sender
from models.store import Store
from tests.workers import FAST

_OFTEN = "*/2 * * * * *"


def _told(job: Job, file: int) -> Job:
    async def run() -> None:
        await job.run()
        # One write of a short line is whole, whoever else appends.
        os.write(file, f"{DBOS.workflow_id} {os.getpid()}\n".encode())

    return replace(job, cron=_OFTEN, run=run)


def _often(
    jobs: Callable[..., tuple[Job, ...]], file: int, *given: Any, **named: Any
) -> tuple[Job, ...]:
    return tuple(_told(job, file) for job in jobs(*given, **named))


def _work(path: str) -> Coroutine[Any, Any, None]:
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    worker.jobs = partial(_often, worker.jobs, file)  # type: ignore[assignment]
    settings = Settings()
    store = Store(settings.db_url, secret=settings.secret(), zone=settings.zone)
    return Worker(
        store,
        settings,
        make_sender(settings),
        NO_LINE,
        lambda: datetime.now(settings.zone),
        replace(FAST, dead=1.0),
        fetch=lambda: None,
    ).serve()


if __name__ == "__main__":
    asyncio.run(until_told(_work(sys.argv[1])))
