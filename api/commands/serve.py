"""`intake serve`: the server for real use."""

from __future__ import annotations

from typing import cast

import click

from api.bootstrap import build
from api.config import Settings
from api.desk import Part
from api.logs import set_up_logs
from api.serve import make_server


@click.command()
@click.option("--only", type=click.Choice(["media", "web"]), help="Serve one part in this process.")
@click.option("--host", help="Address to listen on (INTAKE_HOST).")
@click.option("--port", type=int, help="Port to listen on (INTAKE_PORT).")
def command(only: str | None, host: str | None, port: int | None) -> None:
    """Serve the telephone, the web pages and the outbox on one port."""
    given = {"host": host, "port": port}
    settings = Settings().model_copy(update={k: v for k, v in given.items() if v is not None})
    set_up_logs(settings.log_level)
    application = build(settings, cast(Part, only or "all"))
    make_server(application, host=settings.host, port=settings.port).run()
