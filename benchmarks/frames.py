"""Frames of many calls on one core: how late the server takes and sends them.

The server is a process of its own on the first core, with an assistant that recognises at once
and speaks all the time. The callers are on the other cores. What is measured is measured in the
server's process, so that the callers' own lateness counts as little as it can.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import quantiles

import uvloop

from benchmarks.calls import tone
from tests.integration.telephone import running_desk
from voice.audio import level_dbfs
from voice.legs.pace import LEAD_MS
from voice.legs.simulator import PhoneCall
from voice.legs.twilio_codec import StreamStart
from voice.ports import FRAME_MS, Audio, CallLeg, frames

_MOST_APART_S = 2.0
_LEAD_FRAMES = LEAD_MS // FRAME_MS
#: Five seconds at both ends of a call are not counted: a hundred begin or end meanwhile.
_SET_UP_FRAMES = 250


@dataclass(slots=True)
class Lateness:
    """Milliseconds behind a schedule of one frame each 20 ms, of all calls.

    Attributes:
        sent: frames of answers, against the time at which the line's pace lets them go.
        taken: callers' frames, against the earliest schedule that any frame of the call kept.
        cpu_s: what the server's process needed.
    """

    sent: list[float] = field(default_factory=list)
    taken: list[float] = field(default_factory=list)
    cpu_s: float = 0.0


async def _speak(leg: CallLeg, late: list[float]) -> None:
    """Speaks until cancelled."""
    pcm = list(frames(tone(1000, 660)))
    due: float | None = None
    sent = 0
    while True:
        await leg.send(pcm[sent % len(pcm)])
        sent += 1
        now = time.monotonic()
        if sent == _LEAD_FRAMES + 1:  # the line is full: from here each frame has its time
            due = now
        elif due is not None:
            due += FRAME_MS / 1000
            late.append(max(0.0, now - due) * 1000)
            due = min(due, now)  # an early one shows that the schedule was late


async def _serve_call(late: Lateness, leg: CallLeg, _start: StreamStart) -> None:
    sent: list[float] = []
    speaking = asyncio.create_task(_speak(leg, sent))
    arrived: list[float] = []
    async for event in leg.events():
        if isinstance(event, Audio):
            level_dbfs(event.pcm)
            arrived.append(time.monotonic() - len(arrived) * FRAME_MS / 1000)
    speaking.cancel()
    late.sent.extend(sent[_SET_UP_FRAMES:-_SET_UP_FRAMES])
    counted = arrived[_SET_UP_FRAMES:-_SET_UP_FRAMES]
    late.taken.extend((at - min(counted)) * 1000 for at in counted)


def _server(pipe: Connection) -> None:
    """The process that answers: tells its address and key, and at the end how late it was."""
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_served(pipe))


async def _served(pipe: Connection) -> None:
    late = Lateness()
    with tempfile.TemporaryDirectory() as home:
        async with running_desk(Path(home), partial(_serve_call, late)) as desk:
            pipe.send((desk.url, desk.secret))
            begun = time.process_time()
            await asyncio.to_thread(pipe.recv)
            late.cpu_s = time.process_time() - begun
    pipe.send(late)


async def _call(url: str, secret: str, seconds: float, chance: random.Random) -> None:
    call = PhoneCall(base_url=url, secret=secret)
    await asyncio.sleep(chance.uniform(0, _MOST_APART_S))
    await call.place()
    await call.say(tone(round(seconds * 1000), 440))
    await call.hang_up()


async def _callers(url: str, secret: str, count: int, seconds: float, seed: int) -> None:
    chance = random.Random(seed)
    await asyncio.gather(*(_call(url, secret, seconds, chance) for _ in range(count)))


def _percentiles(values: Sequence[float]) -> dict[str, float]:
    cuts = quantiles(values, n=100, method="inclusive")
    return {
        "p50_ms": round(cuts[49], 1),
        "p95_ms": round(cuts[94], 1),
        "p99_ms": round(cuts[98], 1),
    }


def run(seed: int = 1, calls: int = 100, seconds: int = 20) -> dict[str, object]:
    """Places `calls` calls that last about `seconds` s each, both sides speaking all the time.

    Returns:
        `sent`, `taken`: p50, p95 and p99 of the lateness, ms (see `Lateness`); `frames`: of both
        kinds; `server_cpu_s` over `seconds_all` s; `calls`.
    """
    spawn = multiprocessing.get_context("spawn")
    here, there = spawn.Pipe()
    server = spawn.Process(target=_server, args=(there,))
    server.start()
    url, secret = here.recv()
    others = os.sched_getaffinity(0) - {min(os.sched_getaffinity(0))}
    os.sched_setaffinity(0, others or os.sched_getaffinity(0))
    begun = time.monotonic()
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_callers(url, secret, calls, seconds, seed))
    lasted = time.monotonic() - begun
    here.send("over")
    late: Lateness = here.recv()
    server.join()
    return {
        "calls": calls,
        "frames": len(late.sent) + len(late.taken),
        "sent": _percentiles(late.sent),
        "taken": _percentiles(late.taken),
        "server_cpu_s": round(late.cpu_s, 1),
        "seconds_all": round(lasted, 1),
    }
