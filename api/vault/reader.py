"""A sealed object, read as the plain file that it was."""

from __future__ import annotations

from api.vault.objects import Objects
from api.vault.sealing import HEADER_BYTES, PIECE, Keyring, read_header, span
from api.vault.seekable import SeekableFile


class SealedFile(SeekableFile):
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
        self._piece = (-1, b"")
        self.size = self._seal.size
        self.key_id = self._seal.key_id

    def _next(self, most: int) -> bytes:
        number, start = divmod(self._at, PIECE)
        if self._at >= self.size or not most:
            return b""
        return self._plain(number)[start : start + most]

    def _plain(self, number: int) -> bytes:
        if self._piece[0] != number:
            start, length = span(number, self.size)
            piece = self._objects.part(self._name, start, length)
            self._piece = (number, self._seal.opened(number, piece))
        return self._piece[1]
