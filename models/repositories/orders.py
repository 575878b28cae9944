"""Orders, their history and their numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Date, bindparam, func, or_, select, text
from sqlalchemy.orm import Session

from models.call import Disposition
from models.codec import changes_json, fields_from, fields_json
from models.errors import NotFound
from models.order import Order, Status
from models.repositories.insert import insert_once
from models.repositories.outbox import Outbox
from models.rows import CallRow, OrderHistoryRow, OrderRow

#: One statement, so that the database itself makes callers at the same moment wait in line.
_NEXT_NUMBER = text(
    "INSERT INTO order_numbers (day, last) VALUES (:day, 1)"
    " ON CONFLICT (day) DO UPDATE SET last = order_numbers.last + 1 RETURNING last"
).bindparams(bindparam("day", type_=Date))
#: Orders of these do not count as "your third today".
_NOT_COUNTED = (Status.CANCELLED.value, Status.REJECTED.value)
#: An order in one of these, with no link sent, was left half taken.
_HALF_TAKEN = (Status.DRAFT.value, Status.CONFIRMED.value, Status.NEEDS_REVIEW.value)
#: Steps that write values.
_VALUE_STEPS = ("begin", "change")
_BROKEN_OFF = (
    Disposition.ABANDONED.value,
    Disposition.FAILED.value,
    Disposition.CALL_BACK.value,
)


class Orders:
    """Orders. `locked` keeps others from changing the row until the unit ends."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, order_id: str) -> Order | None:
        """The order as stored, or None."""
        row = self._session.get(OrderRow, order_id)
        return None if row is None else _order(row)

    def row(self, order_id: str) -> OrderRow:
        """The order's row, locked until the unit ends.

        Raises:
            NotFound: there is none.
        """
        query = select(OrderRow).where(OrderRow.id == order_id).with_for_update()
        row = self._session.scalars(query.execution_options(populate_existing=True)).one_or_none()
        if row is None:
            raise NotFound("There is no such order.")
        return row

    def locked(self, order_id: str) -> Order:
        """The order, its row locked. Raises NotFound."""
        return _order(self.row(order_id))

    def add(self, order: Order, *, caller: str | None, writer: str, by: str, at: datetime) -> Order:
        """Stores a new order; one that is there already is left alone."""
        new = insert_once(
            self._session,
            OrderRow,
            id=order.id,
            channel=order.channel,
            caller=caller,
            writer=writer,
            created_at=at,
            lock=1,
            **_columns(order, at),
        )
        if new:
            self._remember(None, order, step="begin", by=by, at=at)
        return order

    def save(
        self,
        order: Order,
        *,
        step: str,
        by: str,
        at: datetime,
        writer: str | None = None,
        note: str | None = None,
    ) -> Order:
        """Stores `order` over its row and adds to the history what happened.

        What happens to a numbered order wakes its workflows by the same commit. Provenance
        alone leaves no entry. `writer` is set where the values changed hands, `note` where
        somebody gave a reason.
        """
        row = self.row(order.id)
        before = _order(row)
        for name, value in _columns(order, at).items():
            setattr(row, name, value)
        if writer is not None:
            row.writer = writer
        self._session.flush()
        if changes_json(before, order) or step != "change":
            self._remember(before, order, step=step, by=by, at=at, note=note)
            if order.number is not None and step != "send_link":
                Outbox(self._session).wake(order.id, f"{order.id}:{row.lock}", at)
        return order

    def give_to(
        self,
        order_id: str,
        owner: str | None,
        *,
        step: str,
        by: str,
        at: datetime,
        note: str | None,
    ) -> Order:
        """Makes `owner` (a login name) the one who answers for the order; None: nobody."""
        row = self.row(order_id)
        row.owner = owner
        self._session.flush()
        order = _order(row)
        self._remember(order, order, step=step, by=by, at=at, note=note)
        return order

    def confirm(
        self, order: Order, *, day: date, by: str, at: datetime, note: str | None = None
    ) -> Order:
        """Stores a confirmation; the first one gives the order its number and its day."""
        row = self.row(order.id)
        numbered = replace(order, number=row.number or self.next_number(day))
        row.confirmed_on = row.confirmed_on or day
        return self.save(numbered, step="confirm", by=by, at=at, note=note)

    def hand_over(self, order_id: str, *, call_sid: str, writer: str) -> Order:
        """Gives the order to a call: from now on `writer` writes its values."""
        row = self.row(order_id)
        row.call_sid, row.writer = call_sid, writer
        self._session.flush()
        return _order(row)

    def knows_last_change(self, order: Order) -> bool:
        """Whether `order` carries a value, source included, of the last stored change."""
        query = (
            select(OrderHistoryRow.changes)
            .where(OrderHistoryRow.order_id == order.id, OrderHistoryRow.step.in_(_VALUE_STEPS))
            .order_by(OrderHistoryRow.id.desc())
        )
        changes = self._session.scalars(query.limit(1)).first() or {}
        stored = self.locked(order.id)
        return any(order.fields.get(name) == stored.fields.get(name) for name in changes)

    def next_number(self, day: date) -> str:
        """An order number of the day: YYMMDD and four digits or more. Gaps may occur."""
        last = self._session.execute(_NEXT_NUMBER, {"day": day}).scalar_one()
        return f"{day:%y%m%d}{last:04d}"

    def count_on(self, who: str, day: date) -> int:
        """Orders of a customer's name or a caller's number confirmed on a local day."""
        query = select(func.count()).where(
            OrderRow.confirmed_on == day,
            or_(OrderRow.customer == who, OrderRow.caller == who),
            OrderRow.status.not_in(_NOT_COUNTED),
        )
        return self._session.scalars(query).one()

    def latest(self, *, caller: str | None = None, number: str | None = None) -> Order | None:
        """The order with `number`, or else the caller's latest one that holds anything."""
        query = select(OrderRow).order_by(OrderRow.created_at.desc(), OrderRow.id)
        if number is not None:
            query = query.where(OrderRow.number == number)
        elif caller is not None:
            query = query.where(OrderRow.caller == caller, OrderRow.version > 0)
        else:
            return None
        row = self._session.scalars(query.limit(1)).first()
        return None if row is None else _order(row)

    def half_taken(self, caller: str, since: datetime) -> tuple[Order, str] | None:
        """The order a call from `caller` broke off with since then, and that call's SID.

        A call that still runs keeps its order: two people may share one number.
        """
        query = (
            select(OrderRow, CallRow.sid)
            .join(CallRow, OrderRow.call_sid == CallRow.sid)
            .where(
                CallRow.caller == caller,
                CallRow.ended_at >= since,
                or_(CallRow.disposition.in_(_BROKEN_OFF), CallRow.disposition.is_(None)),
                OrderRow.status.in_(_HALF_TAKEN),
                OrderRow.link_version.is_(None),
                OrderRow.version > 0,
            )
            .order_by(CallRow.ended_at.desc(), OrderRow.updated_at.desc())
        )
        found = self._session.execute(query.limit(1)).first()
        return None if found is None else (_order(found[0]), found[1])

    def search(
        self,
        *,
        status: str | None = None,
        call_sid: str | None = None,
        customer: str | None = None,
        limit: int = 50,
        offset: int = 0,
    ) -> Sequence[Order]:
        """Orders, newest first."""
        query = select(OrderRow).order_by(OrderRow.created_at.desc(), OrderRow.id)
        for column, wanted in (
            (OrderRow.status, status),
            (OrderRow.call_sid, call_sid),
            (OrderRow.customer, customer),
        ):
            if wanted is not None:
                query = query.where(column == wanted)
        return [_order(row) for row in self._session.scalars(query.limit(limit).offset(offset))]

    def history(self, order_id: str) -> Sequence[OrderHistoryRow]:
        """What happened to the order, oldest first."""
        query = select(OrderHistoryRow).where(OrderHistoryRow.order_id == order_id)
        return self._session.scalars(query.order_by(OrderHistoryRow.id)).all()

    def _remember(
        self,
        before: Order | None,
        after: Order,
        *,
        step: str,
        by: str,
        at: datetime,
        note: str | None = None,
    ) -> None:
        self._session.add(
            OrderHistoryRow(
                order_id=after.id,
                version=after.version,
                step=step,
                status=after.status.value,
                changes=changes_json(before, after),
                by=by,
                at=at,
                note=note,
            )
        )


def _columns(order: Order, at: datetime) -> dict[str, Any]:
    name = order.value("customer.name")
    return {
        "number": order.number,
        "call_sid": order.call_sid,
        "customer": None if name is None else str(name),
        "status": order.status.value,
        "version": order.version,
        "fields": fields_json(order),
        "confirmed_version": order.confirmed_version,
        "confirmed_by": order.confirmed_by,
        "link_version": order.link_version,
        "signed_version": order.signed_version,
        "review_reasons": list(order.review_reasons),
        "updated_at": at,
    }


def _order(row: OrderRow) -> Order:
    return Order(
        id=row.id,
        number=row.number,
        channel=row.channel,
        call_sid=row.call_sid,
        status=Status(row.status),
        version=row.version,
        fields=fields_from(row.fields),
        confirmed_version=row.confirmed_version,
        confirmed_by=row.confirmed_by,
        link_version=row.link_version,
        signed_version=row.signed_version,
        review_reasons=tuple(row.review_reasons),
    )
