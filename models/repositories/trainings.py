"""Practice calls and their scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.call import Turn
from models.codec import values_from, values_json
from models.errors import NotFound
from models.rows_training import TrainingRow


class Trainings:
    """What clerks practised."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, sid: str, *, clerk: str, lesson: str, at: datetime) -> None:
        """Somebody is about to take a call."""
        row = TrainingRow(sid=sid, clerk=clerk, lesson=lesson, started_at=at, turns={})
        self._session.add(row)

    def get(self, sid: str) -> TrainingRow:
        """The practice call of that SID.

        Raises:
            NotFound: there is none.
        """
        row = self._session.get(TrainingRow, sid)
        if row is None:
            raise NotFound("There is no such practice call.")
        return row

    def put_turn(self, sid: str, turn: Turn) -> None:
        """Keeps a turn, new or changed."""
        row = self.get(sid)
        row.turns = {**row.turns, str(turn.index): _stored(turn)}

    def end(self, sid: str, *, at: datetime, recording: str) -> None:
        """The call is over."""
        row = self.get(sid)
        row.ended_at, row.recording = at, recording

    def grade(self, sid: str, form: Mapping[str, Any], card: Mapping[str, Any]) -> None:
        """Keeps what the clerk wrote down, and the score."""
        row = self.get(sid)
        row.form, row.card = dict(form), dict(card)

    def graded(self, clerk: str | None, limit: int) -> Sequence[TrainingRow]:
        """Practice calls with a score, newest first; of one clerk, or of all."""
        query = select(TrainingRow).where(TrainingRow.card.is_not(None))
        if clerk is not None:
            query = query.where(TrainingRow.clerk == clerk)
        return self._session.scalars(
            query.order_by(TrainingRow.started_at.desc()).limit(limit)
        ).all()


def turns_of(row: TrainingRow) -> list[Turn]:
    """What was said, in order."""
    return [_turn(int(index), row.turns[index]) for index in sorted(row.turns, key=int)]


def _stored(turn: Turn) -> dict[str, Any]:
    return {
        "speaker": turn.speaker,
        "text": turn.text,
        "started_ms": turn.started_ms,
        "ended_ms": turn.ended_ms,
        "confidence": turn.confidence,
        "values": values_json(turn.values),
    }


def _turn(index: int, stored: Mapping[str, Any]) -> Turn:
    return Turn(index=index, **{**stored, "values": values_from(stored["values"])})
