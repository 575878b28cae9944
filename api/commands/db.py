"""`intake db`: the database's tables."""

from __future__ import annotations

import click

from api.config import Settings
from models import schema
from models.errors import RuleError
from models.store import Store


def _store() -> Store:
    settings = Settings()
    return Store(settings.db_url, secret=settings.secret(), zone=settings.zone)


@click.group()
def command() -> None:
    """Bring the database up to date, or check it."""


@command.command()
def upgrade() -> None:
    """Make or change tables until they are what this version needs."""
    schema.upgrade(_store())
    click.echo("The database is up to date.")


@command.command()
def check() -> None:
    """Say whether the tables are what this version needs."""
    store = _store()
    if schema.revision(store) != schema.newest():
        raise RuleError("The database is of another version. Run: intake db upgrade")
    if found := schema.differences(store):
        raise RuleError("The tables differ from what they should be: " + "; ".join(found))
    click.echo("The database is up to date.")
