"""`intake recordings`: the sealed recordings and their keys."""

from __future__ import annotations

import click

from api.bootstrap import open_desk
from api.config import Settings
from api.vault.documents import open_documents


@click.group()
def command() -> None:
    """Bring recordings into the object store, or seal them with another key."""


@command.command()
def sweep() -> None:
    """Keep what calls of dead processes left on this machine. The server does so by itself."""
    vault = open_desk(Settings()).vault
    click.echo(f"{vault.sweep()} kept; {len(vault.waiting())} still on this machine.")


@command.command()
def reseal() -> None:
    """Seal with the first key of INTAKE_AUDIO_KEYS whatever another key sealed."""
    settings = Settings()
    desk = open_desk(settings)
    papers = open_documents(settings).seal_anew(desk.store)
    click.echo(f"{desk.vault.seal_anew()} recordings and {papers} documents sealed anew.")
