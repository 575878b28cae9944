"""`intake worker`: delivers the outbox in a process of its own."""

from __future__ import annotations

import asyncio

import click

from api.bootstrap import open_desk, serve_outbox
from api.config import Settings
from api.logs import set_up_logs


@click.command()
def command() -> None:
    """Deliver text messages until stopped, for servers started with `--only`."""
    settings = Settings()
    set_up_logs(settings.log_level)
    asyncio.run(serve_outbox(open_desk(settings)))
