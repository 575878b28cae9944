"""`intake models`: the speech models of this installation."""

from __future__ import annotations

import click
from rich.console import Console
from rich.table import Table

from api.config import Settings
from voice.catalog import Catalog, State

_STATES: dict[State, str] = {"ready": "ready", "missing": "not fetched", "changed": "changed"}


def _catalog() -> Catalog:
    return Catalog(Settings().home_dir, report=lambda line: click.echo(line, err=True))


def _megabytes(size: int | None) -> str:
    return "unknown" if size is None else f"{size / 1e6:,.1f} MB"


@click.group()
def command() -> None:
    """Lists, fetches and verifies the speech models."""


@command.command("list")
def list_models() -> None:
    """Shows every model, where it comes from and whether it is here."""
    catalog = _catalog()
    table = Table("name", "state", "purpose", "lang", "licence", "size", "sources", "sha256")
    for model in catalog.models:
        first = model.files[0]
        table.add_row(
            model.name + (" *" if model.default else ""),
            _STATES[catalog.state(model.name)],
            model.purpose,
            model.lang,
            model.licence,
            _megabytes(model.size),
            "\n".join(model.places()),
            f"{first.path}: {first.sha256 or 'not published'}",
        )
    console = Console()
    console.print(table)
    console.print("* part of the default set-up")


@command.command()
@click.argument("names", nargs=-1)
@click.option("--default", "defaults", is_flag=True, help="What the default set-up needs.")
def fetch(names: tuple[str, ...], defaults: bool) -> None:
    """Brings models from the first source that gives the right bytes."""
    catalog = _catalog()
    wanted = [*names, *(m.name for m in catalog.models if defaults and m.default)]
    if not wanted:
        raise click.UsageError("Name a model, or say --default.")
    for name in dict.fromkeys(wanted):
        catalog.fetch(name)


@command.command()
@click.argument("name")
@click.argument("origin", metavar="PATH_OR_URL")
@click.option("--sha256", help="The archive's hash, where the catalogue knows none.")
def add(name: str, origin: str, sha256: str | None) -> None:
    """Brings a model from a local file, a folder or a mirror's URL."""
    _catalog().add(name, origin, sha256=sha256)


@command.command()
@click.argument("names", nargs=-1)
def verify(names: tuple[str, ...]) -> None:
    """Hashes the files of fetched models again; all of them when none is named."""
    catalog = _catalog()
    here = [m.name for m in catalog.models if catalog.state(m.name) != "missing"]
    for name in names or here:
        catalog.verify(name)
        click.echo(f"{name}: as fetched")
