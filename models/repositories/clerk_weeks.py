"""What each clerk did in a week, from what the desk keeps anyway."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, distinct, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from models.figures import Stretch
from models.order import Step
from models.rows import CallRow, OrderHistoryRow, OrderRow, TaskRow, TurnRow
from models.rows_staff import AuditRow
from models.rows_training import TrainingRow

_BY_CLERK = "clerk:"
#: Tasks that are done by talking with the customer.
_CALLS = ("call_back", "transfer_clerk", "transfer_head")
_TAKEN = "call.take_over"


class ClerkWeeks:
    """Reads only. Clerks go by their login names."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def calls(self, week: Stretch) -> Mapping[str, int]:
        """Calls that were taken over from the assistant, or made for a task; each once."""
        found: set[tuple[str, str]] = set()
        for who, subject in self._taken(week):
            found.add((who, subject))
        done = select(TaskRow.done_by, TaskRow.call_sid, TaskRow.id).where(
            TaskRow.done_at >= week.since, TaskRow.done_at < week.before, TaskRow.kind.in_(_CALLS)
        )
        for by, sid, number in self._session.execute(done).tuples():
            # A task that is left from a call that was taken over is that call.
            found.add((by or "", f"call:{sid}" if sid else f"task:{number}"))
        return Counter(who for who, _ in found)

    def orders(self, week: Stretch) -> Mapping[str, int]:
        """Orders that began in the week, by who answers for them."""
        query = (
            select(OrderRow.owner, func.count())
            .where(OrderRow.created_at >= week.since, OrderRow.created_at < week.before)
            .where(OrderRow.owner.is_not(None), OrderRow.version > 0)
            .group_by(OrderRow.owner)
        )
        return {owner or "": count for owner, count in self._session.execute(query).tuples()}

    def released(self, week: Stretch) -> Mapping[str, int]:
        """Orders that somebody released."""
        query = (
            select(OrderHistoryRow.by, func.count(distinct(OrderHistoryRow.order_id)))
            .where(OrderHistoryRow.at >= week.since, OrderHistoryRow.at < week.before)
            .where(OrderHistoryRow.step == Step.ACCEPT.value)
            .group_by(OrderHistoryRow.by)
        )
        rows = self._session.execute(query).tuples()
        return {by.removeprefix(_BY_CLERK): count for by, count in rows}

    def corrected(self, week: Stretch) -> Mapping[str, int]:
        """Changes of orders that were released before, by who answers for the order."""
        accepted = aliased(OrderHistoryRow)
        before = exists().where(
            accepted.order_id == OrderHistoryRow.order_id,
            accepted.step == Step.ACCEPT.value,
            accepted.id < OrderHistoryRow.id,
        )
        query = (
            select(OrderRow.owner, func.count())
            .join(OrderHistoryRow, OrderHistoryRow.order_id == OrderRow.id)
            .where(OrderHistoryRow.at >= week.since, OrderHistoryRow.at < week.before)
            .where(OrderHistoryRow.step == Step.CHANGE.value, before, OrderRow.owner.is_not(None))
            .group_by(OrderRow.owner)
        )
        return {owner or "": count for owner, count in self._session.execute(query).tuples()}

    def tasks(self, week: Stretch) -> Sequence[tuple[str, str, datetime, datetime | None]]:
        """Whose, which kind, since when and until when: what was to be done in the week."""
        query = (
            select(
                func.coalesce(TaskRow.clerk, OrderRow.owner),
                TaskRow.kind,
                TaskRow.created_at,
                TaskRow.done_at,
            )
            .outerjoin(OrderRow, OrderRow.id == TaskRow.order_id)
            .where(TaskRow.created_at < week.before)
            .where(or_(TaskRow.done_at.is_(None), TaskRow.done_at >= week.since))
            .where(or_(TaskRow.clerk.is_not(None), OrderRow.owner.is_not(None)))
        )
        return list(self._session.execute(query).tuples())

    def practised(self, week: Stretch) -> Sequence[TrainingRow]:
        """Practice calls with a score."""
        query = select(TrainingRow).where(
            TrainingRow.started_at >= week.since,
            TrainingRow.started_at < week.before,
            TrainingRow.card.is_not(None),
        )
        return self._session.scalars(query).all()

    def spoken(self, week: Stretch, limit: int) -> Sequence[tuple[str, str]]:
        """SIDs of calls that a person of the desk spoke in, newest first, and whose they are: who
        took the call over, or who answers for its order."""
        took = {subject.removeprefix("call:"): who for who, subject in self._taken(week)}
        clerk = exists().where(TurnRow.call_sid == CallRow.sid, TurnRow.speaker == "clerk")
        query = (
            select(CallRow.sid, OrderRow.owner)
            .outerjoin(OrderRow, OrderRow.id == CallRow.order_id)
            .where(*self._over(week), clerk)
            .order_by(CallRow.started_at.desc())
            .limit(limit)
        )
        rows = self._session.execute(query).tuples()
        return [(sid, took.get(sid, owner or "")) for sid, owner in rows]

    def unaided(self, week: Stretch, limit: int) -> Sequence[str]:
        """SIDs of calls in which the assistant alone spoke for the desk, newest first."""
        clerk = exists().where(TurnRow.call_sid == CallRow.sid, TurnRow.speaker == "clerk")
        query = select(CallRow.sid).where(*self._over(week), ~clerk)
        return self._session.scalars(query.order_by(CallRow.started_at.desc()).limit(limit)).all()

    def _over(self, week: Stretch) -> Sequence[ColumnElement[bool]]:
        return (
            CallRow.started_at >= week.since,
            CallRow.started_at < week.before,
            CallRow.ended_at.is_not(None),
        )

    def _taken(self, week: Stretch) -> Sequence[tuple[str, str]]:
        query = select(AuditRow.who, AuditRow.subject).where(
            AuditRow.at >= week.since, AuditRow.at < week.before, AuditRow.action == _TAKEN
        )
        return list(self._session.execute(query).tuples())
