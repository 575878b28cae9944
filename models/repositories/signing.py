"""What is kept round a signature: events at links, one-time codes, signed documents."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.repositories.insert import insert_once
from models.rows_signing import LinkEventRow, SignCodeRow, SignedPaperRow


class LinkEvents:
    """What happened at signing links."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self,
        key: str,
        *,
        order_id: str,
        version: int,
        kind: str,
        at: datetime,
        ip: str,
        user_agent: str,
    ) -> bool:
        """Notes an event; False when the key is there already."""
        return insert_once(
            self._session,
            LinkEventRow,
            key=key,
            order_id=order_id,
            order_version=version,
            kind=kind,
            at=at,
            ip=ip,
            user_agent=user_agent,
        )

    def has(self, key: str) -> bool:
        """Whether the event is noted already."""
        query = select(LinkEventRow.id).where(LinkEventRow.key == key)
        return self._session.scalars(query).first() is not None

    def of_version(self, order_id: str, version: int) -> Sequence[LinkEventRow]:
        """Everything that happened for a version of an order, oldest first."""
        query = select(LinkEventRow).where(
            LinkEventRow.order_id == order_id, LinkEventRow.order_version == version
        )
        return self._session.scalars(query.order_by(LinkEventRow.at, LinkEventRow.id)).all()

    def of_order(self, order_id: str) -> Sequence[LinkEventRow]:
        """Everything that happened at any link of an order, oldest first."""
        query = select(LinkEventRow).where(LinkEventRow.order_id == order_id)
        return self._session.scalars(query.order_by(LinkEventRow.at, LinkEventRow.id)).all()


class SignCodes:
    """One-time codes of signing links."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: SignCodeRow) -> None:
        """Stores a new code."""
        self._session.add(row)
        self._session.flush()

    def of_link(self, token_hash: str) -> Sequence[SignCodeRow]:
        """The link's codes, newest first, locked until the unit ends."""
        query = select(SignCodeRow).where(SignCodeRow.token_hash == token_hash)
        return self._session.scalars(query.order_by(SignCodeRow.id.desc()).with_for_update()).all()


class Papers:
    """Signed documents, one for each signature."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(
        self, order_id: str, version: int, *, pdf: bytes, sha256: str, made_at: datetime
    ) -> bool:
        """Stores a document; False when the signature has one, which then stands."""
        return insert_once(
            self._session,
            SignedPaperRow,
            order_id=order_id,
            order_version=version,
            sha256=sha256,
            pdf=pdf,
            made_at=made_at,
        )

    def get(self, order_id: str, version: int) -> SignedPaperRow | None:
        """The document of a signature, or None while there is none."""
        return self._session.get(SignedPaperRow, (order_id, version))

    def of_order(self, order_id: str) -> Sequence[SignedPaperRow]:
        """The documents of an order's signatures, oldest first."""
        query = select(SignedPaperRow).where(SignedPaperRow.order_id == order_id)
        return self._session.scalars(query.order_by(SignedPaperRow.order_version)).all()

    def by_hash(self, sha256: str) -> SignedPaperRow | None:
        """The document with these very bytes, or None."""
        query = select(SignedPaperRow).where(SignedPaperRow.sha256 == sha256)
        return self._session.scalars(query.limit(1)).first()
