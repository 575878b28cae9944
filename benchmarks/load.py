"""Whole calls at the same time: real engines in a server process, real time, real protocol.

Callers speak seeded order sentences whenever the assistant has fallen silent. For each number of
calls the table says how long callers waited, what was late, and what the server needed; the bare
recogniser's throughput on the same sentences is the limit beside it. Callers share the machine.
"""

from __future__ import annotations

import asyncio
import random
import re
import secrets
import tempfile
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import quantiles

import psutil

from api.config import Settings
from api.engines import RECOGNIZERS
from benchmarks.callers import Utterance, utterances
from models.call import Disposition
from models.store import Store
from tests.processes import Process, free_port, processes
from voice.catalog import Catalog
from voice.legs.simulator import PhoneCall
from voice.ports import FRAME_MS, Recognizer

#: Signs requests between these callers and the server that they start.
KEY = secrets.token_hex(16)
STEPS = (1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 30, 40)
_SENTENCES = 40
_MOST_APART_S = 4.0
_SAMPLE_S = 0.5
_PATIENCE_S = 60.0
_AIM_MS = 1800
#: The callers speak sentences at random: some calls go to a person, as they should.
_HANDED_OVER = {Disposition.TRANSFERRED, Disposition.CALL_BACK}
_PART = re.compile(r"(\w+_ms)\W+(\d+)")


@dataclass(slots=True)
class Load:
    """What the server process needs while it is watched."""

    process: psutil.Process
    cpu: list[float] = field(default_factory=list)
    rss: list[int] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def watch(self) -> None:
        """Until `over`."""
        self.process.cpu_percent()
        while not self.over.wait(_SAMPLE_S):
            self.cpu.append(self.process.cpu_percent())
            self.rss.append(self.process.memory_info().rss)


def run(
    seed: int = 1,
    most: int = 12,
    turns: int = 12,
    recognizer: str = "whisper",
    voice: str = "neural",
) -> dict[str, object]:
    """Raises the number of calls step by step, up to `most`, until callers wait 3 s (p95).

    Args:
        turns: how often each caller speaks.
        recognizer, voice: engines of the server.

    Returns:
        `rows`, one for each number of calls: `response_p50_ms` ... `p99`, `frames_late` of
        `frames`, `turns_per_s`, `cpu_cores`, `memory_mb`, calls `handed_over` and `failed`,
        `unheard` turns, and the p95 of each part of the server's own answers (`voice.timing.TurnTiming`);
        `bare_per_s`, the sentences a second of the recogniser alone with as many threads as
        cores; `first_over`, the number of calls at which p95 passes 1.0, 1.8 and 3.0 s;
        `calls_per_core`, the most calls with a p95 of 1.8 s or less, by the cores.

        An unheard turn is one in which the server found no speech, so that it asked after its
        own silence of some seconds. That is a fault of hearing and not of load: its wait is
        counted, and left out of the response times.
    """
    settings = Settings()
    catalog = Catalog(settings.home_dir)
    spoken = list(
        utterances(
            seed, _SENTENCES, catalog.path("kokoro-82m-int8"), settings.home_dir / "benchmark"
        )
    )
    bare = throughput(RECOGNIZERS[recognizer](catalog), spoken)
    rows: list[dict[str, float]] = []
    with tempfile.TemporaryDirectory(prefix="intake-load-") as folder, processes() as running:
        port = free_port()
        server = _server(Path(folder), port, recognizer, voice)
        running.append(server)
        server.wait_for_port(port)
        for calls in STEPS:
            if calls > most or (rows and rows[-1]["response_p95_ms"] > 3000):
                break
            store = Store(f"sqlite:///{folder}/intake.db")
            rows.append(
                _measured(f"http://127.0.0.1:{port}", server, store, calls, turns, spoken, seed)
            )
            store.close()
    over = {
        f"{limit / 1000:.1f}": next(
            (row["calls"] for row in rows if row["response_p95_ms"] > limit), None
        )
        for limit in (1000, 1800, 3000)
    }
    held = [row["calls"] for row in rows if row["response_p95_ms"] <= _AIM_MS]
    return {
        "recognizer": recognizer,
        "bare_per_s": bare,
        "rows": rows,
        "first_over": over,
        "calls_per_core": round(max(held, default=0) / (psutil.cpu_count() or 1), 1),
    }


def throughput(recognizer: Recognizer, spoken: Sequence[Utterance]) -> float:
    """Sentences a second of the recogniser alone, with a thread for each core."""
    recognizer.warm_up()

    def hear(utterance: Utterance) -> None:
        stream = recognizer.open(utterance.expectation)
        stream.feed(utterance.pcm)
        stream.finish()

    with ThreadPoolExecutor(psutil.cpu_count() or 1) as pool:
        hear(spoken[0])
        began = time.monotonic()
        list(pool.map(hear, spoken))
        return round(len(spoken) / (time.monotonic() - began), 2)


