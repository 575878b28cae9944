"""A circuit breaker: what fails again and again is left alone for a while."""

from __future__ import annotations

import threading
from collections.abc import Callable

_FAILURES = 3
_REST_S = 60.0


class Breaker:
    """Opens after three failures in a row; a minute later lets one attempt through.

    Args:
        clock: monotonic seconds.
    """

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._rests_until = 0.0

    def allows(self) -> bool:
        """Whether to try now."""
        with self._lock:
            if self._failures < _FAILURES:
                return True
            if self._clock() < self._rests_until:
                return False
            # This attempt decides: until it ends, all others wait.
            self._rests_until = self._clock() + _REST_S
            return True

    def succeeded(self) -> None:
        """Notes an answer."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Notes a failure."""
        with self._lock:
            self._failures += 1
            self._rests_until = self._clock() + _REST_S
