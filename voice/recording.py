"""The call's recording: a stereo WAV, caller left, assistant right, placed by time.

Frames come a little out of order and with gaps. They are put in their place in a short window
in memory; what leaves the window is appended to `NAME.wav.part`, whose header is brought up to
date with every append, so that a kill at any moment loses the window at most. `close` gives the
file its name. All writing is in `_append`.
"""

from __future__ import annotations

import fcntl
import os
import struct
import wave
from contextlib import suppress
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from models.errors import ExternalError
from voice.ports import LINE_HZ

_PER_MS = LINE_HZ // 1000
_SIDES, _BYTES = 2, 2
#: Where the header `wave` writes keeps its two sizes, and where the samples begin.
_RIFF_SIZE_AT, _DATA_SIZE_AT, _DATA_AT = 4, 40, 44
_CALLER, _ASSISTANT = 0, 1
#: How late audio may come and still find its place, and how often the file grows.
_WINDOW = 2 * LINE_HZ
_STEP = LINE_HZ
#: A frame further ahead than this has a wrong time, not a long silence before it.
_FURTHEST = 600 * LINE_HZ


class Recorder:
    """Records one call. Not thread-safe.

    Args:
        path: the finished file, `.wav`; until `close` it is `path` with `.part` after it. It
            is readable by its owner alone (0600).

    Attributes:
        dropped: samples that came too late, after the close, or with an impossible time.

    Raises:
        ExternalError: the file exists or cannot be made or written, such as on a full disk.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.dropped = 0
        self._part = part_of(path)
        self._written = 0
        self._window: NDArray[np.int16] = np.zeros((0, _SIDES), np.int16)
        if path.exists():
            raise ExternalError(f"The recording {path.name} exists; give the call another name.")
        try:
            handle = os.open(self._part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except OSError as error:
            raise ExternalError(f"The recording cannot be made: {error}.") from error
        self._file = os.fdopen(handle, "wb")
        # Whoever finds the file unlocked knows that its writer is gone: the kernel sees to that.
        fcntl.flock(self._file, fcntl.LOCK_EX)
        self._wave = wave.Wave_write(self._file)
        self._wave.setparams((_SIDES, _BYTES, LINE_HZ, 0, "NONE", "not compressed"))
        self._append(0)

    def caller(self, at_ms: int, pcm: bytes) -> None:
        """Places the caller's audio.

        Args:
            at_ms: milliseconds from the call's start.
            pcm: 8 kHz 16-bit mono.
        """
        self._place(_CALLER, at_ms, pcm)

    def assistant(self, at_ms: int, pcm: bytes) -> None:
        """Places what was played to the caller; see `caller`."""
        self._place(_ASSISTANT, at_ms, pcm)

    def close(self) -> None:
        """Writes the rest and gives the file its name. May be called again."""
        if self._file.closed:
            return
        self._append(len(self._window))
        os.fsync(self._file.fileno())
        self._wave.close()
        self._file.close()
        self._part.replace(self.path)

    def abandon(self) -> None:
        """Lets go of a file that cannot be written any more; what it holds stays, as `.part`."""
        with suppress(OSError):
            self._wave.close()
        with suppress(OSError):
            self._file.close()

    def _place(self, side: int, at_ms: int, pcm: bytes) -> None:
        samples = np.frombuffer(pcm, "<i2")
        start = at_ms * _PER_MS - self._written
        if self._file.closed or start > _FURTHEST:
            self.dropped += len(samples)
            return
        if start < 0:
            self.dropped += min(-start, len(samples))
            samples, start = samples[-start:], 0
        missing = start + len(samples) - len(self._window)
        if missing > 0:
            self._window = np.pad(self._window, ((0, missing), (0, 0)))
        self._window[start : start + len(samples), side] = samples
        if len(self._window) >= _WINDOW + _STEP:
            self._append(len(self._window) - _WINDOW)

    def _append(self, count: int) -> None:
        """Moves the window's first `count` samples to the file, header included."""
        try:
            self._wave.writeframes(self._window[:count].astype("<i2").tobytes())
            self._file.flush()
        except OSError as error:
            raise ExternalError(f"The recording cannot be written: {error}.") from error
        self._window = self._window[count:]
        self._written += count


def part_of(path: Path) -> Path:
    """Where a recording is until it is closed."""
    return path.with_name(path.name + ".part")


def repair(path: Path) -> bool:
    """Finishes a recording that was cut off by a crash: sets its sizes and gives it its name.

    Returns:
        False when there is nothing to repair.

    Raises:
        ExternalError: what is left is no recording of ours.
    """
    part = part_of(path)
    if not part.exists():
        return False
    with part.open("r+b") as file:
        header = file.read(_DATA_AT)
        if len(header) < _DATA_AT or header[:4] != b"RIFF" or header[36:40] != b"data":
            raise ExternalError(f"{part.name} is no recording that can be repaired.")
        size = file.seek(0, os.SEEK_END) - _DATA_AT
        size -= size % (_SIDES * _BYTES)
        file.truncate(_DATA_AT + size)
        for place, value in ((_RIFF_SIZE_AT, _DATA_AT - 8 + size), (_DATA_SIZE_AT, size)):
            file.seek(place)
            file.write(struct.pack("<I", value))
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    return True
