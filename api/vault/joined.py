"""The parts of one call's recording, read as a single WAV without a gap."""

from __future__ import annotations

import io
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO

from api.vault.seekable import SeekableFile
from models.errors import ExternalError, NotFound
from voice.ports import LINE_HZ

#: What `voice.recording` writes: 16-bit stereo behind a header of 44 bytes.
_HEADER = 44
_FRAME = 4


@dataclass(frozen=True, slots=True)
class _Part:
    """Bytes of sound, and where among all bytes of sound they lie."""

    begin: int
    end: int
    file: BinaryIO


class JoinedRecording(SeekableFile):
    """Each part at its time in the call; silence where nobody recorded.

    A part that would begin before the one before it has ended begins right after that.

    Args:
        parts: milliseconds from the call's start and the WAV, in their order. They are closed
            with this file.

    Raises:
        NotFound: there are no parts.
        ExternalError: one is no recording of ours.
    """

    def __init__(self, parts: Sequence[tuple[int, BinaryIO]]) -> None:
        super().__init__()
        if not parts:
            raise NotFound("There is no recording.")
        self._parts: list[_Part] = []
        end = 0
        for at_ms, file in parts:
            begin = max(end, at_ms * LINE_HZ // 1000 * _FRAME)
            end = begin + _sound(file)
            self._parts.append(_Part(begin, end, file))
        self._head = _header(end)
        self.size = _HEADER + end

    def close(self) -> None:
        for part in self._parts:
            part.file.close()
        super().close()

    def _next(self, most: int) -> bytes:
        if self._at < _HEADER:
            return self._head[self._at : self._at + most]
        at = self._at - _HEADER
        part = next((one for one in self._parts if at < one.end), None)
        if part is None:
            return b""
        if at < part.begin:
            return bytes(min(most, part.begin - at))
        part.file.seek(_HEADER + at - part.begin)
        found = part.file.read(min(most, part.end - at))
        if not found:
            raise ExternalError("A part of the recording is shorter than it was.")
        return found


def _sound(file: BinaryIO) -> int:
    """How many bytes of sound a recording holds."""
    head = file.read(_HEADER)
    if len(head) < _HEADER or head[:4] != b"RIFF" or head[36:40] != b"data":
        raise ExternalError("A part is no recording of ours.")
    size = file.seek(0, io.SEEK_END) - _HEADER
    return size - size % _FRAME


def _header(size: int) -> bytes:
    riff = struct.pack("<4sI4s", b"RIFF", _HEADER - 8 + size, b"WAVE")
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 2, LINE_HZ, LINE_HZ * _FRAME, _FRAME, 16)
    return riff + form + struct.pack("<4sI", b"data", size)
