"""A recording that cannot fail a call: without a place to write, the call goes on unrecorded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import structlog

from models.errors import ExternalError
from voice.ports import Records

log = structlog.get_logger(__name__)


class Abandons(Records, Protocol):
    """A recorder that may fail."""

    def abandon(self) -> None:
        """Lets go of a file that cannot be written any more."""


class GuardedRecorder:
    """Passes audio on to a recorder until that fails, as on a full disk; never raises.

    Args:
        begin: makes the recorder.
        failed: told once when it fails.
    """

    def __init__(self, begin: Callable[[], Abandons], failed: Callable[[], None]) -> None:
        self._failed = failed
        self._recorder: Abandons | None = None
        try:
            self._recorder = begin()
        except ExternalError as error:
            self._give_up(error)

    def caller(self, at_ms: int, pcm: bytes) -> None:
        """See `Records.caller`."""
        if self._recorder is not None:
            self._guarded(lambda recorder: recorder.caller(at_ms, pcm))

    def assistant(self, at_ms: int, pcm: bytes) -> None:
        """See `Records.assistant`."""
        if self._recorder is not None:
            self._guarded(lambda recorder: recorder.assistant(at_ms, pcm))

    def close(self) -> None:
        """See `Records.close`."""
        self._guarded(lambda recorder: recorder.close())

    def _guarded(self, act: Callable[[Abandons], None]) -> None:
        if self._recorder is None:
            return
        try:
            act(self._recorder)
        except (ExternalError, OSError) as error:
            self._recorder.abandon()
            self._recorder = None
            self._give_up(error)

    def _give_up(self, error: Exception) -> None:
        log.error("call_not_recorded", error=type(error).__name__)
        self._failed()
