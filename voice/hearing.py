"""Recognition of one utterance while it is spoken, off the event loop."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

from models.call import Word
from nlp.meaning import Expectation
from voice.ports import Hypothesis, Recognizer, Stream
from voice.ranked import Rank, RankedPool

_T = TypeVar("_T")

#: Audio is handed to the engine in pieces of 200 ms: 8 samples/ms x 2 bytes.
_PIECE_BYTES = 200 * 16


class Hearing:
    """Feeds one utterance to the recogniser and asks for its reading, in order.

    Every step waits for the one before, so that the stream is never used by two threads.

    Args:
        from_ms: where the utterance's first frame is in the call.
    """

    def __init__(
        self, recognizer: Recognizer, expectation: Expectation, pool: RankedPool, from_ms: int = 0
    ) -> None:
        self._recognizer = recognizer
        self._from_ms = from_ms
        self._expectation = expectation
        self._pool = pool
        self._stream: Stream | None = None
        self._heard = bytearray()
        self._fed = 0
        self._last: asyncio.Future[Any] | None = None
        self._submitted: Future[Any] | None = None
        self._most = Rank.WORDS
        self._goes_on = 0

    def feed(self, pcm: bytes) -> None:
        """Takes the next frame; the engine gets it with the next piece."""
        self._heard += pcm
        if len(self._heard) - self._fed >= _PIECE_BYTES and self._free():
            self._last = self._next(Rank.ALONG, self._advance)

    def read(self, *, early: bool = False) -> asyncio.Future[Sequence[Hypothesis]]:
        """A reading of everything fed so far, in the language it was spoken in.

        Args:
            early: the caller may go on: see `go_on` and `hurry`.
        """
        reading = self._next(
            Rank.EARLY if early else Rank.FINAL, partial(self._finish, self._goes_on)
        )
        self._last = reading
        return reading

    def go_on(self) -> None:
        """The caller went on: an early reading that was not begun gives nothing, at no cost."""
        self._goes_on += 1
        if self._submitted is not None:
            # It is over at once, and what comes after it need not wait for its turn.
            self._pool.promote(self._submitted, Rank.FINAL)

    def hurry(self) -> None:
        """The turn is over: what was asked for early is waited for now."""
        self._most = Rank.FINAL
        if self._submitted is not None:
            self._pool.promote(self._submitted, Rank.FINAL)

    def words(self) -> asyncio.Future[Sequence[Word]]:
        """The words of the last reading, at their times in the call."""
        self._most = Rank.WORDS
        timing = self._next(Rank.WORDS, self._words)
        self._last = timing
        return timing

    def _words(self) -> Sequence[Word]:
        shift = self._from_ms
        return [
            replace(word, started_ms=word.started_ms + shift, ended_ms=word.ended_ms + shift)
            for word in self._opened().words()
        ]

    def _free(self) -> bool:
        return self._last is None or self._last.done()

    def _next(self, rank: Rank, step: Callable[[], _T]) -> asyncio.Future[_T]:
        before = None if self._free() else self._last
        result = asyncio.ensure_future(self._after(before, rank, step))
        result.add_done_callback(_seen)
        return result

    async def _after(
        self, before: asyncio.Future[Any] | None, rank: Rank, step: Callable[[], _T]
    ) -> _T:
        if before is not None:
            await asyncio.wait([before])
        submitted = self._pool.submit(min(rank, self._most), step)
        self._submitted = submitted
        return await asyncio.wrap_future(submitted)

    def _advance(self) -> None:
        self._feed(self._opened())

    def _finish(self, when: int) -> Sequence[Hypothesis]:
        if when != self._goes_on:
            return ()
        stream = self._opened()
        self._feed(stream)
        found = stream.finish()
        spoken = found[0].lang if found else None
        if spoken is None or spoken == self._expectation.lang:
            return found
        # The caller speaks the other language: read everything again in that one, and stay.
        self._expectation = replace(self._expectation, lang=spoken)
        self._stream = self._recognizer.open(self._expectation)
        self._fed = 0
        self._feed(self._stream)
        return self._stream.finish()

    def _opened(self) -> Stream:
        if self._stream is None:
            self._stream = self._recognizer.open(self._expectation)
        return self._stream

    def _feed(self, stream: Stream) -> None:
        end = len(self._heard)
        stream.feed(bytes(self._heard[self._fed : end]))
        self._fed = end


def _seen(result: asyncio.Future[Any]) -> None:
    """Notes a failure that nobody waits for: the next reading meets and tells it again."""
    if not result.cancelled():
        result.exception()
