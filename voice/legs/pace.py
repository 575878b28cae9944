"""How fast audio is sent to a line (pure), and the socket that lines are served on."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from voice.ports import FRAME_MS

#: One event of the ASGI websocket interface.
AsgiEvent = MutableMapping[str, Any]
AsgiReceive = Callable[[], Awaitable[AsgiEvent]]
AsgiSend = Callable[[AsgiEvent], Awaitable[None]]

#: How far ahead of real time audio is sent: enough for the network's jitter and a busy event
#: loop, and little enough that what a `clear` may come too late for is short.
LEAD_MS = 200


class Pace:
    """When the next frame is due, so that the line holds `lead_ms` of audio (pure; seconds)."""

    def __init__(self, lead_ms: int = LEAD_MS) -> None:
        self._lead = lead_ms / 1000
        self._until = 0.0

    def wait(self, now: float) -> float:
        """Seconds until the next frame may be sent."""
        return max(0.0, self._until - self._lead - now)

    def sent(self, now: float) -> None:
        """A frame was sent: the line plays it after what it holds."""
        self._until = max(self._until, now) + FRAME_MS / 1000

    def clear(self) -> None:
        """The line holds nothing any more."""
        self._until = 0.0
