"""Sealed copies of customers' contracts: checked, and noted in the contract's own row."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.config import Settings
from api.vault.filetypes import LARGEST, plain_name, plain_type
from api.vault.sealed_files import SealedFiles, open_sealed_files
from models.errors import RuleError
from models.store import Store

#: What every copy's name begins with in the object store.
PREFIX = "documents/"


class UnfitDocument(RuleError):
    """A file cannot be kept; the message says why."""


class Documents:
    """One installation's papers. Every method blocks."""

    def __init__(self, files: SealedFiles) -> None:
        self._files = files

    def keep(self, content: bytes, name: str) -> dict[str, Any]:
        """Seals a file into the object store; gives what the database keeps of it.

        Raises:
            UnfitDocument: it is empty, too large, or no PDF, JPEG or PNG.
            ExternalError: the object store cannot be used.
        """
        kind = _type_of(content)
        one = self._files.put(content)
        return {
            "object": one.object,
            "name": plain_name(name) or "document",
            "type": kind,
            "size": one.size,
            "sha256": one.sha256,
            "key_id": one.key_id,
        }

    def read(self, kept: Mapping[str, Any]) -> bytes:
        """The plain file. Raises as `SealedFiles.get`."""
        return self._files.get(kept["object"], kept["sha256"])

    def delete(self, kept: Mapping[str, Any] | None) -> None:
        """Deletes a file; one that is gone already is no error."""
        if kept is not None:
            self._files.delete(kept["object"])

    def seal_anew(self, store: Store) -> int:
        """Seals with the present key what another one sealed; how many files."""
        with store.reading() as uow:
            rows = [(row.id, row.file) for row in uow.contracts.with_files()]
        return sum(self._seal_one(store, number, kept) for number, kept in rows if kept)

    def _seal_one(self, store: Store, contract: int, kept: Mapping[str, Any]) -> bool:
        if kept["key_id"] == self._files.key_id:
            return False
        self._files.seal_anew(kept["object"], kept["sha256"])
        with store.unit() as uow:
            row = uow.contracts.locked(contract)
            if row.file is not None and row.file["object"] == kept["object"]:
                row.file = {**row.file, "key_id": self._files.key_id}
            uow.commit()
        return True


def open_documents(settings: Settings) -> Documents:
    """The installation's copies. Raises as `open_sealed_files`."""
    return Documents(open_sealed_files(settings, PREFIX))


def _type_of(content: bytes) -> str:
    if len(content) > LARGEST:
        raise UnfitDocument("This file is too large: a document may have 10 MB.")
    if kind := plain_type(content):
        return kind
    raise UnfitDocument("This is no PDF, JPEG or PNG file.")
