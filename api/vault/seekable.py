"""A plain file that is made while it is read (what every one of them does alike)."""

from __future__ import annotations

import io
from abc import ABC, abstractmethod


class SeekableFile(io.RawIOBase, ABC):
    """Reads from anywhere.

    Attributes:
        size: its length, bytes.
    """

    size: int

    def __init__(self) -> None:
        super().__init__()
        self._at = 0

    @abstractmethod
    def _next(self, most: int) -> bytes:
        """Some bytes from `_at` on, at most so many; none at the end."""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self.size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: object) -> int:
        view = memoryview(buffer)  # type: ignore[arg-type]
        found = self._next(len(view))
        view[: len(found)] = found
        self._at += len(found)
        return len(found)
