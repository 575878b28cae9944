"""Runs the application on one port, and ends without cutting anyone off."""

from __future__ import annotations

import asyncio
import socket

import uvicorn

from api.asgi import Application
from api.media import MediaApp

#: How long calls may go on after the server was told to stop.
DRAIN_S = 300.0
#: A media message is under 1 KB; four hundred times that is nobody's telephone.
_LARGEST_MESSAGE = 64 * 1024
_PING_S = 20.0
_DRAIN_STEP_S = 0.5
#: Once the last stream has closed, Twilio still asks what follows and reports the end.
_LAST_WEBHOOKS_S = 2.0


class Server(uvicorn.Server):
    """A server that lets live calls end before it stops.

    Meanwhile webhooks are still answered, since the live calls need them; new streams are
    refused, so that their calls reach another process or the spoken apology.

    Attributes:
        ready: set once connections are accepted.
    """

    def __init__(self, config: uvicorn.Config, app: Application, drain_s: float) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()
        self._application = app
        self._drain_s = drain_s

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.startup`."""
        await super().startup(sockets)
        self.ready.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """See `uvicorn.Server.shutdown`; a second interrupt ends the wait."""
        lines = [self._application.media, self._application.forks]
        await asyncio.gather(*(self._drain(one) for one in lines if one is not None))
        await super().shutdown(sockets)

    async def _drain(self, media: MediaApp) -> None:
        busy = media.live > 0
        media.drain()
        for _ in range(round(self._drain_s / _DRAIN_STEP_S)):
            if self.force_exit or await media.idle(_DRAIN_STEP_S):
                break
        if busy and not self.force_exit:
            await asyncio.sleep(_LAST_WEBHOOKS_S)


def make_server(app: Application, *, host: str, port: int, drain_s: float = DRAIN_S) -> Server:
    """The server, not yet running: `run()` serves, `serve()` does so in a running loop.

    Compression is off: audio does not shrink, and each stream would hold its own window.
    """
    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        loop="uvloop",
        http="httptools",
        ws="websockets-sansio",
        ws_max_size=_LARGEST_MESSAGE,
        ws_ping_interval=_PING_S,
        ws_ping_timeout=_PING_S,
        ws_per_message_deflate=False,
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=True,
        timeout_graceful_shutdown=10,
    )
    return Server(config, app, drain_s)
