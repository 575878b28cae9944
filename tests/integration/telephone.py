"""A real server on a free port, for calls by the simulator."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from api.app import create_app
from api.asgi import Application
from api.config import Settings
from api.fork import ForkApp
from api.media import HandleCall, MediaApp
from api.metrics import Metrics
from api.serve import Server, make_server
from api.stream_token import StreamTokens
from api.telephony import blueprint
from api.twilio_signature import SignatureCheck
from tests.fakes import MemoryCallRecords, MemoryUsedTokens
from voice.legs.fork import ForkLeg
from voice.legs.simulated_fork import Bridge
from voice.legs.simulated_line import Faults
from voice.legs.simulator import PhoneCall


@dataclass(frozen=True, slots=True)
class Desk:
    """A running server."""

    url: str
    secret: str
    records: MemoryCallRecords
    media: MediaApp
    server: Server
    forks: StreamTokens

    def call(
        self,
        *,
        faults: Faults | None = None,
        dial_status: str = "completed",
        bridge: Bridge | None = None,
    ) -> PhoneCall:
        return PhoneCall(
            base_url=self.url,
            secret=self.secret,
            faults=faults,
            dial_status=dial_status,
            bridge=bridge,
        )


@asynccontextmanager
async def running_desk(
    home: Path,
    handle_call: HandleCall,
    hear_fork: Callable[[ForkLeg], Coroutine[Any, Any, None]] | None = None,
) -> AsyncIterator[Desk]:
    """The telephone's doors around `handle_call`, served until the block ends."""
    config = Settings(data=home, home=home, port=_free_port(), clerk_number="+862155550111")
    records = MemoryCallRecords()
    tokens = StreamTokens(config.secret(), MemoryUsedTokens())
    signature = SignatureCheck(config.secret(), config.base_url)
    metrics = Metrics()
    door = blueprint(
        config, records=records, tokens=tokens, signature=signature, now=lambda: datetime.now(UTC)
    )
    media = MediaApp(
        handle_call,
        tokens=tokens,
        signature=signature,
        metrics=metrics,
        now=lambda: datetime.now(UTC),
    )
    forks = None
    if hear_fork is not None:
        forks = ForkApp(
            hear_fork,
            tokens=tokens,
            signature=signature,
            metrics=metrics,
            now=lambda: datetime.now(UTC),
        )
    web = create_app([door], checks={}, metrics=metrics)
    app = Application(media=media, forks=forks, web=web)
    server = make_server(app, host=config.host, port=config.port, drain_s=1)
    running = asyncio.create_task(server.serve())
    await server.ready.wait()
    try:
        yield Desk(config.base_url, config.secret(), records, media, server, tokens)
    finally:
        server.should_exit = True
        await running


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
