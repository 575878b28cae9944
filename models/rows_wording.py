"""The tables of what admins change about the talk. Versions are only ever added."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class WordingRow(Base):
    """One version of one prompt, as somebody wrote it.

    `sound` names the recording that is played in place of the voice; see `voice.recorded`.
    """

    __tablename__ = "wordings"
    __table_args__ = (UniqueConstraint("lang", "key", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    lang: Mapped[str]
    key: Mapped[str]
    version: Mapped[int]
    texts: Mapped[list[Any]]
    note: Mapped[str | None]
    author: Mapped[str]
    at: Mapped[datetime]
    sound: Mapped[str | None]


class WordingReleaseRow(Base):
    """From when on a version is said; version None is the product's own wording."""

    __tablename__ = "wording_releases"
    __table_args__ = (Index("ix_wording_releases_lang_key", "lang", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    lang: Mapped[str]
    key: Mapped[str]
    version: Mapped[int | None]
    by: Mapped[str]
    at: Mapped[datetime]


class ChoicesRow(Base):
    """The choices about the talk from a moment on; see `models.choices`."""

    __tablename__ = "choices"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    values: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[datetime]


class RehearsalRow(Base):
    """A wording tried on past calls. What was found holds no words of any call.

    `state`: `running` -> `done`, `failed`. One whose `seen_at` is old was lost by its process.
    """

    __tablename__ = "rehearsals"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    lang: Mapped[str]
    key: Mapped[str]
    version: Mapped[int]
    first: Mapped[date]
    last: Mapped[date]
    by: Mapped[str]
    at: Mapped[datetime]
    state: Mapped[str]
    total: Mapped[int]
    done: Mapped[int]
    found: Mapped[list[Any]]
    seen_at: Mapped[datetime]


class TextRow(Base):
    """One version of a text of the desk's own, such as the notice in one language.

    `body` is as its own module reads it: `models.notice_text`, `models.dangerous_list`,
    `models.course`.
    """

    __tablename__ = "desk_texts"
    __table_args__ = (UniqueConstraint("kind", "lang", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    lang: Mapped[str]
    version: Mapped[int]
    body: Mapped[dict[str, Any]]
    note: Mapped[str | None]
    author: Mapped[str]
    at: Mapped[datetime]


class TextReleaseRow(Base):
    """From when on a version is in force; version None is the product's own text."""

    __tablename__ = "desk_text_releases"
    __table_args__ = (Index("ix_desk_text_releases_kind_lang", "kind", "lang"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    kind: Mapped[str]
    lang: Mapped[str]
    version: Mapped[int | None]
    by: Mapped[str]
    at: Mapped[datetime]
