"""Answers to the course's questions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.rows_training import QuizRow


class Quizzes:
    """What clerks answered, chapter by chapter."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: QuizRow) -> None:
        """Stores answers; the row has its number afterwards."""
        self._session.add(row)
        self._session.flush()

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

    def within(self, since: datetime, until: datetime, clerk: str | None) -> Sequence[QuizRow]:
        """Answers from a moment on and before another one, oldest first."""
        query = select(QuizRow).where(QuizRow.at >= since, QuizRow.at < until)
        if clerk is not None:
            query = query.where(QuizRow.clerk == clerk)
        return self._session.scalars(query.order_by(QuizRow.at)).all()
