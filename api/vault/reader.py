"""A sealed object, read as the plain file that it was."""

from __future__ import annotations

import io

from api.vault.objects import Objects
from api.vault.sealing import HEADER_BYTES, PIECE, Keyring, read_header, span


class SealedFile(io.RawIOBase):
    """A plain file, seekable; only the pieces that are read are fetched.

    Attributes:
        size: the plain file's length, bytes.
        key_id: which key sealed it.

    Raises:
        NotFound: there is no such object.
        KeyMissing, Damaged: it cannot be opened.
    """

    def __init__(self, objects: Objects, name: str, keys: Keyring) -> None:
        super().__init__()
        self._objects = objects
        self._name = name
        self._seal = read_header(objects.part(name, 0, HEADER_BYTES), name, keys)
        self._at = 0
        self._piece = (-1, b"")
        self.size = self._seal.size
        self.key_id = self._seal.key_id

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
        number, start = divmod(self._at, PIECE)
        if self._at >= self.size or not view:
            return 0
        found = self._plain(number)[start : start + len(view)]
        view[: len(found)] = found
        self._at += len(found)
        return len(found)

    def _plain(self, number: int) -> bytes:
        if self._piece[0] != number:
            start, length = span(number, self.size)
            piece = self._objects.part(self._name, start, length)
            self._piece = (number, self._seal.opened(number, piece))
        return self._piece[1]
