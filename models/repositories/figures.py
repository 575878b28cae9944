"""The desk's figures, added up by the database."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Float,
    Integer,
    Select,
    SQLColumnExpression,
    and_,
    case,
    cast,
    distinct,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session

from models.call import BROWSER_PREFIX, Disposition
from models.figures import Corrections, Figures, Stretch
from models.message import MIME, Delivery
from models.rows import (
    CallRow,
    LinkRow,
    MessageRow,
    NoticePlayedRow,
    OrderHistoryRow,
    OrderRow,
    SignatureRow,
    TurnRow,
)

#: The caller got what they rang for, and nobody had to help.
_CONTAINED = (
    Disposition.ORDERED.value,
    Disposition.CANCELLED.value,
    Disposition.INFORMED.value,
    Disposition.WRONG_NUMBER.value,
)
_ARRIVED = (Delivery.DELIVERED.value, Delivery.READ.value)
_DAY_S = 86_400

Found = Mapping[str, Any]


class FigureBook:
    """Reads only.

    Args:
        browser: whether calls from the telephone in the browser, and their orders, count.
    """

    def __init__(self, session: Session, *, browser: bool = False) -> None:
        self._session = session
        self._browser = browser

    def of(self, stretches: Sequence[Stretch]) -> Sequence[Figures]:
        """The figures of each stretch, in their order."""
        when = _when(stretches)
        found: list[dict[str, Any]] = [{} for _ in stretches]
        for query in self._queries(when):
            for row in self._session.execute(query).mappings():
                values = dict(row)
                found[values.pop("place")].update(values)
        return [Figures(**values) for values in found]

    def corrections(self, stretches: Sequence[Stretch]) -> Sequence[Corrections]:
        """Values that were replaced by others, by field, the most often replaced first."""
        each = func.json_each(OrderHistoryRow.changes).table_valued("key", "value")
        clerk = OrderHistoryRow.by.like("clerk:%")
        counted = func.count()
        query = (
            select(each.c.key, _sum(clerk), counted)
            .select_from(OrderHistoryRow)
            .join(OrderRow, OrderRow.id == OrderHistoryRow.order_id)
            .join(each, literal(True))
            .where(
                OrderHistoryRow.at >= stretches[0].since,
                OrderHistoryRow.at < stretches[-1].before,
                OrderHistoryRow.step == "change",
                each.c.value.op("->>")("old").is_not(None),
                *self._orders(),
            )
            .group_by(each.c.key)
            .order_by(counted.desc(), each.c.key)
        )
        rows = self._session.execute(query)
        return [Corrections(name, every - ours, ours) for name, ours, every in rows]

    def _queries(self, when: CTE) -> Iterator[Select[Any]]:
        yield self._calls(when)
        yield self._turns(when)
        yield self._notices(when)
        yield self._messages(when)
        yield self._links(when)

    def _calls(self, when: CTE) -> Select[Any]:
        length = self._seconds(CallRow.ended_at, CallRow.started_at)
        return (
            select(
                when.c.place,
                func.count().label("calls"),
                _sum(CallRow.disposition.in_(_CONTAINED)).label("contained"),
                func.avg(length).label("seconds"),
            )
            .join(CallRow, _within(when, CallRow.started_at))
            .where(CallRow.ended_at.is_not(None), *self._telephone())
            .group_by(when.c.place)
        )

    def _turns(self, when: CTE) -> Select[Any]:
        ordered = CallRow.disposition == Disposition.ORDERED.value
        return (
            select(
                when.c.place,
                _sum(ordered).label("turns"),
                func.count(distinct(case((ordered, CallRow.sid)))).label("ordered"),
                func.avg(TurnRow.confidence).label("confidence"),
            )
            .join(CallRow, _within(when, CallRow.started_at))
            .join(TurnRow, TurnRow.call_sid == CallRow.sid)
            .where(TurnRow.speaker == "caller", *self._telephone())
            .group_by(when.c.place)
        )

    def _notices(self, when: CTE) -> Select[Any]:
        best = (
            select(
                NoticePlayedRow.order_id,
                func.min(NoticePlayedRow.at).label("at"),
                func.max(NoticePlayedRow.heard_ratio).label("ratio"),
            )
            .group_by(NoticePlayedRow.order_id, NoticePlayedRow.order_version)
            .subquery()
        )
        return (
            select(
                when.c.place,
                func.count().label("notices"),
                _sum(best.c.ratio >= 1.0).label("heard"),
            )
            .join(best, _within(when, best.c.at))
            .join(OrderRow, OrderRow.id == best.c.order_id)
            .where(*self._orders())
            .group_by(when.c.place)
        )

    def _messages(self, when: CTE) -> Select[Any]:
        return (
            select(
                when.c.place,
                func.count().label("messages"),
                _sum(MessageRow.status.in_(_ARRIVED)).label("delivered"),
            )
            .join(
                MessageRow,
                and_(_within(when, MessageRow.created_at), MessageRow.encoding != MIME),
            )
            .outerjoin(OrderRow, OrderRow.id == MessageRow.order_id)
            .where(*self._orders())
            .group_by(when.c.place)
        )

    def _links(self, when: CTE) -> Select[Any]:
        first = (
            select(
                LinkRow.order_id,
                LinkRow.order_version,
                func.min(LinkRow.created_at).label("at"),
            )
            .group_by(LinkRow.order_id, LinkRow.order_version)
            .subquery()
        )
        signed = and_(
            SignatureRow.order_id == first.c.order_id,
            SignatureRow.order_version == first.c.order_version,
        )
        soon = self._seconds(SignatureRow.at, first.c.at) <= _DAY_S
        return (
            select(when.c.place, func.count().label("links"), _sum(soon).label("signed"))
            .join(first, _within(when, first.c.at))
            .join(OrderRow, OrderRow.id == first.c.order_id)
            .outerjoin(SignatureRow, signed)
            .where(*self._orders())
            .group_by(when.c.place)
        )

    def _telephone(self) -> Sequence[ColumnElement[bool]]:
        return () if self._browser else (CallRow.sid.not_like(f"{BROWSER_PREFIX}%"),)

    def _orders(self) -> Sequence[ColumnElement[bool]]:
        if self._browser:
            return ()
        called = OrderRow.call_sid
        return (or_(called.is_(None), called.not_like(f"{BROWSER_PREFIX}%")),)

    def _seconds(
        self, later: SQLColumnExpression[Any], earlier: SQLColumnExpression[Any]
    ) -> ColumnElement[float]:
        """The time between two instants, which each database reckons in its own way."""
        if self._session.get_bind().dialect.name == "sqlite":
            days = func.julianday(later) - func.julianday(earlier)
            return cast(days * _DAY_S, Float)
        return cast(func.extract("epoch", later - earlier), Float)


def _when(stretches: Sequence[Stretch]) -> CTE:
    """The stretches as a table: their place in the list, from when, before when."""
    rows = (
        select(
            literal(place).label("place"),
            literal(stretch.since, CallRow.started_at.type).label("since"),
            literal(stretch.before, CallRow.started_at.type).label("before"),
        )
        for place, stretch in enumerate(stretches)
    )
    return union_all(*rows).cte("stretches")


def _within(when: CTE, moment: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    return and_(moment >= when.c.since, moment < when.c.before)


def _sum(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.coalesce(func.sum(case((condition, 1), else_=0)), 0), Integer)
