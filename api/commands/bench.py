"""`intake bench`: measurements from `benchmarks/`, printed as one JSON object."""

from __future__ import annotations

import importlib
import inspect
import json
import sys
from pathlib import Path

import click

from api.logs import set_up_logs
from models.errors import RuleError

NAMES = (
    "asr",
    "tts",
    "parse",
    "normalisers",
    "dialogue",
    "calls",
    "frames",
    "load",
    "endpointing",
    "response",
    "faxes",
)


@click.command()
@click.argument("name", type=click.Choice(NAMES))
@click.option("--seed", default=1, show_default=True, help="Seed of everything random.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON instead of a table.")
@click.option("--set", "settings", multiple=True, metavar="NAME=VALUE", help="A benchmark's own.")
def command(name: str, seed: int, as_json: bool, settings: tuple[str, ...]) -> None:
    """Run the benchmark NAME and print its figures."""
    set_up_logs("WARNING")
    # The source tree is not a package, but its benchmarks use its tests' helpers.
    sys.path.append(str(Path(__file__).parents[2]))
    try:
        run = importlib.import_module(f"benchmarks.{name}").run
    except ModuleNotFoundError as error:
        raise RuleError("Benchmarks are part of the source tree; run this there.") from error
    figures = run(seed=seed, **_options(run, settings))
    click.echo(json.dumps(figures, ensure_ascii=False, indent=None if as_json else 2))


def _options(run: object, settings: tuple[str, ...]) -> dict[str, object]:
    known = inspect.signature(run).parameters if callable(run) else {}
    options: dict[str, object] = {}
    for setting in settings:
        name, _, value = setting.partition("=")
        if name not in known or name == "seed":
            raise click.BadParameter(f"this benchmark has no setting {name!r}", param_hint="--set")
        options[name] = int(value) if value.isdecimal() else value
    return options
