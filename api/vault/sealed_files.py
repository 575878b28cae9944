"""Files sealed into the object store whole, like recordings, under names of their own."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from io import BytesIO

from api.config import Settings
from api.vault.objects import Objects, open_objects
from api.vault.reader import SealedFile
from api.vault.sealing import Keyring, sealed
from models.errors import ExternalError


@dataclass(frozen=True, slots=True)
class Sealed:
    """A file in the store: what it is kept as, its length in bytes, its digest (hex), its key."""

    object: str
    size: int
    sha256: str
    key_id: str


class SealedFiles:
    """One kind of files. Every method blocks.

    Args:
        prefix: what every name begins with in the object store.
    """

    def __init__(self, objects: Objects, keys: Keyring, prefix: str) -> None:
        self._objects = objects
        self._keys = keys
        self._prefix = prefix

    @property
    def key_id(self) -> str:
        """The key that seals now."""
        return self._keys.current

    def put(self, content: bytes) -> Sealed:
        """Keeps a file under a new name. Raises ExternalError when the store cannot be used."""
        name = f"{self._prefix}{secrets.token_hex(16)}"
        self._seal(name, content)
        digest = hashlib.sha256(content).hexdigest()
        return Sealed(name, len(content), digest, self._keys.current)

    def get(self, name: str, sha256: str) -> bytes:
        """The plain file.

        Raises:
            NotFound: there is none of this name.
            ExternalError: the store or the key is missing, or it is not what was kept.
        """
        content = SealedFile(self._objects, name, self._keys).readall() or b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ExternalError("This file is not the one that was kept.")
        return content

    def delete(self, name: str) -> None:
        """Deletes a file; one that is gone already is no error."""
        self._objects.delete(name)

    def seal_anew(self, name: str, sha256: str) -> None:
        """Seals a file with the present key. Raises as `get` and `put`."""
        self._seal(name, self.get(name, sha256))

    def _seal(self, name: str, content: bytes) -> None:
        self._objects.put(name, sealed(BytesIO(content), len(content), name, self._keys))


def open_sealed_files(settings: Settings, prefix: str) -> SealedFiles:
    """The installation's files of one kind.

    Raises:
        RuleError: a key is no key.
        ExternalError: the object store's address cannot be used.
    """
    return SealedFiles(open_objects(settings), Keyring(settings.audio_keys_in_force()), prefix)
