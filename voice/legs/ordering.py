"""Puts the caller's frames in order and keeps them in time (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from voice.ports import FRAME_BYTES, FRAME_MS, Audio, frames

_T = TypeVar("_T")

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


class InOrder(Generic[_T]):
    """Things in by number, out in the order of their numbers, each once.

    One that is missing is waited for while three more come, and then given up.
    """

    def __init__(self, counters: LineCounters) -> None:
        self._counters = counters
        self._next: int | None = None
        self._early: dict[int, _T] = {}
        self._given_up: set[int] = set()

    def take(self, number: int, one: _T) -> Iterator[_T]:
        """Whatever is ready after this one."""
        if self._next is None:
            self._next = number
        if number < self._next:
            self._count_past(number)
            return
        if number in self._early:
            self._counters.duplicates += 1
            return
        self._early[number] = one
        if number > self._next:
            self._counters.reordered += 1
        if len(self._early) > _HOLD:
            self._give_up(min(self._early))
        while self._next in self._early:
            yield self._early.pop(self._next)
            self._next += 1

    def rest(self) -> Iterator[_T]:
        """What still waits for a missing one that will not come any more."""
        for number in sorted(self._early):
            yield self._early.pop(number)

    def _count_past(self, number: int) -> None:
        if number in self._given_up:
            self._given_up.discard(number)
            self._counters.late += 1
        else:
            self._counters.duplicates += 1

    def _give_up(self, until: int) -> None:
        first = max(self._next or 0, until - _REMEMBERED)
        if len(self._given_up) > _REMEMBERED:
            self._given_up.clear()
        self._given_up.update(range(first, until))
        self._next = until


class Timeline:
    """Frames in their order in, `Audio` in the time of their stamps out.

    Silence takes the place of what is missing, so that what was heard stays at its time.

    Args:
        begin_ms: silence is filled in from here; None: time begins with the first frame.
    """

    def __init__(self, counters: LineCounters, begin_ms: int | None = None) -> None:
        self._counters = counters
        self._next_ms = begin_ms

    def place(self, timestamp_ms: int, pcm: bytes) -> Iterator[Audio]:
        """The frames of `pcm` (8 kHz 16-bit mono), after the silence before them."""
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


class FrameOrder:
    """One side's frames: in the order of `chunk`, in the time of `timestamp_ms`."""

    def __init__(self, counters: LineCounters) -> None:
        self._order = InOrder[tuple[int, bytes]](counters)
        self._timeline = Timeline(counters)

    def take(self, chunk: int, timestamp_ms: int, pcm: bytes) -> Iterator[Audio]:
        """Whatever is ready after this frame.

        Args:
            chunk: the frame's number, one more for each.
            timestamp_ms: its place in the stream.
            pcm: 8 kHz 16-bit mono, usually one frame.
        """
        for at_ms, frame in self._order.take(chunk, (timestamp_ms, pcm)):
            yield from self._timeline.place(at_ms, frame)
