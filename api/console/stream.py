"""Server-sent events: a browser is told which calls in progress have changed, and no more.

One poller a process looks at the database, and only while somebody watches; browsers then ask
for the fragments they show. The stream carries no caller's data, only calls' SIDs. It is an
ASGI application of its own: a browser that waits must not hold one of the threads that answer
pages.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import structlog
from flask import Flask

from api.console.context import Context
from api.console.cookies import user_of_cookie
from models.desk.running import LIVE_FOR
from models.errors import ExternalError
from models.store import Store
from voice.legs.pace import AsgiReceive, AsgiSend

log = structlog.get_logger(__name__)

PATH = "/console/live/events"
#: How often the database is looked at; half of it is the usual delay of what is shown.
POLL_S = 0.5
#: A comment in this time keeps proxies from closing a quiet stream.
_KEEP_ALIVE_S = 15.0
#: Then the browser connects again by itself, and its session is looked at again.
_LONGEST_S = 600.0
_HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]

Pulse = Callable[[], Mapping[str, str]]


def may_watch(app: Flask, context: Context, cookie: str) -> bool:
    """Whether a browser with this `Cookie` header belongs to somebody who may see calls."""
    return user_of_cookie(app, context, cookie) is not None


def live_pulse(store: Store, now: Callable[[], datetime]) -> Mapping[str, str]:
    """See `Board.pulse`."""
    at = now()
    with store.reading() as uow:
        return uow.board.pulse(at - LIVE_FOR, at)


class LiveStream:
    """The stream's address, and the poller behind it.

    Args:
        enter: whether the sender of a `Cookie` header may watch.
        pulse: the calls in progress, each with a text that changes with it.
    """

    def __init__(self, *, enter: Callable[[str], bool], pulse: Pulse) -> None:
        self._enter = enter
        self._pulse = pulse
        self._watchers: set[_Watcher] = set()
        self._poller: asyncio.Task[None] | None = None
        self._known: Mapping[str, str] = {}

    async def __call__(
        self, scope: Mapping[str, Any], receive: AsgiReceive, send: AsgiSend
    ) -> None:
        """See the ASGI specification."""
        headers = {bytes(name): bytes(value) for name, value in scope["headers"]}
        cookie = headers.get(b"cookie", b"").decode("latin-1")
        try:
            allowed = await asyncio.to_thread(self._enter, cookie)
        except ExternalError:
            allowed = False
        if not allowed:
            await send({"type": "http.response.start", "status": 403, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
        await self._watch(receive, send)

    async def _watch(self, receive: AsgiReceive, send: AsgiSend) -> None:
        watcher = _Watcher()
        # What changed since the page was made is not known: it looks at everything once.
        watcher.note(set(self._known))
        self._watchers.add(watcher)
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll())
        gone = asyncio.create_task(_left(receive))
        telling = asyncio.create_task(watcher.tell(send))
        try:
            await asyncio.wait({gone, telling}, timeout=_LONGEST_S, return_when="FIRST_COMPLETED")
        finally:
            self._watchers.discard(watcher)
            for task in (gone, telling):
                task.cancel()
            await asyncio.gather(gone, telling, return_exceptions=True)
        if not gone.done() or gone.cancelled():
            await send({"type": "http.response.body", "body": b""})

    async def _poll(self) -> None:
        """Tells the watchers what changes, until there are none."""
        while self._watchers:
            try:
                now = await asyncio.to_thread(self._pulse)
            except ExternalError as error:
                log.warning("live_calls_unknown", error=type(error).__name__)
            else:
                changed = _changed(self._known, now)
                for watcher in self._watchers if changed else ():
                    watcher.note(changed)
                self._known = now
            await asyncio.sleep(POLL_S)


class _Watcher:
    """One browser. What it was not told yet is kept once, however slow it is."""

    def __init__(self) -> None:
        self._news: set[str] = set()
        self._wake = asyncio.Event()

    def note(self, changed: set[str]) -> None:
        """Has the browser be told."""
        self._news |= changed
        self._wake.set()

    async def tell(self, send: AsgiSend) -> None:
        """Tells until the browser leaves."""
        await _write(send, "retry: 2000\n\n")
        while True:
            try:
                await asyncio.wait_for(self._wake.wait(), _KEEP_ALIVE_S)
            except TimeoutError:
                await _write(send, ": quiet\n\n")
                continue
            self._wake.clear()
            news, self._news = self._news, set()
            names = ["calls", *(f"call-{sid}" for sid in sorted(news))]
            await _write(send, "".join(f"event: {name}\ndata: 1\n\n" for name in names))


def _changed(before: Mapping[str, str], now: Mapping[str, str]) -> set[str]:
    """Calls that began, changed or ended."""
    return {sid for sid in before.keys() | now.keys() if before.get(sid) != now.get(sid)}


async def _left(receive: AsgiReceive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: AsgiSend, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})
