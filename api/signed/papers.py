"""The signed document of a signature: made once, kept in the database.

It is made by a job right after the signature, or by the first download if that comes earlier:
both run the same function. The first copy stored is the document; whoever comes second gets that
one, so a process that dies in the middle leaves nothing behind.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from functools import cached_property

from api.config import Settings
from api.signed.check import NotGenuine, check
from api.signed.document import Document
from api.signed.seal import Seal, known_authorities, open_seal
from api.signed.typesetting import typeset
from models import desk
from models.errors import ExternalError
from models.store import Store


class Papers:
    """Makes and finds signed documents."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def ensure(self, order_id: str, version: int) -> bytes:
        """The document of a version's signature, made now if there is none yet.

        Raises:
            NotFound: there is no such signature, or what its signer was shown is not on file.
            ExternalError: fonts or key are missing.
        """
        with self._store.reading() as uow:
            paper = uow.papers.get(order_id, version)
        if paper is not None:
            return paper.pdf
        pdf = self._make(order_id, version)
        with self._store.unit() as uow:
            new = uow.papers.add(
                order_id,
                version,
                pdf=pdf,
                sha256=hashlib.sha256(pdf).hexdigest(),
                made_at=datetime.now(UTC),
            )
            uow.commit()
        return pdf if new else self.ensure(order_id, version)

    def _make(self, order_id: str, version: int) -> bytes:
        with self._store.reading() as uow:
            evidence = desk.evidence(uow, order_id, version)
        document = Document(
            evidence,
            zone=self._settings.zone,
            verify_url=f"{self._settings.base_url}/verify",
        )
        content = document.content()
        bare = typeset(content, document.record(), evidence.signed_at)
        sealed = self._seal.sign(bare, reason=content["title"])
        if self._seal.stamps is not None:
            self._must_verify(sealed)
        return sealed

    def _must_verify(self, sealed: bytes) -> None:
        """Nobody could verify a document with a token of another authority; none is made then."""
        try:
            check(sealed, [self._seal.chain], known_authorities(self._settings))
        except NotGenuine as error:
            raise ExternalError(
                "The time stamp is not of the authority whose certificate is set; check "
                "INTAKE_TSA_CERTIFICATE."
            ) from error

    @cached_property
    def _seal(self) -> Seal:
        return open_seal(self._settings)
