"""The call's transcript while it grows: one turn for everything said, by either side."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace

import structlog

from models.call import Turn, Word
from models.errors import ExternalError
from nlp.dialogue.actions import Say

log = structlog.get_logger(__name__)

#: How often a turn that could not be stored is tried again, seconds, and how often at most.
_PAUSE_S = 1.0
_TRIES = 600


async def keep_turn(put: Callable[[Turn], None], turn: Turn) -> None:
    """Stores a turn; a store that cannot be used is asked again and again.

    Args:
        put: stores it; blocking, called in a thread.
    """
    for tried in range(_TRIES):
        try:
            await asyncio.to_thread(put, turn)
        except ExternalError as error:
            if tried == 0:
                log.error("turn waits for the store", error=type(error).__name__)
            await asyncio.sleep(_PAUSE_S)
        else:
            return
    log.error("turn lost", index=turn.index, at_ms=turn.started_ms)


class Transcript:
    """Numbers the turns and writes them, in order, without holding up the call.

    A store that cannot be used is asked again and again; the turns wait meanwhile.

    Args:
        put: stores one turn, new or changed; blocking, called in a thread.
    """

    def __init__(self, put: Callable[[Turn], None]) -> None:
        self._put = put
        self._next = 0
        self._open: dict[str, Turn] = {}
        self._untimed: dict[int, Turn] = {}
        self._queue: asyncio.Queue[Turn] = asyncio.Queue()
        self._writing: asyncio.Future[None] | None = None

    def start_from(self, index: int) -> None:
        """Goes on after the turns of an earlier connection of this call."""
        self._next = index

    def say_started(self, say: Say, at_ms: int) -> None:
        """The assistant begins to speak."""
        turn = Turn(
            index=self._take_index(),
            speaker="assistant",
            text=say.text,
            started_ms=at_ms,
            prompt=say.prompt,
            order_version=say.order_version,
            values=say.values,
        )
        self._open[say.id] = turn
        self._queue.put_nowait(turn)

    def say_ended(self, say: Say, at_ms: int, heard_ratio: float) -> None:
        """The assistant's turn is over; one that never began leaves no trace."""
        turn = self._open.pop(say.id, None)
        if turn is not None:
            self._queue.put_nowait(replace(turn, ended_ms=at_ms, heard_ratio=heard_ratio))

    def caller(self, text: str, *, started_ms: int, ended_ms: int, confidence: float) -> int:
        """A finished turn of the caller.

        Returns:
            Its index.
        """
        turn = Turn(
            index=self._take_index(),
            speaker="caller",
            text=text,
            started_ms=started_ms,
            ended_ms=ended_ms,
            confidence=confidence,
        )
        self._queue.put_nowait(turn)
        self._untimed[turn.index] = turn
        return turn.index

    def timed(self, index: int, words: Sequence[Word]) -> None:
        """The words of a caller's turn with their times, once these are known."""
        turn = self._untimed.pop(index, None)
        if turn is not None and words:
            self._queue.put_nowait(replace(turn, words=tuple(words)))

    async def run(self) -> None:
        """Writes until cancelled."""
        while True:
            turn = await self._queue.get()
            self._writing = asyncio.ensure_future(keep_turn(self._put, turn))
            # Cancelled or not, the write goes on; `close` waits for it.
            await asyncio.shield(self._writing)

    async def close(self, at_ms: int) -> None:
        """Ends open turns where they were cut, and writes what is left after `run`'s last."""
        if self._writing is not None and not self._writing.done():
            await self._writing
        for turn in self._open.values():
            self._queue.put_nowait(replace(turn, ended_ms=at_ms, heard_ratio=0.0))
        self._open.clear()
        while not self._queue.empty():
            await keep_turn(self._put, self._queue.get_nowait())

    def _take_index(self) -> int:
        index = self._next
        self._next += 1
        return index
