"""Answers to the course's questions."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.repositories.insert import insert_once
from models.rows_training import QuizRow


class Quizzes:
    """What clerks answered, chapter by chapter."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def keep(self, *, clerk: str, attempt: str, **values: Any) -> int:
        """Stores answers, of each form once; gives the number of what is kept."""
        insert_once(self._session, QuizRow, clerk=clerk, attempt=attempt, **values)
        kept = self.handed_in(clerk, attempt)
        if kept is None:
            raise NotFound("There is no such result.")
        return kept.id

    def handed_in(self, clerk: str, attempt: str) -> QuizRow | None:
        """The answers of a form, or None."""
        query = select(QuizRow).where(QuizRow.clerk == clerk, QuizRow.attempt == attempt)
        return self._session.scalars(query).one_or_none()

    def get(self, number: int) -> QuizRow:
        """The answers of that number.

        Raises:
            NotFound: there are none.
        """
        row = self._session.get(QuizRow, number)
        if row is None:
            raise NotFound("There is no such result.")
        return row

    def of(self, clerk: str | None, limit: int) -> Sequence[QuizRow]:
        """Answers, newest first; of one clerk, or of all."""
        query = select(QuizRow).order_by(QuizRow.at.desc(), QuizRow.id.desc()).limit(limit)
        if clerk is not None:
            query = query.where(QuizRow.clerk == clerk)
        return self._session.scalars(query).all()

    def before(self, until: datetime | None, clerks: Collection[str]) -> Sequence[QuizRow]:
        """Answers of some clerks, before a moment if one is given, oldest first."""
        query = select(QuizRow).where(QuizRow.clerk.in_(clerks))
        if until is not None:
            query = query.where(QuizRow.at < until)
        return self._session.scalars(query.order_by(QuizRow.at, QuizRow.id)).all()
