"""Customers' papers: checked, sealed like recordings, kept in the object store."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any

from api.config import Settings
from api.vault.objects import Objects, open_objects
from api.vault.reader import SealedFile
from api.vault.sealing import Keyring, sealed
from models.errors import ExternalError, RuleError
from models.store import Store

#: What every paper's name begins with in the object store.
PREFIX = "documents/"
#: Bytes.
LARGEST = 10_000_000
#: What may be kept, by how it begins.
_TYPES: Mapping[bytes, str] = {
    b"%PDF-": "application/pdf",
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
}
_LONGEST_NAME = 120


class UnfitDocument(RuleError):
    """A file cannot be kept; the message says why."""


class Documents:
    """One installation's papers. Every method blocks."""

    def __init__(self, objects: Objects, keys: Keyring) -> None:
        self._objects = objects
        self._keys = keys

    def keep(self, content: bytes, name: str) -> dict[str, Any]:
        """Seals a file into the object store; gives what the database keeps of it.

        Raises:
            UnfitDocument: it is empty, too large, or no PDF, JPEG or PNG.
            ExternalError: the object store cannot be used.
        """
        kind = _type_of(content)
        kept_as = f"{PREFIX}{secrets.token_hex(16)}"
        digest = hashlib.sha256(content).hexdigest()
        self._put(kept_as, content)
        return {
            "object": kept_as,
            "name": _plain_name(name),
            "type": kind,
            "size": len(content),
            "sha256": digest,
            "key_id": self._keys.current,
        }

    def read(self, kept: Mapping[str, Any]) -> bytes:
        """The plain file.

        Raises:
            NotFound: it is gone.
            ExternalError: the store cannot be used, the key is missing, or it is another file.
        """
        content = SealedFile(self._objects, kept["object"], self._keys).readall() or b""
        if hashlib.sha256(content).hexdigest() != kept["sha256"]:
            raise ExternalError("This file is not the one that was kept.")
        return content

    def delete(self, kept: Mapping[str, Any] | None) -> None:
        """Deletes a file; one that is gone already is no error."""
        if kept is not None:
            self._objects.delete(kept["object"])

    def seal_anew(self, store: Store) -> int:
        """Seals with the present key what another one sealed; how many files."""
        with store.reading() as uow:
            rows = [(row.id, row.file) for row in uow.contracts.with_files()]
        return sum(self._seal_one(store, number, kept) for number, kept in rows if kept)

    def _seal_one(self, store: Store, contract: int, kept: Mapping[str, Any]) -> bool:
        if kept["key_id"] == self._keys.current:
            return False
        self._put(kept["object"], self.read(kept))
        with store.unit() as uow:
            row = uow.contracts.locked(contract)
            if row.file is not None and row.file["object"] == kept["object"]:
                row.file = {**row.file, "key_id": self._keys.current}
            uow.commit()
        return True

    def _put(self, name: str, content: bytes) -> None:
        self._objects.put(name, sealed(BytesIO(content), len(content), name, self._keys))


def open_documents(settings: Settings) -> Documents:
    """The installation's papers. Raises as `open_vault` does."""
    return Documents(open_objects(settings), Keyring(settings.audio_keys_in_force()))


def _type_of(content: bytes) -> str:
    if len(content) > LARGEST:
        raise UnfitDocument("This file is too large: a document may have 10 MB.")
    for beginning, kind in _TYPES.items():
        if content.startswith(beginning):
            return kind
    raise UnfitDocument("This is no PDF, JPEG or PNG file.")


def _plain_name(name: str) -> str:
    """A file's name without its folder and without what no name needs."""
    last = PurePosixPath(name.replace("\\", "/")).name
    kept = "".join(c for c in last if c.isprintable() and c not in '"<>:|?*')
    return kept[-_LONGEST_NAME:] or "document"
