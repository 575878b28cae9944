"""Texts that the desk words itself, their versions, and which of them are in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from models.rows_wording import TextReleaseRow, TextRow


class Texts:
    """Versions by kind and language."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: TextRow) -> None:
        """Stores a version."""
        self._session.add(row)
        self._session.flush()

    def release(self, row: TextReleaseRow) -> None:
        """Has a version be in force from now on."""
        self._session.add(row)
        self._session.flush()

    def get(self, kind: str, lang: str, version: int) -> TextRow | None:
        """One version, or None."""
        query = select(TextRow).where(
            TextRow.kind == kind, TextRow.lang == lang, TextRow.version == version
        )
        return self._session.scalars(query).one_or_none()

    def of(self, kind: str, lang: str) -> Sequence[TextRow]:
        """All versions, newest first."""
        query = select(TextRow).where(TextRow.kind == kind, TextRow.lang == lang)
        return self._session.scalars(query.order_by(TextRow.version.desc())).all()

    def draft(self, kind: str, lang: str) -> TextRow | None:
        """The newest version, where it was never in force."""
        released = exists().where(
            TextReleaseRow.kind == TextRow.kind,
            TextReleaseRow.lang == TextRow.lang,
            TextReleaseRow.version == TextRow.version,
        )
        newest = select(func.max(TextRow.version)).where(TextRow.kind == kind, TextRow.lang == lang)
        query = select(TextRow).where(
            TextRow.kind == kind,
            TextRow.lang == lang,
            TextRow.version == newest.scalar_subquery(),
            ~released,
        )
        return self._session.scalars(query).one_or_none()

    def releases(self, kind: str, lang: str) -> Sequence[TextReleaseRow]:
        """When which version came into force, newest first."""
        query = select(TextReleaseRow).where(
            TextReleaseRow.kind == kind, TextReleaseRow.lang == lang
        )
        return self._session.scalars(query.order_by(TextReleaseRow.id.desc())).all()

    def in_force(self, kind: str, lang: str) -> int | None:
        """The version in force; None is the product's own."""
        query = select(TextReleaseRow.version).where(
            TextReleaseRow.kind == kind, TextReleaseRow.lang == lang
        )
        return self._session.scalars(query.order_by(TextReleaseRow.id.desc()).limit(1)).first()

    def published(self, kind: str, lang: str) -> Mapping[str, Any] | None:
        """The text in force where it is not the product's own."""
        version = self.in_force(kind, lang)
        row = None if version is None else self.get(kind, lang, version)
        return None if row is None else row.body
