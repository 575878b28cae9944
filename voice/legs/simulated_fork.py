"""Twilio's end of a fork, simulated: both tracks of a call that a person has, one way."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import zip_longest

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from voice.audio import pcm_to_mulaw
from voice.legs.simulated_line import FaultyLine
from voice.legs.twilio_codec import (
    Connected,
    FromTwilio,
    Media,
    Stop,
    StreamStart,
    Track,
    write_from_twilio,
)
from voice.ports import FRAME_BYTES, FRAME_MS, frames

_SILENCE = bytes(FRAME_BYTES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge:
    """What is said while a person has the call: 8 kHz 16-bit PCM of each side, from the same time.

    Attributes:
        pace: how much faster than a clock it is sent.
    """

    caller: bytes
    person: bytes
    pace: float = 1.0


class SimulatedFork:
    """One fork of a call."""

    def __init__(self, socket: ClientConnection, start: StreamStart, line: FaultyLine) -> None:
        self.socket = socket
        self._start = start
        self._line = line
        self._sequence = start.sequence
        self._chunks: dict[Track, int] = {"inbound": 0, "outbound": 0}

    @classmethod
    async def open(
        cls, url: str, headers: Mapping[str, str], start: StreamStart, line: FaultyLine
    ) -> SimulatedFork:
        """Opens the socket, and sends `connected` and `start`.

        Raises:
            OSError, InvalidHandshake: it cannot be opened.
        """
        socket = await connect(url, additional_headers=headers, compression=None, proxy=None)
        fork = cls(socket, start, line)
        await fork.put(Connected())
        await fork.put(start)
        return fork

    async def play(self, bridge: Bridge) -> None:
        """Sends what both sides say, until it is said or the server closes the socket."""
        loop = asyncio.get_running_loop()
        due = loop.time()
        both = zip_longest(frames(bridge.caller), frames(bridge.person), fillvalue=_SILENCE)
        with suppress(ConnectionClosed):
            for caller, person in both:
                await self._media("inbound", caller)
                await self._media("outbound", person)
                due += FRAME_MS / 1000 / bridge.pace
                await asyncio.sleep(max(0.0, due - loop.time()))

    async def stop(self) -> None:
        """Ends the fork, as Twilio does with the call or at a `<Stop>`."""
        self._sequence += 1
        with suppress(ConnectionClosed):
            await self.put(Stop(call_sid=self._start.call_sid, sequence=self._sequence))
            await self.socket.close()

    def cut(self) -> None:
        """Breaks the socket without a word."""
        self.socket.transport.abort()

    async def put(self, message: FromTwilio) -> None:
        """Sends any message."""
        await self.socket.send(write_from_twilio(message, self._start.stream_sid))

    async def _media(self, track: Track, pcm: bytes) -> None:
        self._chunks[track] += 1
        self._sequence += 1
        media = Media(
            payload=pcm_to_mulaw(pcm),
            chunk=self._chunks[track],
            timestamp_ms=(self._chunks[track] - 1) * FRAME_MS,
            sequence=self._sequence,
            track=track,
        )
        for one in self._line.wire(media):
            await self.put(one)
