"""The tables of practice calls and quizzes: no figure or queue of the desk's calls sees them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base, type_json


class TrainingRow(Base):
    """A clerk's call with a simulated customer.

    `turns` by index; `form` is what the clerk wrote down, as JSON values by flat name; `card`
    is the score, see `nlp.training.scorecard`. Both are missing until the form is handed in.
    """

    __tablename__ = "trainings"

    sid: Mapped[str] = mapped_column(primary_key=True)
    clerk: Mapped[str] = mapped_column(index=True)
    lesson: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    recording: Mapped[str | None]
    turns: Mapped[dict[str, Any]]
    form: Mapped[dict[str, Any] | None] = mapped_column(type_json)
    card: Mapped[dict[str, Any] | None] = mapped_column(type_json)


class QuizRow(Base):
    """A clerk's answers to the questions of one chapter of the course.

    `attempt` is the form that was handed in, which counts once. `version` is the course's, `asked`
    the chapter as it was shown, which no later version changes; `answers` are indices of options,
    one for each question.
    """

    __tablename__ = "quizzes"
    __table_args__ = (UniqueConstraint("clerk", "attempt"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    clerk: Mapped[str] = mapped_column(index=True)
    attempt: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    lang: Mapped[str]
    version: Mapped[str]
    chapter: Mapped[int]
    asked: Mapped[dict[str, Any]]
    answers: Mapped[list[Any]]
    points: Mapped[int]
