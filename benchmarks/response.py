"""How long callers wait for an answer, and for what: scripted calls, real engines, real time."""

from __future__ import annotations

import asyncio
import socket
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from api.bootstrap import build
from api.caller import ScriptedCaller
from api.config import Settings
from api.serve import make_server
from benchmarks import scoring
from models.errors import ExternalError
from nlp.simulation.scenario import Scenario, load_scenario
from voice.catalog import Catalog
from voice.synthesizers.cache import CachedSynthesizer
from voice.synthesizers.neural import CALLER, NeuralOptions, NeuralSynthesizer
from voice.timing import TurnTiming

_SCENARIOS = Path(__file__).parents[1] / "tests" / "calls" / "audio"
#: A server whose calls end early would otherwise be called for ever.
_MOST_CALLS = 20


def run(seed: int, turns: int = 30, lang: str = "") -> dict[str, object]:
    """Places calls, one after another, until `turns` answers were timed.

    Server and caller share this process; the caller speaks only while the server listens.

    Args:
        lang: `zh` or `en` alone; otherwise calls alternate.

    Returns:
        Median and p95 of each part of the response (`voice.timing.TurnTiming.parts`), of the
        `heard_ms` that the caller's own ear measured, and the share of calls whose stored
        order was right.
    """
    return asyncio.run(_run(seed, turns, lang))


async def _run(seed: int, turns: int, lang: str) -> dict[str, object]:
    timings: list[TurnTiming] = []
    heard_ms: list[int] = []
    calls = right = 0
    with tempfile.TemporaryDirectory(prefix="intake-response-") as folder:
        settings = Settings().model_copy(
            update={"data": Path(folder), "host": "127.0.0.1", "port": _free_port(),
                    "public_url": "", "database_url": ""}
        )  # fmt: skip
        today = datetime.now(settings.zone).date()
        scenarios = _scenarios(today, lang)
        voice = _voice(settings)
        async with _served(settings, timings):
            while len(timings) < turns and calls < _MOST_CALLS:
                scenario = replace(scenarios[calls % len(scenarios)], seed=seed + calls)
                calls += 1
                caller = _caller(settings, voice, today)
                try:
                    result = await caller.call(scenario)
                except ExternalError:
                    continue
                right += result.order is not None and not result.wrong
                heard_ms += result.report.response_ms
    parts = [timing.parts() for timing in timings]
    return {
        "seed": seed,
        "calls": calls,
        "calls_right": right,
        "turns": len(parts),
        **{name: scoring.spread([part[name] / 1000 for part in parts]) for name in parts[0]},
        "heard_ms": scoring.spread([ms / 1000 for ms in heard_ms]),
    }


def _scenarios(today: date, lang: str) -> Sequence[Scenario]:
    every = [load_scenario(path, today=today) for path in sorted(_SCENARIOS.glob("*.yaml"))]
    return [scenario for scenario in every if lang in ("", scenario.lang)]


def _voice(settings: Settings) -> CachedSynthesizer:
    model = Catalog(settings.home_dir).path("kokoro-82m-int8")
    inner = NeuralSynthesizer(model, NeuralOptions(voices=CALLER))
    voice = CachedSynthesizer(inner, settings.home_dir / "benchmark")
    voice.warm_up()
    return voice


def _caller(settings: Settings, voice: CachedSynthesizer, today: date) -> ScriptedCaller:
    return ScriptedCaller(
        base_url=settings.base_url,
        secret=settings.secret(),
        api_token=settings.api_token.get_secret_value() if settings.api_token else "",
        voice=voice,
        today=today,
        show=lambda _turn: None,
    )


@asynccontextmanager
async def _served(settings: Settings, timings: list[TurnTiming]) -> AsyncIterator[None]:
    app = build(settings, told=timings.append)
    server = make_server(app, host=settings.host, port=settings.port, drain_s=1)
    running = asyncio.create_task(server.serve())
    await server.ready.wait()
    try:
        yield
    finally:
        server.should_exit = True
        await running


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
