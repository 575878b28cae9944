"""Calls, their turns and the dialogue's events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from models.alarms import LATELY, Mood
from models.call import Call, Disposition, Turn
from models.codec import values_from, values_json, words_from, words_json
from models.errors import NotFound, RuleError
from models.repositories.insert import insert_once
from models.rows import CallEventRow, CallRow, TurnRow

_TURN_FIELDS = (
    "index",
    "speaker",
    "text",
    "started_ms",
    "ended_ms",
    "confidence",
    "prompt",
    "order_version",
    "heard_ratio",
)


#: The caller's events; see `nlp.dialogue.events`.
_SPOKE, _NOT_UNDERSTOOD = "caller_spoke", "nothing_understood"
#: What an understanding without any of these says nothing.
_MEANING = ("polarity", "wish", "fields", "ambiguities", "disputed", "asks_danger")


def _meant_nothing(understanding: Mapping[str, Any]) -> bool:
    """Whether words could not be made out, or made no sense to the dialogue."""
    empty = understanding.get("intent", "other") == "other"
    return empty and not any(understanding.get(name) for name in _MEANING)


def _turn(row: TurnRow) -> Turn:
    known = {name: getattr(row, name) for name in _TURN_FIELDS}
    return Turn(values=values_from(row.values), words=words_from(row.words), **known)


def _columns(turn: Turn) -> dict[str, Any]:
    known = {name: getattr(turn, name) for name in _TURN_FIELDS}
    return {**known, "values": values_json(turn.values), "words": words_json(turn.words)}


def _in_time(turns: Sequence[Turn]) -> tuple[Turn, ...]:
    """The turns in their order. Behind the assistant's last one two people talk, and what they
    say is written down when it was read, not when it was said."""
    last = max((at for at, turn in enumerate(turns) if turn.speaker == "assistant"), default=-1)
    later = sorted(turns[last + 1 :], key=lambda turn: turn.started_ms)
    return (*turns[: last + 1], *later)


class Calls:
    """Calls, their turns and the dialogue's events."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def begin(self, call: Call) -> None:
        """Stores a call's start; a second start of the same SID changes nothing."""
        insert_once(
            self._session,
            CallRow,
            sid=call.sid,
            caller=call.caller,
            called=call.called,
            lang=call.lang,
            started_at=call.started_at,
            order_id=call.order_id,
            status="in-progress",
        )

    def row(self, sid: str) -> CallRow:
        """The call's row. Raises NotFound."""
        row = self._session.get(CallRow, sid)
        if row is None:
            raise NotFound("There is no such call.")
        return row

    def find(self, sid: str) -> CallRow | None:
        """The call's row without its turns, or None."""
        return self._session.get(CallRow, sid)

    def get(self, sid: str) -> Call | None:
        """The call with the turns so far, or None."""
        row = self._session.get(CallRow, sid)
        if row is None:
            return None
        turns = self._session.scalars(
            select(TurnRow).where(TurnRow.call_sid == sid).order_by(TurnRow.index)
        )
        return Call(
            sid=row.sid,
            caller=row.caller,
            called=row.called,
            started_at=row.started_at,
            lang="en" if row.lang == "en" else "zh",
            ended_at=row.ended_at,
            disposition=Disposition(row.disposition) if row.disposition else None,
            order_id=row.order_id,
            turns=_in_time([_turn(row) for row in turns]),
            recording=row.recording,
        )

    def turns_of(self, sid: str) -> Sequence[int]:
        """The indexes of the call's turns that are kept."""
        return self._session.scalars(select(TurnRow.index).where(TurnRow.call_sid == sid)).all()

    def put_turn(self, sid: str, turn: Turn) -> None:
        """Stores a turn over what was known of it."""
        self._session.merge(TurnRow(call_sid=sid, **_columns(turn)))

    def add_turn(self, sid: str, turn: Turn) -> None:
        """Stores a turn behind all others, whatever its index; the same one again is kept once."""
        said = select(TurnRow.index).where(
            TurnRow.call_sid == sid,
            TurnRow.speaker == turn.speaker,
            TurnRow.started_ms == turn.started_ms,
        )
        last = select(func.coalesce(func.max(TurnRow.index), -1)).where(TurnRow.call_sid == sid)
        while self._session.scalars(said.limit(1)).first() is None:
            index = self._session.scalars(last).one() + 1
            # Another process may have taken this place meanwhile; then the next one is ours.
            insert_once(
                self._session, TurnRow, call_sid=sid, **_columns(replace(turn, index=index))
            )

    def append_event(
        self, sid: str, seq: int, *, at: datetime, kind: str, body: Mapping[str, Any]
    ) -> None:
        """Adds an event; the same one again changes nothing.

        Raises:
            RuleError: another event has this place already.
        """
        if insert_once(
            self._session,
            CallEventRow,
            call_sid=sid,
            seq=seq,
            at=at,
            type=kind,
            body=dict(body),
        ):
            return
        kept = self._session.get_one(CallEventRow, (sid, seq))
        if kept.type != kind or kept.body != dict(body):
            raise RuleError(f"Event {seq} of this call is already another one.")

    def ended_between(self, since: datetime, before: datetime, limit: int) -> Sequence[str]:
        """The SIDs of calls that began then and have ended, newest first."""
        query = select(CallRow.sid).where(
            CallRow.started_at >= since, CallRow.started_at < before, CallRow.ended_at.is_not(None)
        )
        return self._session.scalars(query.order_by(CallRow.started_at.desc()).limit(limit)).all()

    def mood(self, sid: str) -> Mood:
        """What the dialogue made of the caller's words so far."""
        query = select(CallEventRow.type, CallEventRow.body).where(
            CallEventRow.call_sid == sid, CallEventRow.type.in_((_SPOKE, _NOT_UNDERSTOOD))
        )
        rows = self._session.execute(query.order_by(CallEventRow.seq)).tuples()
        meant = [dict(body.get("understanding") or {}) for _, body in rows]
        return Mood(
            abuses=sum(one.get("wish") == "abuse" for one in meant),
            demands=sum(one.get("intent") == "agent" for one in meant),
            not_understood=sum(_meant_nothing(one) for one in meant[-LATELY:]),
        )

    def events(self, sid: str) -> Sequence[CallEventRow]:
        """The call's events in order."""
        query = select(CallEventRow).where(CallEventRow.call_sid == sid)
        return self._session.scalars(query.order_by(CallEventRow.seq)).all()
