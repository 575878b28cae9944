"""The sending side of a line that is an accepted ASGI websocket."""

from __future__ import annotations

import asyncio

from voice.legs.pace import LEAD_MS, AsgiEvent, AsgiSend, Pace


class LineSocket:
    """Sends at the pace of speech; what cannot be sent any more is dropped.

    Attributes:
        closed: whether this side closed the line.
    """

    def __init__(self, send: AsgiSend, lead_ms: int = LEAD_MS) -> None:
        self.closed = False
        self._send = send
        self._pace = Pace(lead_ms)
        self._cleared = 0
        self._writable = True

    async def put(self, message: str | bytes) -> None:
        """Sends a message at once."""
        kind = "bytes" if isinstance(message, bytes) else "text"
        await self._put({"type": "websocket.send", kind: message})

    async def put_frame(self, message: str | bytes) -> None:
        """Sends 20 ms of audio when it is due, unless `clear` comes first."""
        loop = asyncio.get_running_loop()
        cleared = self._cleared
        if (wait := self._pace.wait(loop.time())) > 0:
            await asyncio.sleep(wait)
        if cleared == self._cleared:
            self._pace.sent(loop.time())
            await self.put(message)

    def clear(self) -> None:
        """Drops the frame that waits; the line holds nothing any more."""
        self._cleared += 1
        self._pace.clear()

    async def close(self, code: int) -> None:
        """Closes the line once, with a status of RFC 6455."""
        if not self.closed:
            self.closed = True
            await self._put({"type": "websocket.close", "code": code})
            self.gone()

    def gone(self) -> None:
        """The other side is no longer there."""
        self._writable = False

    async def _put(self, event: AsgiEvent) -> None:
        if not self._writable:
            return
        try:
            await self._send(event)
        except OSError:  # the reading side tells that the line is gone
            self.gone()


def raw(event: AsgiEvent) -> str | bytes:
    """What a received event carries."""
    text: str | None = event.get("text")
    return text if text is not None else event.get("bytes") or b""
