"""`intake call`: places a scripted call to a running server."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from api.caller import CallResult, ScriptedCaller
from api.config import Settings
from api.show import show_result, show_turn
from models.errors import RuleError
from nlp.simulation.scenario import load_scenario
from voice.catalog import Catalog
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.neural import CALLER, NeuralOptions, NeuralSynthesizer


@click.command()
@click.argument("scenario", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--url", help="The server's address, when it is not this installation's.")
def command(scenario: Path, url: str | None) -> None:
    """Call a running server as the customer in SCENARIO (YAML), over the real protocol."""
    result = place(Settings(), scenario, url=url)
    if result.wrong:
        raise RuleError("The stored order is not what the caller ordered.")


def place(settings: Settings, path: Path, *, url: str | None = None) -> CallResult:
    """Places the call and prints the conversation as it happens, then what came of it."""
    console = Console()
    today = datetime.now(settings.zone).date()
    scenario = load_scenario(path, today=today)
    voices = {**CALLER, scenario.lang: scenario.voice} if scenario.voice else CALLER
    voice = CachedSynthesizer(
        NeuralSynthesizer(
            Catalog(settings.home_dir).path("kokoro-82m-int8"), NeuralOptions(voices=voices)
        ),
        settings.home_dir / "spoken",
    )
    voice.warm_up()
    caller = ScriptedCaller(
        base_url=url or f"http://{settings.host}:{settings.port}",
        secret=settings.secret(),
        api_token=settings.api_token.get_secret_value() if settings.api_token else "",
        voice=voice,
        today=today,
        show=lambda turn: show_turn(console, turn),
    )
    result = asyncio.run(caller.call(scenario))
    show_result(console, result)
    return result
