"""`intake export`: what is on file about a person or customer, for their request."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from api.config import Settings
from api.desk import open_desk
from api.personal import SCOPES, Archive


@click.command()
@click.argument("scope", type=click.Choice(SCOPES))
@click.argument("name")
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
def command(scope: str, name: str, target: Path) -> None:
    """Write everything about a phone number, an order or a customer into the ZIP file TARGET."""
    desk = open_desk(Settings())
    target.touch(mode=0o600, exist_ok=False)
    try:
        with target.open("wb") as file:
            handed = Archive(desk.store, desk.vault).write(
                file, scope, name, by="cli", at=datetime.now(UTC)
            )
    except BaseException:
        target.unlink()
        raise
    click.echo(
        f"{target}: {handed.orders} orders, {handed.calls} calls, {handed.recordings} recordings, "
        f"{handed.documents} signed documents, {handed.call_backs} call-backs, "
        f"{handed.mails} e-mails, {handed.faxes} faxes."
    )
