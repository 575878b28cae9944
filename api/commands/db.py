"""`intake db`: the database's tables."""

from __future__ import annotations

import click

from api.config import Settings
from models import schema
from models.audit import first_fault
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


@command.command("verify-audit")
@click.option("--seen", help="A hash noted earlier; it must still be in the log.")
def verify_audit(seen: str | None) -> None:
    """Say whether the audit log is whole, and print its last hash to note elsewhere."""
    with _store().reading() as uow:
        if fault := first_fault(uow.audit.entries()):
            raise RuleError(f"The audit log was tampered with. {fault}")
        hashes = [entry.digest for entry in uow.audit.entries()]
    if seen and seen not in hashes:
        raise RuleError("The audit log was tampered with. The hash noted earlier is not in it.")
    click.echo(f"{len(hashes)} entries, whole. Last hash: {hashes[-1] if hashes else '-'}")