def _server(folder: Path, port: int, recognizer: str, voice: str) -> Process:
    environment = {
        "INTAKE_DATA": str(folder),
        "INTAKE_DATABASE_URL": "",
        "INTAKE_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "INTAKE_MOST_CALLS": "1000",
        "INTAKE_SECOND_RECOGNIZER": "off",
        "INTAKE_RECOGNIZER": recognizer,
        "INTAKE_SYNTHESIZER": voice,
        "TWILIO_AUTH_TOKEN": KEY,
    }
    return Process(["serve", "--port", str(port)], environment, folder / "server.log")


def _measured(
    url: str,
    server: Process,
    store: Store,
    calls: int,
    turns: int,
    spoken: Sequence[Utterance],
    seed: int,
) -> dict[str, float]:
    load = Load(psutil.Process(server.popen.pid))
    watcher = threading.Thread(target=load.watch)
    watcher.start()
    logged = len(server.log.read_text("utf-8"))
    began = time.monotonic()
    placed = asyncio.run(_calls(url, calls, turns, spoken, seed))
    seconds = time.monotonic() - began
    load.over.set()
    watcher.join()
    unheard = {call.call_sid: _silences(store, call.call_sid) for call in placed}
    waits = sorted(ms for call in placed for ms in _heard(call, unheard[call.call_sid])) or [0, 0]
    cuts = quantiles(waits, n=100, method="inclusive")
    heard = sum(len(call.report.heard) for call in placed)
    return {
        "calls": calls,
        "turns": len(waits),
        "unheard": sum(unheard.values()),
        "turns_per_s": round(len(waits) / seconds, 2),
        "response_p50_ms": round(cuts[49]),
        "response_p95_ms": round(cuts[94]),
        "response_p99_ms": round(cuts[98]),
        "frames": heard // (16 * FRAME_MS),
        "frames_late": sum(call.report.frames_late for call in placed),
        "handed_over": sum(_disposition(store, call.call_sid) in _HANDED_OVER for call in placed),
        "failed": sum(_failed(store, call, turns) for call in placed),
        "cpu_cores": round(sum(load.cpu) / max(1, len(load.cpu)) / 100, 2),
        "memory_mb": round(max(load.rss, default=0) / 2**20),
        **_parts(server.log.read_text("utf-8")[logged:]),
    }


def _disposition(store: Store, call_sid: str) -> Disposition | None:
    with store.reading() as uow:
        call = uow.calls.get(call_sid)
    return None if call is None else call.disposition


def _failed(store: Store, call: PhoneCall, turns: int) -> bool:
    """Whether the caller got fewer answers than wanted, and not because a person took over."""
    short = len(call.report.response_ms) < turns - 1
    return short and _disposition(store, call.call_sid) not in _HANDED_OVER


def _silences(store: Store, call_sid: str) -> int:
    """How often the server asked because it had heard nothing."""
    with store.reading() as uow:
        return sum(event.type == "silence_fell" for event in uow.calls.events(call_sid))


def _heard(call: PhoneCall, unheard: int) -> list[int]:
    """A call's waits without those for the silence to end, which are its longest."""
    waits = sorted(call.report.response_ms)
    return waits[: max(0, len(waits) - unheard)]


def _parts(log: str) -> dict[str, float]:
    """The p95 of each part of the answers that a piece of the server's log tells of."""
    found: dict[str, list[int]] = {}
    for line in log.splitlines():
        if "answered" in line:
            for name, value in _PART.findall(line):
                found.setdefault(name, []).append(int(value))
    return {
        f"server_{name}_p95": round(quantiles(sorted(values), n=20, method="inclusive")[18])
        for name, values in found.items()
        if len(values) > 1
    }


async def _calls(
    url: str, calls: int, turns: int, spoken: Sequence[Utterance], seed: int
) -> list[PhoneCall]:
    chance = random.Random(f"{seed}:{calls}")
    return await asyncio.gather(
        *(_call(url, turns, spoken, random.Random(chance.random())) for _ in range(calls))
    )


async def _call(
    url: str, turns: int, spoken: Sequence[Utterance], chance: random.Random
) -> PhoneCall:
    caller = f"+8613{chance.randrange(10**9):09d}"
    call = PhoneCall(base_url=url, secret=KEY, caller=caller)
    await asyncio.sleep(chance.uniform(0, _MOST_APART_S))
    await call.place()
    with suppress(TimeoutError):
        await call.listen(timeout_s=_PATIENCE_S)
        for _ in range(turns):
            if call.ended:
                break
            await call.say(chance.choice(spoken).pcm)
            await call.listen(timeout_s=_PATIENCE_S)
    await call.hang_up()
    return call
