"""Which work of an engine comes first, when several calls want it at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

T = TypeVar("T")


class Rank(IntEnum):
    """The recogniser's work. What is more urgent comes first; equals in the order of coming.

    Attributes:
        FINAL: a caller waits for it.
        ALONG: the engine keeps up with a caller who speaks.
        EARLY: a reading in a pause; the turn may go on, and then it was for nothing.
        WORDS: nobody waits: when which word was said.
        BESIDE: two people talk with each other, and nobody waits for the transcript.
    """

    FINAL = 0
    ALONG = 1
    EARLY = 2
    WORDS = 3
    BESIDE = 4


@dataclass(slots=True, eq=False)
class _Waiting:
    rank: float
    step: Callable[[], Any]
    result: Future[Any]


def _untold(_change: int) -> None:
    """Nobody counts."""


class RankedPool:
    """Threads that always take the most urgent work that waits. Any thread may ask.

    Args:
        threads: does the work; as many at a time as the engine serves.
        told: told 1 for each piece of work as it comes, -1 as it ends.
    """

    def __init__(self, threads: Executor, told: Callable[[int], None] = _untold) -> None:
        self._threads = threads
        self._told = told
        self._lock = threading.Lock()
        self._waiting: list[_Waiting] = []

    def waiting(self) -> int:
        """How many pieces of work wait for a thread."""
        with self._lock:
            return len(self._waiting)

    def submit(self, rank: float, step: Callable[[], T]) -> Future[T]:
        """Has the step done, the lowest rank first; it may be cancelled until it is begun."""
        result: Future[T] = Future()
        self._told(1)
        result.add_done_callback(lambda _done: self._told(-1))
        with self._lock:
            self._waiting.append(_Waiting(rank, step, result))
        self._threads.submit(self._do_first)
        return result

    def promote(self, result: Future[Any], rank: float) -> None:
        """Makes work that still waits as urgent as `rank`, if it is not so already."""
        with self._lock:
            for one in self._waiting:
                if one.result is result:
                    one.rank = min(one.rank, rank)

    def _do_first(self) -> None:
        with self._lock:
            # The list is in the order of coming, and `min` gives the first of equals.
            first = min(self._waiting, key=lambda one: one.rank)
            self._waiting.remove(first)
        if not first.result.set_running_or_notify_cancel():
            return
        try:
            found = first.step()
        except BaseException as error:
            first.result.set_exception(error)
            if not isinstance(error, Exception):
                raise
        else:
            first.result.set_result(found)
