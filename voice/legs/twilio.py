"""A caller on the telephone, through a Twilio Media Stream on an ASGI websocket."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict, dataclass

import structlog

from voice.audio import mulaw_to_pcm, pcm_to_mulaw
from voice.legs.line_socket import LineSocket, raw
from voice.legs.ordering import FrameOrder, LineCounters
from voice.legs.pace import LEAD_MS, AsgiEvent, AsgiReceive, AsgiSend
from voice.legs.twilio_codec import (
    Clear,
    Dtmf,
    FromTwilio,
    MalformedMessage,
    MarkBack,
    Media,
    Play,
    SetMark,
    Stop,
    StreamStart,
    ToTwilio,
    parse_from_twilio,
    write_to_twilio,
)
from voice.ports import Key, LegEnded, LegEvent, MarkReached

log = structlog.get_logger(__name__)

#: Key presses that are remembered by sequence number, so that none counts twice.
_REMEMBERED_KEYS = 32


@dataclass(slots=True)
class _PendingMark:
    name: str
    cleared: bool = False


async def read_start(receive: AsgiReceive) -> StreamStart | None:
    """The stream's `start`, or None when the socket closes or sends anything else first.

    Only `connected` may come before it.
    """
    for _ in range(2):
        event = await receive()
        if event["type"] != "websocket.receive":
            return None
        try:
            message = parse_from_twilio(raw(event))
        except MalformedMessage:
            return None
        if isinstance(message, StreamStart):
            return message
    return None


class TwilioLeg:
    """`CallLeg` over an accepted websocket whose `start` was read.

    Sending waits its turn, so there is no queue on this side; receiving is as fast as
    `events` is read, and the server stops reading the socket meanwhile.

    Attributes:
        counters: what went wrong on this line so far.
    """

    def __init__(
        self, start: StreamStart, receive: AsgiReceive, send: AsgiSend, *, lead_ms: int = LEAD_MS
    ) -> None:
        self.call_sid = start.call_sid
        self.caller = start.parameters.get("caller") or None
        self.called = start.parameters.get("called") or None
        self.counters = LineCounters()
        self._stream_sid = start.stream_sid
        self._receive = receive
        self._socket = LineSocket(send, lead_ms)
        self._order = FrameOrder(self.counters)
        self._marks: list[_PendingMark] = []
        self._sequence = start.sequence
        self._keys: list[int] = []

    async def events(self) -> AsyncIterator[LegEvent]:
        """See `CallLeg.events`. A line that ends without Twilio's `stop` is not clean."""
        ended: LegEnded | None = None
        while ended is None:
            event = await self._receive()
            if event["type"] == "websocket.disconnect":
                ended = LegEnded(clean=self._socket.closed)
                break
            for leg_event in self._read(event):
                if isinstance(leg_event, LegEnded):
                    ended = leg_event
                else:
                    yield leg_event
        self._socket.gone()
        log.info("line_ended", call_sid=self.call_sid, clean=ended.clean, **asdict(self.counters))
        yield ended

    async def send(self, pcm: bytes) -> None:
        """See `CallLeg.send`. A frame that still waited when `clear` came is not sent."""
        await self._socket.put_frame(write_to_twilio(Play(pcm_to_mulaw(pcm)), self._stream_sid))

    async def mark(self, name: str) -> None:
        """See `CallLeg.mark`."""
        self._marks.append(_PendingMark(name))
        await self._write(SetMark(name))

    async def clear(self) -> None:
        """See `CallLeg.clear`. Marks on their way back count as cleared: nothing proves more."""
        self._socket.clear()
        for mark in self._marks:
            mark.cleared = True
        await self._write(Clear())

    async def close(self, code: int = 1000) -> None:
        """See `CallLeg.close`: Twilio then goes on with the TwiML after `<Connect>`.

        Args:
            code: RFC 6455's status, for whoever reads the network's traces.
        """
        await self._socket.close(code)

    async def _write(self, message: ToTwilio) -> None:
        await self._socket.put(write_to_twilio(message, self._stream_sid))

    def _read(self, event: AsgiEvent) -> Iterator[LegEvent]:
        try:
            message = parse_from_twilio(raw(event))
        except MalformedMessage:
            self.counters.malformed += 1
            return
        self._count_gap(message)
        match message:
            case Media():
                pcm = mulaw_to_pcm(message.payload)
                yield from self._order.take(message.chunk, message.timestamp_ms, pcm)
            case Dtmf():
                yield from self._key(message)
            case MarkBack():
                yield from self._mark_back(message.name)
            case Stop():
                yield LegEnded(clean=True)
            case _:
                self.counters.unexpected += 1

    def _count_gap(self, message: FromTwilio) -> None:
        sequence = getattr(message, "sequence", self._sequence)
        if sequence > self._sequence:
            self.counters.sequence_gaps += sequence - self._sequence - 1
            self._sequence = sequence

    def _key(self, message: Dtmf) -> Iterator[Key]:
        if message.sequence in self._keys:
            self.counters.duplicates += 1
            return
        self._keys = [*self._keys, message.sequence][-_REMEMBERED_KEYS:]
        yield Key(message.digit)

    def _mark_back(self, name: str) -> Iterator[MarkReached]:
        mark = next((mark for mark in self._marks if mark.name == name), None)
        if mark is None:
            self.counters.unexpected += 1
            return
        self._marks.remove(mark)
        yield MarkReached(name, cleared=mark.cleared)
