"""`intake worker`: delivers the outbox and deletes what is due, in a process of its own."""

from __future__ import annotations

import asyncio

import click

from api.bootstrap import open_desk, serve_work
from api.config import Settings
from api.logs import set_up_logs


@click.command()
def command() -> None:
    """Work until stopped: text messages, documents, deletions; for servers with `--only`."""
    settings = Settings()
    set_up_logs(settings.log_level)
    asyncio.run(serve_work(open_desk(settings)))
