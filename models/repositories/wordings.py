"""Wordings changed by admins, and which of them are said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import and_, exists, func, select
from sqlalchemy.orm import Session

from models.rows_wording import ChoicesRow, RehearsalRow, WordingReleaseRow, WordingRow


@dataclass(frozen=True, slots=True)
class Published:
    """What is said in place of the product's own wording."""

    version: int
    texts: tuple[str, ...]
    sound: str | None = None


class Wordings:
    """Versions of prompts by language and key."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: WordingRow) -> None:
        """Stores a version."""
        self._session.add(row)
        self._session.flush()

    def release(self, row: WordingReleaseRow) -> None:
        """Has a version be said from now on."""
        self._session.add(row)
        self._session.flush()

    def get(self, lang: str, key: str, version: int) -> WordingRow | None:
        """One version, or None."""
        query = select(WordingRow).where(
            WordingRow.lang == lang, WordingRow.key == key, WordingRow.version == version
        )
        return self._session.scalars(query).one_or_none()

    def of(self, lang: str, key: str) -> Sequence[WordingRow]:
        """All versions of a prompt, newest first."""
        query = select(WordingRow).where(WordingRow.lang == lang, WordingRow.key == key)
        return self._session.scalars(query.order_by(WordingRow.version.desc())).all()

    def releases(self, lang: str, key: str) -> Sequence[WordingReleaseRow]:
        """When which version came into force, newest first."""
        query = select(WordingReleaseRow).where(
            WordingReleaseRow.lang == lang, WordingReleaseRow.key == key
        )
        return self._session.scalars(query.order_by(WordingReleaseRow.id.desc())).all()

    def drafts(self, lang: str) -> Mapping[str, int]:
        """The newest version of each prompt that was ever changed."""
        query = select(WordingRow.key, func.max(WordingRow.version))
        found = self._session.execute(query.where(WordingRow.lang == lang).group_by(WordingRow.key))
        return dict(found.tuples().all())

    def published(self) -> Mapping[tuple[str, str], Published]:
        """What is said now, by language and key, where it is not the product's own."""
        latest = select(func.max(WordingReleaseRow.id)).group_by(
            WordingReleaseRow.lang, WordingReleaseRow.key
        )
        query = (
            select(WordingRow)
            .join(
                WordingReleaseRow,
                and_(
                    WordingReleaseRow.lang == WordingRow.lang,
                    WordingReleaseRow.key == WordingRow.key,
                    WordingReleaseRow.version == WordingRow.version,
                ),
            )
            .where(WordingReleaseRow.id.in_(latest))
        )
        return {
            (row.lang, row.key): Published(row.version, tuple(row.texts), row.sound)
            for row in self._session.scalars(query)
        }

    def unpublished(self) -> Mapping[tuple[str, str], Published]:
        """Drafts: the newest version of each prompt, where it was never in force."""
        newest = select(func.max(WordingRow.id)).group_by(WordingRow.lang, WordingRow.key)
        released = exists().where(
            WordingReleaseRow.lang == WordingRow.lang,
            WordingReleaseRow.key == WordingRow.key,
            WordingReleaseRow.version == WordingRow.version,
        )
        query = select(WordingRow).where(WordingRow.id.in_(newest), ~released)
        return {
            (row.lang, row.key): Published(row.version, tuple(row.texts))
            for row in self._session.scalars(query)
        }


class Choices:
    """What admins chose about the talk, from moment to moment."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: ChoicesRow) -> None:
        """Has these choices hold from now on."""
        self._session.add(row)
        self._session.flush()

    def get(self, number: int) -> ChoicesRow | None:
        """The choices of one moment, or None."""
        return self._session.get(ChoicesRow, number)

    def history(self, limit: int = 20) -> Sequence[ChoicesRow]:
        """All choices, those in force first."""
        query = select(ChoicesRow).order_by(ChoicesRow.id.desc()).limit(limit)
        return self._session.scalars(query).all()


class Rehearsals:
    """Wordings tried on past calls."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: RehearsalRow) -> int:
        """Begins one; gives its number."""
        self._session.add(row)
        self._session.flush()
        return row.id

    def get(self, number: int) -> RehearsalRow | None:
        """One, or None."""
        return self._session.get(RehearsalRow, number)

    def of(self, lang: str, key: str, limit: int = 5) -> Sequence[RehearsalRow]:
        """Those of a prompt, newest first."""
        query = select(RehearsalRow).where(RehearsalRow.lang == lang, RehearsalRow.key == key)
        return self._session.scalars(query.order_by(RehearsalRow.id.desc()).limit(limit)).all()
