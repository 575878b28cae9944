"""A sealed file: encrypted piece by piece, so that any part of it can be read alone (pure).

A header, then pieces of 64 KiB, each AES-256-GCM with its own tag:

    "VIA1" | key id (8) | salt (16) | length of the plain file (8) | piece | piece | ...

Each file has a key of its own, derived from the desk's key, the salt and the file's name, and each
piece its number as nonce; the header is authenticated with every piece. So a piece that is changed,
moved, cut off or taken from another file is refused.
"""

from __future__ import annotations

import hashlib
import secrets
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from models.errors import ExternalError

PIECE = 64 * 1024
KEY_BYTES = 32
_MAGIC = b"VIA1"
_TAG = 16
_HEADER = struct.Struct(">4s8s16sQ")
HEADER_BYTES = _HEADER.size


class KeyMissing(ExternalError):
    """The key that sealed a file is not among the keys of this installation."""


class Damaged(ExternalError):
    """A sealed file was changed, cut off, or is none."""


def key_id(key: bytes) -> str:
    """What a key is named by; it tells nothing of the key."""
    return hashlib.sha256(b"voice-intake key id" + key).hexdigest()[:16]


class Keyring:
    """The desk's keys. The first one seals, all of them open."""

    def __init__(self, keys: Sequence[bytes]) -> None:
        self._keys = {key_id(key): key for key in keys}
        self.current = next(iter(self._keys))

    def get(self, name: str) -> bytes:
        """The key with an id. Raises KeyMissing."""
        if name not in self._keys:
            raise KeyMissing(
                f"The recording is sealed with the key {name}, which is not here. Add it to "
                "INTAKE_AUDIO_KEYS, or put its file back as audio.key in INTAKE_DATA."
            )
        return self._keys[name]


@dataclass(frozen=True, slots=True)
class Seal:
    """What a sealed file's header says, with the key to its pieces."""

    header: bytes
    key_id: str
    size: int
    cipher: AESGCM

    def opened(self, number: int, piece: bytes) -> bytes:
        """A piece's plain bytes. Raises Damaged."""
        try:
            return self.cipher.decrypt(_nonce(number), piece, self.header)
        except InvalidTag as error:
            raise Damaged("The recording was changed or damaged; it cannot be opened.") from error


def read_header(header: bytes, name: str, keys: Keyring) -> Seal:
    """Reads a sealed file's first `HEADER_BYTES` bytes.

    Raises:
        Damaged: it is no sealed file.
        KeyMissing: its key is not here.
    """
    if len(header) != HEADER_BYTES or header[:4] != _MAGIC:
        raise Damaged("This is no sealed recording.")
    _, key_name, salt, size = _HEADER.unpack(header)
    wanted = key_name.hex()
    return Seal(header, wanted, size, _cipher(keys.get(wanted), salt, name))


def sealed(file: BinaryIO, size: int, name: str, keys: Keyring) -> Iterator[bytes]:
    """A plain file as it is kept, header first.

    Args:
        size: the plain file's length, bytes.
        name: what it is kept as; it opens under this name only.
    """
    salt = secrets.token_bytes(16)
    header = _HEADER.pack(_MAGIC, bytes.fromhex(keys.current), salt, size)
    cipher = _cipher(keys.get(keys.current), salt, name)
    yield header
    for number in range(pieces(size)):
        yield cipher.encrypt(_nonce(number), file.read(PIECE), header)


def pieces(size: int) -> int:
    """How many pieces a plain file of this length has; an empty one has one, to be authentic."""
    return max(1, -(-size // PIECE))


def span(number: int, size: int) -> tuple[int, int]:
    """Where a piece lies in the sealed file: from, and how many bytes."""
    plain = min(PIECE, size - number * PIECE)
    return HEADER_BYTES + number * (PIECE + _TAG), plain + _TAG


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    info = b"voice-intake recording\0" + name.encode()
    return AESGCM(HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key))


def _nonce(number: int) -> bytes:
    return number.to_bytes(12, "big")
