"""Threads that tell how much waits for them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


class CountedPool(ThreadPoolExecutor):
    """A pool of threads that tells `told` of each piece of work: 1 as it comes, -1 as it ends."""

    def __init__(self, threads: int, name: str, told: Callable[[int], None]) -> None:
        super().__init__(threads, name)
        self._told = told

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """See `concurrent.futures.Executor.submit`."""
        future = super().submit(fn, *args, **kwargs)
        self._told(1)
        future.add_done_callback(lambda _done: self._told(-1))
        return future
