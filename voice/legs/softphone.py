"""A person at a browser with a microphone, through an ASGI websocket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict

import structlog

from voice.legs.line_socket import LineSocket, raw
from voice.legs.ordering import LineCounters
from voice.legs.pace import LEAD_MS, AsgiEvent, AsgiReceive, AsgiSend
from voice.legs.softphone_codec import (
    Begun,
    Clear,
    KeyPressed,
    MalformedMessage,
    Mark,
    Start,
    Stop,
    ToBrowser,
    Voice,
    parse_from_browser,
    write,
)
from voice.ports import FRAME_MS, Audio, Key, LegEnded, LegEvent, MarkReached

log = structlog.get_logger(__name__)

#: A microphone's frames cannot come before their time; clocks differ by less than this.
_EARLY_S = 5.0


async def read_start(receive: AsgiReceive) -> Start | None:
    """The call's `start`, or None when the socket closes or sends anything else first."""
    event = await receive()
    if event["type"] != "websocket.receive":
        return None
    try:
        message = parse_from_browser(raw(event))
    except MalformedMessage:
        return None
    return message if isinstance(message, Start) else None


class SoftphoneLeg:
    """`CallLeg` over an accepted websocket whose `start` was read.

    The socket keeps messages in order, and the browser sends silence while it is muted:
    frames are therefore counted to know their time.

    Attributes:
        counters: what went wrong on this line so far.
    """

    def __init__(
        self, start: Start, receive: AsgiReceive, send: AsgiSend, *, lead_ms: int = LEAD_MS
    ) -> None:
        self.call_sid = start.call_sid
        self.caller = start.caller
        self.called: str | None = None
        self.counters = LineCounters()
        self._receive = receive
        self._socket = LineSocket(send, lead_ms)
        self._marks: list[str] = []
        self._began = asyncio.get_running_loop().time()

    async def begin(self) -> None:
        """Tells the browser that its call was taken."""
        await self._write(Begun())

    async def events(self) -> AsyncIterator[LegEvent]:
        """See `CallLeg.events`. A lost connection counts as hung up: nothing brings it back."""
        ended = False
        while not ended:
            event = await self._receive()
            if event["type"] == "websocket.disconnect":
                self._socket.gone()
                break
            for leg_event in self._read(event):
                if isinstance(leg_event, LegEnded):
                    ended = True
                else:
                    yield leg_event
        log.info("softphone_ended", call_sid=self.call_sid, **asdict(self.counters))
        yield LegEnded(clean=True)

    async def send(self, pcm: bytes) -> None:
        """See `CallLeg.send`. A frame that still waited when `clear` came is not sent."""
        await self._socket.put_frame(write(Voice(pcm)))

    async def mark(self, name: str) -> None:
        """See `CallLeg.mark`."""
        self._marks.append(name)
        await self._write(Mark(name))

    async def clear(self) -> None:
        """See `CallLeg.clear`. The browser knows which marks it played, and says so."""
        self._socket.clear()
        await self._write(Clear())

    async def close(self, code: int = 1000) -> None:
        """See `CallLeg.close`.

        Args:
            code: RFC 6455's status, which the page puts into words.
        """
        await self._socket.close(code)

    async def _write(self, message: ToBrowser) -> None:
        await self._socket.put(write(message))

    def _read(self, event: AsgiEvent) -> Iterator[LegEvent]:
        try:
            message = parse_from_browser(raw(event))
        except MalformedMessage:
            self.counters.malformed += 1
            return
        match message:
            case Voice(pcm):
                yield from self._audio(pcm)
            case KeyPressed(digit):
                yield Key(digit)
            case Mark(name, cleared):
                yield from self._mark_back(name, cleared=cleared)
            case Stop():
                yield LegEnded(clean=True)
            case Start():
                self.counters.unexpected += 1

    def _audio(self, pcm: bytes) -> Iterator[Audio]:
        at_ms = self.counters.frames * FRAME_MS
        elapsed = asyncio.get_running_loop().time() - self._began
        if at_ms / 1000 > elapsed + _EARLY_S:
            self.counters.unexpected += 1
            return
        self.counters.frames += 1
        yield Audio(pcm, at_ms)

    def _mark_back(self, name: str, *, cleared: bool) -> Iterator[MarkReached]:
        if name not in self._marks:
            self.counters.unexpected += 1
            return
        self._marks.remove(name)
        yield MarkReached(name, cleared=cleared)
