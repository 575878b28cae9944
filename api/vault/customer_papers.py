"""Customers' papers: sealed into the object store like recordings, whole files at once."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from io import BytesIO

from api.config import Settings
from api.vault.filetypes import media_type
from api.vault.objects import Objects, open_objects
from api.vault.reader import SealedFile
from api.vault.sealing import Keyring, sealed
from models.errors import ExternalError
from models.store import Store

#: What every paper's name begins with in the object store.
PREFIX = "papers/"


@dataclass(frozen=True, slots=True)
class Kept:
    """A paper in the store: what it is kept as, what it is, its length and digest (hex)."""

    object: str
    media_type: str
    size: int
    sha256: str
    key_id: str


class PaperVault:
    """One installation's papers. Every method blocks."""

    def __init__(self, objects: Objects, keys: Keyring) -> None:
        self._objects = objects
        self._keys = keys

    def put(self, content: bytes) -> Kept:
        """Checks and keeps a paper under a new name.

        Raises:
            RuleError: see `api.vault.filetypes.media_type`.
            ExternalError: the store cannot be used.
        """
        kind = media_type(content)
        name = f"{PREFIX}{secrets.token_hex(16)}"
        self._objects.put(name, sealed(BytesIO(content), len(content), name, self._keys))
        digest = hashlib.sha256(content).hexdigest()
        return Kept(name, kind, len(content), digest, self._keys.current)

    def get(self, name: str, sha256: str) -> bytes:
        """A paper's content.

        Raises:
            NotFound: there is none of this name.
            ExternalError: the store or the key is missing, or it is not what was kept.
        """
        content = SealedFile(self._objects, name, self._keys).readall() or b""
        if hashlib.sha256(content).hexdigest() != sha256:
            raise ExternalError("The paper is not the one that was kept.")
        return content

    def seal_anew(self, store: Store) -> int:
        """Seals with the present key what another one sealed; how many papers."""
        with store.reading() as uow:
            rows = [r for r in uow.onboardings.all_papers() if r.key_id != self._keys.current]
        for row in rows:
            content = self.get(row.object, row.sha256)
            pieces = sealed(BytesIO(content), len(content), row.object, self._keys)
            self._objects.put(row.object, pieces)
            with store.unit() as uow:
                uow.onboardings.paper(row.id).key_id = self._keys.current
                uow.commit()
        return len(rows)


def open_papers(settings: Settings) -> PaperVault:
    """The installation's papers.

    Raises:
        RuleError: a key is no key.
        ExternalError: the object store's address cannot be used.
    """
    return PaperVault(open_objects(settings), Keyring(settings.audio_keys_in_force()))
