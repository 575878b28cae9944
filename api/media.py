"""The media socket: lets Twilio's streams in and hands each to a call session."""

from __future__ import annotations

import asyncio
import traceback
from collections.abc import Callable, Coroutine, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

import structlog

from api.metrics import Metrics
from api.stream_token import StreamTokens
from api.twilio_signature import SIGNATURE_HEADER, SignatureCheck
from models.errors import ExternalError
from voice.legs.ordering import LineCounters
from voice.legs.pace import AsgiReceive, AsgiSend
from voice.legs.twilio import TwilioLeg, read_start
from voice.legs.twilio_codec import StreamStart
from voice.ports import CallLeg

log = structlog.get_logger(__name__)

PATH = "/voice/stream"
#: Serves one call until it is over. What it raises ends the stream, and Twilio asks
#: `/voice/after` what to do.
HandleCall = Callable[[CallLeg, StreamStart], Coroutine[Any, Any, None]]

#: Twilio sends `start` right after the socket opens.
_START_PATIENCE_S = 10.0
#: Close codes of our own, in the range that RFC 6455 leaves to applications.
_NO_START, _NO_TOKEN = 4400, 4403
_FAILED, _BUSY = 1011, 1013
#: Calls of a process whose capacity nobody set. See docs/operators.md for what was measured.
DEFAULT_MOST = 100


class ServedLeg(Protocol):
    """What serving a call needs of its line."""

    call_sid: str
    counters: LineCounters

    async def close(self, code: int = 1000) -> None:
        """Ends the line from our side."""


class MediaApp:
    """The ASGI application behind `/voice/stream`.

    A handshake without Twilio's signature is refused with 403 before the socket opens, and one
    that finds no free place with 503, so that a proxy in front may try the next process. A
    stream without a fresh token of its own call is closed with 4403 before anything else
    happens.

    Args:
        most: calls served at a time.

    Attributes:
        live: streams being served.
    """

    def __init__(
        self,
        handle_call: HandleCall,
        *,
        tokens: StreamTokens,
        signature: SignatureCheck,
        metrics: Metrics,
        now: Callable[[], datetime],
        most: int = DEFAULT_MOST,
    ) -> None:
        self.live = 0
        self.most = most
        self._handle_call = handle_call
        self._tokens = tokens
        self._signature = signature
        self._metrics = metrics
        self._now = now
        self._draining = False
        self._idle = asyncio.Event()
        self._idle.set()

    async def __call__(
        self, scope: Mapping[str, Any], receive: AsgiReceive, send: AsgiSend
    ) -> None:
        """Serves one websocket."""
        await receive()  # websocket.connect
        if not self._signed(scope):
            await self.refuse(send, code=1008)
            return
        if self._draining or self.live >= self.most:
            await self._turn_away(scope, send)
            return
        await send({"type": "websocket.accept"})
        start = await self._read_start(receive)
        if start is None:
            await self.refuse(send, code=_NO_START)
        elif not await self._admitted(start):
            await self.refuse(send, code=_NO_TOKEN)
        else:
            await self.serve(*self._answered(start, receive, send))

    def _answered(
        self, start: StreamStart, receive: AsgiReceive, send: AsgiSend
    ) -> tuple[ServedLeg, Coroutine[Any, Any, None]]:
        """The line of a stream that was let in, and what serves it."""
        leg = TwilioLeg(start, receive, send)
        return leg, self._handle_call(leg, start)

    async def serve(self, leg: ServedLeg, talk: Coroutine[Any, Any, None]) -> None:
        """Has a call talked to its end, counted among the live ones, and closes its line."""
        self._began()
        call = asyncio.ensure_future(talk)
        try:
            await asyncio.wait({call})
        finally:
            call.cancel()
            self._ended()
        error = None if call.cancelled() else call.exception()
        if error is not None:
            log.error("call_failed", call_sid=leg.call_sid, **_without_content(error))
        self._metrics.call_ended("failed" if error else "served", leg.counters)
        await leg.close(_FAILED if error else 1000)

    @property
    def draining(self) -> bool:
        """Whether no new call is let in any more."""
        return self._draining

    def drain(self) -> None:
        """Lets no new stream in from now on."""
        self._draining = True

    async def idle(self, within_s: float) -> bool:
        """Whether no stream is left, now or after a wait."""
        try:
            async with asyncio.timeout(within_s):
                await self._idle.wait()
        except TimeoutError:
            return False
        return True

    def _signed(self, scope: Mapping[str, Any]) -> bool:
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        hosts = [headers.get("host", ""), headers.get("x-forwarded-host", "")]
        given = headers.get(SIGNATURE_HEADER.lower(), "")
        return self._signature.socket(scope["path"], hosts, given)

    async def _admitted(self, start: StreamStart) -> bool:
        token = start.parameters.get("token", "")
        sealed = self._ticket(start.call_sid)
        try:
            return await asyncio.to_thread(self._tokens.redeem, token, sealed, self._now())
        except ExternalError as error:
            log.error("token_not_checked", error=type(error).__name__)
            return False

    def _ticket(self, call_sid: str) -> str:
        """What a token of this call is sealed for."""
        return call_sid

    async def _read_start(self, receive: AsgiReceive) -> StreamStart | None:
        try:
            async with asyncio.timeout(_START_PATIENCE_S):
                return await read_start(receive)
        except TimeoutError:
            return None

    async def refuse(self, send: AsgiSend, *, code: int) -> None:
        """Closes a socket that is not let in."""
        self._metrics.stream_refused()
        log.warning("stream_refused", code=code)
        try:
            await send({"type": "websocket.close", "code": code})
        except OSError:
            log.info("refused_stream_gone", code=code)

    async def _turn_away(self, scope: Mapping[str, Any], send: AsgiSend) -> None:
        """Answers a handshake with 503, where the server can; others get a closed socket."""
        if "websocket.http.response" not in scope.get("extensions", {}):
            await self.refuse(send, code=_BUSY)
            return
        self._metrics.stream_refused()
        log.warning("stream_turned_away", live=self.live, draining=self._draining)
        headers = [(b"retry-after", b"2"), (b"content-length", b"0")]
        await send({"type": "websocket.http.response.start", "status": 503, "headers": headers})
        await send({"type": "websocket.http.response.body", "body": b""})

    def _began(self) -> None:
        self.live += 1
        self._idle.clear()
        self._metrics.call_began()

    def _ended(self) -> None:
        self.live -= 1
        if not self.live:
            self._idle.set()


def _without_content(error: BaseException) -> dict[str, str]:
    """What an error is and where it arose: its message may repeat a caller's words."""
    places = traceback.extract_tb(error.__traceback__)
    where = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "unknown"
    return {"error": type(error).__name__, "where": where}
