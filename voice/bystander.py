"""Writes down what two people say to each other: the caller, and the person who has the call."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType

import structlog

from models.call import Speaker, Turn
from nlp.meaning import Expectation
from voice.legs.twilio_codec import Track
from voice.ports import Audio, Hypothesis, LegEnded, Recognizer, Records
from voice.ranked import Rank, RankedPool
from voice.stretches import Stretch, Stretches
from voice.transcript import keep_turn

log = structlog.get_logger(__name__)

#: Who speaks on which track, as the caller's call has them.
SPEAKERS: Mapping[Track, Speaker] = MappingProxyType({"inbound": "caller", "outbound": "clerk"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pen:
    """What writing down needs.

    Attributes:
        expectation: nothing is expected; the language that the call was in.
        from_ms: when in the call the sound begins.
        put: stores a turn, whose index is not told yet; blocking.
        failed: told when a reading failed.
    """

    recognizer: Recognizer
    pool: RankedPool
    expectation: Expectation
    from_ms: int
    put: Callable[[Turn], None]
    failed: Callable[[], None]


class Bystander:
    """Records both sides and has them read, after everything that callers wait for."""

    def __init__(self, pen: Pen, recorder: Records) -> None:
        self._pen = pen
        self._recorder = recorder
        self._sides: dict[Track, Stretches] = {"inbound": Stretches(), "outbound": Stretches()}
        self._readings: asyncio.Queue[_Reading | None] = asyncio.Queue()

    async def run(self, events: AsyncIterator[tuple[Track, Audio] | LegEnded]) -> None:
        """Follows the line to its end; returns when everything is written down."""
        writing = asyncio.create_task(self._write())
        try:
            async for event in events:
                if isinstance(event, LegEnded):
                    break
                self._hear(*event)
            for track, side in self._sides.items():
                self._read(track, side.rest())
        finally:
            await asyncio.to_thread(self._recorder.close)
            self._readings.put_nowait(None)
            await writing

    def _hear(self, track: Track, audio: Audio) -> None:
        keep = self._recorder.caller if track == "inbound" else self._recorder.assistant
        keep(audio.at_ms, audio.pcm)
        self._read(track, self._sides[track].push(audio))

    def _read(self, track: Track, said: Stretch | None) -> None:
        if said is not None:
            pen = self._pen
            step = partial(read, pen.recognizer, pen.expectation, said.pcm)
            found = asyncio.wrap_future(pen.pool.submit(Rank.BESIDE, step))
            self._readings.put_nowait(_Reading(track, said, found))

    async def _write(self) -> None:
        """Stores the turns in the order in which they ended."""
        while (reading := await self._readings.get()) is not None:
            await asyncio.wait([reading.found])
            if (error := reading.found.exception()) is not None:
                log.error("not recognised", error=type(error).__name__)
                self._pen.failed()
                continue
            found = reading.found.result()
            turn = turn_of(SPEAKERS[reading.track], reading.said, found, self._pen.from_ms)
            if turn is not None:
                await keep_turn(self._pen.put, turn)


@dataclass(frozen=True, slots=True)
class _Reading:
    track: Track
    said: Stretch
    found: asyncio.Future[Sequence[Hypothesis]]


def read(recognizer: Recognizer, expectation: Expectation, pcm: bytes) -> Sequence[Hypothesis]:
    """What was said, in the language it was said in. Blocks."""
    found: Sequence[Hypothesis] = ()
    for _ in range(2):
        stream = recognizer.open(expectation)
        stream.feed(pcm)
        found = stream.finish()
        spoken = found[0].lang if found else None
        if spoken is None or spoken == expectation.lang:
            break
        expectation = replace(expectation, lang=spoken)
    return found


def turn_of(
    speaker: Speaker, said: Stretch, found: Sequence[Hypothesis], from_ms: int
) -> Turn | None:
    """A turn without its index; None where no words were found.

    Args:
        from_ms: when in the call the sound begins.
    """
    best = next((one for one in found if one.text.strip()), None)
    if best is None:
        return None
    return Turn(
        index=0,
        speaker=speaker,
        text=best.text,
        started_ms=from_ms + said.started_ms,
        ended_ms=from_ms + said.ended_ms,
        confidence=best.confidence,
    )
