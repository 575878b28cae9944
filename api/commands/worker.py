"""`intake worker`: carries out what the outbox holds, in a process of its own."""

from __future__ import annotations

import asyncio

import click

from api.bootstrap import make_worker, open_desk
from api.config import Settings
from api.jobs.worker import until_told
from api.logs import set_up_logs


@click.command()
def command() -> None:
    """Run workflows until stopped: text messages, reminders, documents, scheduled jobs."""
    settings = Settings()
    set_up_logs(settings.log_level)
    desk = open_desk(settings)
    asyncio.run(until_told(make_worker(desk)))
    desk.store.close()
