"""Puts the caller's frames in order and keeps them in time (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from voice.ports import FRAME_BYTES, FRAME_MS, Audio, frames

_SILENCE = b"\0" * FRAME_BYTES
#: Frames that wait for a missing one before it is given up: 60 ms of delay, and only then.
_HOLD = 3
#: A gap longer than this is not filled; the line's timestamps still keep the time.
_LONGEST_FILL_MS = 10_000
#: How many given-up chunks are remembered, to tell late frames from duplicates.
_REMEMBERED = 256


@dataclass(slots=True)
class LineCounters:
    """What went wrong on a line, in messages or frames; nothing of what was said.

    Attributes:
        frames: frames of the caller's audio handed on, fillers included.
        filled: frames of silence put in for audio that never came.
        late: frames that came after their place was given up.
        duplicates: messages that came again.
        reordered: frames that came early and waited for their place.
        sequence_gaps: messages missing by sequence number.
        malformed: messages that are not the protocol's.
        unexpected: messages that make no sense at this point, such as an unknown mark.
    """

    frames: int = 0
    filled: int = 0
    late: int = 0
    duplicates: int = 0
    reordered: int = 0
    sequence_gaps: int = 0
    malformed: int = 0
    unexpected: int = 0


class FrameOrder:
    """Frames in, `Audio` out: in the order of `chunk`, in the time of `timestamp_ms`.

    A frame that is missing is waited for while three more come; then silence takes its
    place, as it does wherever the timestamps leap. What was heard therefore stays at its
    time in the recording.
    """

    def __init__(self, counters: LineCounters) -> None:
        self._counters = counters
        self._next_chunk: int | None = None
        self._next_ms: int | None = None
        self._early: dict[int, tuple[int, bytes]] = {}
        self._given_up: set[int] = set()

    def take(self, chunk: int, timestamp_ms: int, pcm: bytes) -> Iterator[Audio]:
        """Whatever is ready after this frame.

        Args:
            chunk: the frame's number, one more for each.
            timestamp_ms: its place in the stream.
            pcm: 8 kHz 16-bit mono, usually one frame.
        """
        if self._next_chunk is None:
            self._next_chunk = chunk
        if chunk < self._next_chunk:
            self._count_past(chunk)
            return
        if chunk in self._early:
            self._counters.duplicates += 1
            return
        self._early[chunk] = (timestamp_ms, pcm)
        if chunk > self._next_chunk:
            self._counters.reordered += 1
        if len(self._early) > _HOLD:
            self._give_up(min(self._early))
        while self._next_chunk in self._early:
            yield from self._place(*self._early.pop(self._next_chunk))
            self._next_chunk += 1

    def _count_past(self, chunk: int) -> None:
        if chunk in self._given_up:
            self._given_up.discard(chunk)
            self._counters.late += 1
        else:
            self._counters.duplicates += 1

    def _give_up(self, until: int) -> None:
        first = max(self._next_chunk or 0, until - _REMEMBERED)
        if len(self._given_up) > _REMEMBERED:
            self._given_up.clear()
        self._given_up.update(range(first, until))
        self._next_chunk = until

    def _place(self, timestamp_ms: int, pcm: bytes) -> Iterator[Audio]:
        yield from self._fill(timestamp_ms)
        for frame in frames(pcm):
            yield self._audio(frame)

    def _fill(self, timestamp_ms: int) -> Iterator[Audio]:
        """Silence up to `timestamp_ms`. Less than a frame's difference is the clock's jitter."""
        if self._next_ms is None:
            self._next_ms = timestamp_ms
        missing = (timestamp_ms - self._next_ms) // FRAME_MS
        if missing * FRAME_MS > _LONGEST_FILL_MS:
            self._next_ms = timestamp_ms
            return
        for _ in range(missing):
            self._counters.filled += 1
            yield self._audio(_SILENCE)

    def _audio(self, frame: bytes) -> Audio:
        at_ms = self._next_ms or 0
        self._next_ms = at_ms + FRAME_MS
        self._counters.frames += 1
        return Audio(frame, at_ms)
