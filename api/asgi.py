"""One ASGI application on one port: the media socket beside all of HTTP."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager, nullcontext
from typing import Any, cast

from a2wsgi import WSGIMiddleware
from flask import Flask

from api.console.listen_line import PATH as LISTEN_PATH
from api.console.listen_line import ListenLine
from api.console.phone_line import PATH as PHONE_PATH
from api.console.phone_line import PhoneLine
from api.console.stream import PATH as STREAM_PATH
from api.console.stream import LiveStream
from api.fork import PATH as FORK_PATH
from api.media import PATH, MediaApp
from voice.legs.pace import AsgiReceive, AsgiSend

#: Threads that answer HTTP.
_WEB_THREADS = 8


class Application:
    """Joins the two. Either may be absent, when it runs in a process of its own.

    Args:
        media: serves `/voice/stream`.
        web: serves everything else.
        forks: serves `/voice/fork`, in the process that serves `/voice/stream`.
        phone: serves the telephone in the browser.
        listen: lets people of the desk hear calls in progress.
        stream: tells browsers that calls in progress have changed. Apart from `web`, whose
            threads must not be held by browsers that only wait.
        lifespan: entered before the first request and left after the last one: engines are
            warmed up in it, threads and connections given back.
    """

    def __init__(
        self,
        *,
        media: MediaApp | None,
        web: Flask | None,
        forks: MediaApp | None = None,
        phone: PhoneLine | None = None,
        listen: ListenLine | None = None,
        stream: LiveStream | None = None,
        lifespan: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        self.media = media
        self.forks = forks
        self._phone = phone
        self._listen = listen
        self._stream = stream
        self._web = _in_threads(web) if web is not None else None
        self._lifespan = lifespan

    async def __call__(
        self, scope: Mapping[str, Any], receive: AsgiReceive, send: AsgiSend
    ) -> None:
        """See the ASGI specification."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif self._stream is not None and scope["path"] == STREAM_PATH:
            await self._stream(scope, receive, send)
        elif self._web is not None:
            await self._web(scope, receive, send)
        else:
            await _not_found(send)

    async def _socket(self, scope: Mapping[str, Any], receive: AsgiReceive, send: AsgiSend) -> None:
        if self.media is not None and scope["path"].rstrip("/") == PATH:
            await self.media(scope, receive, send)
        elif self.forks is not None and scope["path"].rstrip("/") == FORK_PATH:
            await self.forks(scope, receive, send)
        elif self._phone is not None and scope["path"] == PHONE_PATH:
            await self._phone(scope, receive, send)
        elif self._listen is not None and scope["path"] == LISTEN_PATH:
            await self._listen(scope, receive, send)
        else:
            await receive()
            await send({"type": "websocket.close", "code": 1008})

    async def _live(self, receive: AsgiReceive, send: AsgiSend) -> None:
        await receive()  # lifespan.startup
        async with self._lifespan():
            await send({"type": "lifespan.startup.complete"})
            await receive()  # lifespan.shutdown
        await send({"type": "lifespan.shutdown.complete"})


def _in_threads(web: Flask) -> Callable[..., Awaitable[None]]:
    """Flask as an ASGI application. a2wsgi names the interfaces' types differently."""
    served: Callable[..., Awaitable[None]] = WSGIMiddleware(
        cast(Any, web.wsgi_app), workers=_WEB_THREADS
    )
    return served


async def _not_found(send: AsgiSend) -> None:
    await send({"type": "http.response.start", "status": 404, "headers": []})
    await send({"type": "http.response.body", "body": b""})
