"""Twilio's end of one media stream, simulated."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from voice.audio import pcm_to_mulaw
from voice.legs.simulated_line import FaultyLine, Playback
from voice.legs.twilio_codec import (
    Connected,
    Dtmf,
    MalformedMessage,
    MarkBack,
    Media,
    Stop,
    StreamStart,
    parse_to_twilio,
    write_from_twilio,
)
from voice.ports import FRAME_MS

#: Messages that carry a sequence number.
Numbered = Dtmf | MarkBack | Stop


class SimulatedStream:
    """Numbers and sends what Twilio sends, obeys what the server sends.

    Attributes:
        violations: messages of the server that Twilio would not understand.
    """

    def __init__(self, socket: ClientConnection, stream_sid: str, line: FaultyLine) -> None:
        self.socket = socket
        self.playback = Playback()
        self.violations = 0
        self._stream_sid = stream_sid
        self._line = line
        self._sequence = 0
        self._chunk = 0

    async def open(self, start: StreamStart) -> None:
        """Sends `connected` and `start`."""
        await self.put(write_from_twilio(Connected(), self._stream_sid))
        self._sequence = start.sequence
        await self.put(write_from_twilio(start, self._stream_sid))

    async def receive(self) -> None:
        """Obeys the server until the socket closes."""
        with suppress(ConnectionClosed):
            async for raw in self.socket:
                try:
                    message = parse_to_twilio(raw)
                except MalformedMessage:
                    self.violations += 1
                    continue
                await self.send_marks(self.playback.take(message))

    async def send(self, message: Numbered) -> None:
        """Sends a message under the next sequence number."""
        self._sequence += 1
        numbered = replace(message, sequence=self._sequence)
        await self.put(write_from_twilio(numbered, self._stream_sid))

    async def send_marks(self, names: Iterable[str]) -> None:
        """Sends marks back."""
        for name in names:
            await self.send(MarkBack(name=name))

    async def send_voice(self, pcm: bytes) -> None:
        """Sends one frame of the caller's side, as well as the line allows."""
        self._chunk += 1
        self._sequence += 1
        media = Media(
            payload=pcm_to_mulaw(pcm),
            chunk=self._chunk,
            timestamp_ms=(self._chunk - 1) * FRAME_MS,
            sequence=self._sequence,
        )
        for frame in self._line.wire(media):
            await self.put(write_from_twilio(frame, self._stream_sid))

    async def put(self, text: str) -> None:
        """Sends any text."""
        await self.socket.send(text)
