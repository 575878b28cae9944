"""How many calls the processes can serve together, and what each tells the others of itself."""

from __future__ import annotations

import asyncio
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

import structlog

from models.errors import ExternalError
from models.store import Store

log = structlog.get_logger(__name__)

#: How often a process says how it stands, seconds; far below `PRESUMED_DEAD`.
_BEAT_S = 2.0


class Serves(Protocol):
    """What is told of a process that serves calls."""

    live: int
    most: int

    @property
    def draining(self) -> bool:
        """Whether no new call is let in any more."""


def has_room(store: Store, now: datetime) -> bool:
    """Whether another call can be served somewhere.

    Also true while nothing is known, such as with an unreachable database: a call that is let
    in in vain is still asked after by `/voice/after`.
    """
    try:
        with store.reading() as uow:
            room = uow.line.room(now)
    except ExternalError:
        return True
    return room is None or room > 0


class Beat:
    """Says every two seconds how many calls this process serves, until it is cancelled."""

    def __init__(self, store: Store, serves: Serves, now: Callable[[], datetime]) -> None:
        self._store = store
        self._serves = serves
        self._now = now
        self._id = f"{socket.gethostname()}-{os.getpid()}-{secrets.token_hex(4)}"

    async def run(self) -> None:
        """Never returns."""
        try:
            while True:
                await asyncio.to_thread(self._beat)
                await asyncio.sleep(_BEAT_S)
        finally:
            await asyncio.shield(asyncio.to_thread(self._leave))

    def _beat(self) -> None:
        serves = self._serves
        try:
            with self._store.unit() as uow:
                uow.line.beat(
                    self._id,
                    live=serves.live,
                    most=serves.most,
                    draining=serves.draining,
                    at=self._now(),
                )
                uow.commit()
        except ExternalError as error:
            log.error("beat_missed", error=type(error).__name__)

    def _leave(self) -> None:
        with suppress(ExternalError), self._store.unit() as uow:
            uow.line.leave(self._id)
            uow.commit()
