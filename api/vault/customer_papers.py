"""Papers of handover forms: checked, sealed, noted in a table of their own."""

from __future__ import annotations

from dataclasses import dataclass

from api.config import Settings
from api.vault.filetypes import media_type
from api.vault.sealed_files import Sealed, SealedFiles, open_sealed_files
from models.store import Store

#: What every paper's name begins with in the object store.
PREFIX = "papers/"


@dataclass(frozen=True, slots=True)
class Kept(Sealed):
    """A paper in the store, and what it is."""

    media_type: str


class PaperVault:
    """One installation's papers. Every method blocks."""

    def __init__(self, files: SealedFiles) -> None:
        self._files = files
        self.get = files.get
        self.delete = files.delete

    def put(self, content: bytes) -> Kept:
        """Checks and keeps a paper under a new name.

        Raises:
            RuleError: see `api.vault.filetypes.media_type`.
            ExternalError: the store cannot be used.
        """
        kind = media_type(content)
        one = self._files.put(content)
        return Kept(one.object, one.size, one.sha256, one.key_id, media_type=kind)

    def seal_anew(self, store: Store) -> int:
        """Seals with the present key what another one sealed; how many papers."""
        with store.reading() as uow:
            rows = [r for r in uow.onboardings.all_papers() if r.key_id != self._files.key_id]
        for row in rows:
            self._files.seal_anew(row.object, row.sha256)
            with store.unit() as uow:
                uow.onboardings.paper(row.id).key_id = self._files.key_id
                uow.commit()
        return len(rows)


def open_papers(settings: Settings) -> PaperVault:
    """The installation's papers. Raises as `open_sealed_files`."""
    return PaperVault(open_sealed_files(settings, PREFIX))
