"""A call that we only hear: both tracks of a Twilio stream begun by `<Start>`.

Source: Twilio's documentation, "TwiML Voice: Stream" (`track="both_tracks"`) and "Media Streams -
WebSocket Messages". Such a stream has one direction: nothing is sent to the caller.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import asdict

import structlog

from voice.audio import mulaw_to_pcm
from voice.legs.line_socket import LineSocket, raw
from voice.legs.ordering import InOrder, LineCounters, Timeline
from voice.legs.pace import AsgiReceive, AsgiSend
from voice.legs.twilio_codec import (
    MalformedMessage,
    Media,
    Stop,
    StreamStart,
    Track,
    parse_from_twilio,
)
from voice.ports import Audio, LegEnded

log = structlog.get_logger(__name__)


class ForkLeg:
    """Both tracks over an accepted websocket whose `start` was read.

    Twilio does not say whether `chunk` counts the messages of one track or of both, so messages
    are put in order by `sequenceNumber`, which counts them all, and each track is kept in time
    by its own time stamps. Both tracks' times begin with the stream.

    Attributes:
        counters: what went wrong on this line so far.
    """

    def __init__(self, start: StreamStart, receive: AsgiReceive, send: AsgiSend) -> None:
        self.call_sid = start.call_sid
        self.counters = LineCounters()
        self._receive = receive
        self._socket = LineSocket(send)
        self._order = InOrder[Media | None](self.counters)
        self._lines: dict[Track, Timeline] = {
            "inbound": Timeline(self.counters, 0),
            "outbound": Timeline(self.counters, 0),
        }
        self._sequence = start.sequence
        # `start` has the place before the first media.
        list(self._order.take(start.sequence, None))

    async def events(self) -> AsyncIterator[tuple[Track, Audio] | LegEnded]:
        """What either side says, and at last how the stream ended.

        A stream that ends without Twilio's `stop` is not clean.
        """
        ended: LegEnded | None = None
        while ended is None:
            event = await self._receive()
            if event["type"] == "websocket.disconnect":
                ended = LegEnded(clean=self._socket.closed)
                break
            for one in self._read(raw(event)):
                if isinstance(one, LegEnded):
                    ended = one
                else:
                    yield one
        self._socket.gone()
        for media in self._order.rest():
            for one in self._placed(media):
                yield one
        log.info("fork_ended", call_sid=self.call_sid, clean=ended.clean, **asdict(self.counters))
        yield ended

    async def close(self, code: int = 1000) -> None:
        """Ends the stream from our side; the call goes on without."""
        await self._socket.close(code)

    def _read(self, text: str | bytes) -> Iterator[tuple[Track, Audio] | LegEnded]:
        try:
            message = parse_from_twilio(text)
        except MalformedMessage:
            self.counters.malformed += 1
            return
        sequence = getattr(message, "sequence", None)
        if sequence is None or isinstance(message, StreamStart):
            self.counters.unexpected += 1
            return
        if sequence > self._sequence:
            self.counters.sequence_gaps += sequence - self._sequence - 1
            self._sequence = sequence
        # Keys and marks have their place in the order, and nothing to be heard.
        heard = message if isinstance(message, Media) else None
        for media in self._order.take(sequence, heard):
            yield from self._placed(media)
        if isinstance(message, Stop):
            yield LegEnded(clean=True)

    def _placed(self, media: Media | None) -> Iterator[tuple[Track, Audio]]:
        if media is not None:
            pcm = mulaw_to_pcm(media.payload)
            for audio in self._lines[media.track].place(media.timestamp_ms, pcm):
                yield media.track, audio
