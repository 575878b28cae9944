"""Calls in progress that a person of the desk listens to: both sides, a moment late."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import numpy as np

from voice.ports import FRAME_MS, LINE_HZ, Records

#: The assistant's frames are told up to a tick of the call late; both sides wait for them.
DELAY_MS = 240
#: What a listener may lag behind, in frames: 2 s. Older ones are left out.
_MOST_WAITING = 2_000 // FRAME_MS
_FRAME = LINE_HZ * FRAME_MS // 1000
_HELD_MS = 2_000


class Mixer:
    """Both sides in one: the caller's frames give the beat.

    Args:
        tell: told each mixed frame, 20 ms of 8 kHz 16-bit mono PCM.
    """

    def __init__(self, tell: Callable[[bytes], None]) -> None:
        self._tell = tell
        self._begin = 0
        self._window = np.zeros(0, np.int32)

    def caller(self, at_ms: int, pcm: bytes) -> None:
        """Takes the caller's frame and gives what was said `DELAY_MS` before it."""
        if at_ms * LINE_HZ // 1000 > self._begin + _samples(_HELD_MS):
            # The line was silent, or the listening begins within the call.
            self._begin, self._window = _samples(at_ms - DELAY_MS), np.zeros(0, np.int32)
        self.assistant(at_ms, pcm)
        while self._begin + _FRAME <= _samples(at_ms + FRAME_MS - DELAY_MS):
            self._window = _padded(self._window, _FRAME)
            mixed = np.clip(self._window[:_FRAME], -32768, 32767)
            self._window, self._begin = self._window[_FRAME:], self._begin + _FRAME
            self._tell(mixed.astype("<i2").tobytes())

    def assistant(self, at_ms: int, pcm: bytes) -> None:
        """Places a frame; what comes too late or far too early is left out."""
        samples = np.frombuffer(pcm, "<i2")
        start = _samples(at_ms) - self._begin
        if 0 <= start <= _samples(_HELD_MS):
            self._window = _padded(self._window, start + len(samples))
            self._window[start : start + len(samples)] += samples


class Switchboard:
    """The calls of this process that can be listened to. Used from its event loop only."""

    def __init__(self) -> None:
        self._calls: dict[str, Overheard] = {}

    def open(self, call_sid: str, records: Records) -> Overheard:
        """Has a call be listened to from now until its records are closed."""
        call = Overheard(records, lambda: self._over(call_sid, call))
        self._calls[call_sid] = call
        return call

    def _over(self, call_sid: str, call: Overheard) -> None:
        """Forgets a call, unless its next part has begun: the assistant left, a person talks."""
        if self._calls.get(call_sid) is call:
            del self._calls[call_sid]

    def find(self, call_sid: str) -> Overheard | None:
        """A call that is in progress in this process."""
        return self._calls.get(call_sid)


class Overheard:
    """Keeps a call's sides in its records, and lets listeners hear them."""

    def __init__(self, records: Records, ended: Callable[[], object]) -> None:
        self._records = records
        self._ended = ended
        self._loop = asyncio.get_running_loop()
        self._ears: set[asyncio.Queue[bytes | None]] = set()
        self._mixer = Mixer(self._tell)

    def caller(self, at_ms: int, pcm: bytes) -> None:
        """See `Records.caller`."""
        self._records.caller(at_ms, pcm)
        if self._ears:
            self._mixer.caller(at_ms, pcm)

    def assistant(self, at_ms: int, pcm: bytes) -> None:
        """See `Records.assistant`."""
        self._records.assistant(at_ms, pcm)
        if self._ears:
            self._mixer.assistant(at_ms, pcm)

    def close(self) -> None:
        """Ends the listening, and closes the records. May be called from another thread."""
        self._loop.call_soon_threadsafe(self._hang_up)
        self._records.close()

    @contextmanager
    def listening(self) -> Iterator[asyncio.Queue[bytes | None]]:
        """The frames from now on; None once the call is over."""
        ear: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._ears.add(ear)
        try:
            yield ear
        finally:
            self._ears.discard(ear)

    def _hang_up(self) -> None:
        self._ended()
        for ear in self._ears:
            ear.put_nowait(None)

    def _tell(self, frame: bytes) -> None:
        for ear in self._ears:
            if ear.qsize() < _MOST_WAITING:
                ear.put_nowait(frame)


def _samples(ms: int) -> int:
    return ms * LINE_HZ // 1000


def _padded(
    window: np.ndarray[tuple[int], np.dtype[np.int32]], length: int
) -> np.ndarray[tuple[int], np.dtype[np.int32]]:
    missing = length - len(window)
    return np.pad(window, (0, missing)) if missing > 0 else window
