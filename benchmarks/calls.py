"""Simultaneous simulated calls through the real protocol: what the line itself adds.

The answering side is no assistant but a tone, played at once when the caller falls silent, so
that only the server, the socket and the pace are measured. Server and callers share one event
loop, which makes the figures worse than those of a server with a core of its own.
"""

from __future__ import annotations

import asyncio
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import quantiles

import numpy as np
import uvloop

from api.media import HandleCall
from tests.integration.telephone import Desk, running_desk
from voice.audio import level_dbfs, to_pcm
from voice.legs.simulator import CallReport
from voice.legs.twilio_codec import StreamStart
from voice.ports import Audio, CallLeg, frames

#: Frames louder than this are the caller's speech, dB below full scale.
_SPEECH_DBFS = -40.0
_TURNS = 3
_MOST_APART_S = 2.0


def tone(ms: int, hz: float) -> bytes:
    """A tone of `ms` milliseconds as 8 kHz PCM."""
    samples = np.sin(2 * np.pi * hz * np.arange(ms * 8) / 8000) * 0.3
    return to_pcm(samples.astype(np.float32))


async def answer_at_silence(leg: CallLeg, _start: StreamStart) -> None:
    """Plays a second of tone whenever the caller stops making any sound."""
    answer, speaking, playing = tone(1000, 660), False, set[asyncio.Task[None]]()
    async for event in leg.events():
        if isinstance(event, Audio):
            loud = level_dbfs(event.pcm) > _SPEECH_DBFS
            if speaking and not loud:
                task = asyncio.create_task(_play(leg, answer))
                playing.add(task)
                task.add_done_callback(playing.discard)
            speaking = loud
    await asyncio.gather(*playing)


async def _play(leg: CallLeg, pcm: bytes) -> None:
    for frame in frames(pcm):
        await leg.send(frame)
    await leg.mark("answer")


async def _call(desk: Desk, rng: random.Random) -> CallReport:
    call = desk.call()
    await asyncio.sleep(rng.uniform(0, _MOST_APART_S))
    await call.place()
    for _ in range(_TURNS):
        await call.say(tone(rng.randrange(300, 900), 440))
        await call.listen(quiet_ms=300)
    await call.hang_up()
    return call.report


async def _calls(seed: int, count: int, handler: HandleCall) -> Sequence[CallReport]:
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as home:
        async with running_desk(Path(home), handler) as desk:
            return await asyncio.gather(*(_call(desk, rng) for _ in range(count)))


def run(
    seed: int = 1, calls: int = 10, handler: HandleCall = answer_at_silence
) -> dict[str, float | int]:
    """Places `calls` calls at about the same time.

    Returns:
        `response_p50_ms`, `response_p95_ms`: from the caller's last audible sample to the
        first of the answer; `frames_late`: frames of silence that callers heard inside the
        answers; `frames`: frames of answers; `calls`, `turns`.
    """
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        reports = runner.run(_calls(seed, calls, handler))
    response = sorted(ms for report in reports for ms in report.response_ms)
    cuts = quantiles(response, n=20, method="inclusive")
    return {
        "calls": len(reports),
        "turns": len(response),
        "response_p50_ms": cuts[9],
        "response_p95_ms": cuts[18],
        "frames": len(response) * len(list(frames(tone(1000, 660)))),
        "frames_late": sum(report.frames_late for report in reports),
    }
