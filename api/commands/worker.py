"""`intake worker`: workflows and upkeep, in a process of its own."""

from __future__ import annotations

import asyncio

import click

from api.config import Settings
from api.desk import open_desk
from api.jobs.worker import until_told
from api.logs import set_up_logs
from api.side_work import serve_work


@click.command()
def command() -> None:
    """Run workflows until stopped: text messages, reminders, documents, deletions."""
    settings = Settings()
    set_up_logs(settings.log_level)
    desk = open_desk(settings)
    asyncio.run(until_told(serve_work(desk)))
    desk.store.close()
