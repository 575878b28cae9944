"""Who is given orders: hours, absences, customers' own clerks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.assignment import Absence, Clerk
from models.errors import NotFound
from models.office import parse_spans
from models.order import OVER
from models.rows import OrderRow
from models.rows_ownership import AbsenceRow, CustomerClerkRow, DutyRow

_ENDED = tuple(status.value for status in OVER)


class Duties:
    """Reads and keeps what assignment goes by."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def shifts(self) -> Mapping[str, str]:
        """Login name to hours, as written, of everybody who is given orders."""
        rows = self._session.scalars(select(DutyRow).order_by(DutyRow.user))
        return {row.user: row.shift for row in rows}

    def set_shift(self, user: str, shift: str | None) -> None:
        """Gives somebody orders in these hours; None gives none any more."""
        row = self._session.get(DutyRow, user)
        if row is not None and shift is None:
            self._session.delete(row)
        elif row is not None and shift is not None:
            row.shift = shift
        elif shift is not None:
            self._session.add(DutyRow(user=user, shift=shift))
        self._session.flush()

    def absences(self, since: date) -> Sequence[AbsenceRow]:
        """Absences that are not over on a day, by their first day."""
        query = select(AbsenceRow).where(AbsenceRow.last >= since)
        return self._session.scalars(query.order_by(AbsenceRow.first, AbsenceRow.id)).all()

    def add_absence(self, row: AbsenceRow) -> None:
        """Stores an absence."""
        self._session.add(row)
        self._session.flush()

    def end_absence(self, absence_id: int) -> AbsenceRow:
        """Takes an absence out. Raises NotFound."""
        row = self._session.get(AbsenceRow, absence_id)
        if row is None:
            raise NotFound("There is no such absence.")
        self._session.delete(row)
        self._session.flush()
        return row

    def customers(self) -> Mapping[str, str]:
        """Customer's id to its own clerk."""
        return {
            row.customer_id: row.user for row in self._session.scalars(select(CustomerClerkRow))
        }

    def own_clerk(self, customer_id: str) -> str | None:
        """The customer's own clerk, or None."""
        row = self._session.get(CustomerClerkRow, customer_id)
        return None if row is None else row.user

    def set_own_clerk(self, customer_id: str, user: str | None) -> None:
        """Gives a customer a clerk of its own, or none any more."""
        row = self._session.get(CustomerClerkRow, customer_id)
        if row is not None:
            self._session.delete(row)
            self._session.flush()
        if user is not None:
            self._session.add(CustomerClerkRow(customer_id=customer_id, user=user))
        self._session.flush()

    def clerks(self, names: Sequence[str], today: date) -> Sequence[Clerk]:
        """These people as assignment sees them on a local day."""
        shifts, away = self.shifts(), self.absences(today)
        open_orders = self.open_orders()
        return [
            Clerk(
                name=name,
                takes=name in shifts,
                shift=parse_spans(shifts.get(name, "")),
                open_orders=len(open_orders.get(name, ())),
                absences=tuple(
                    Absence(row.first, row.last, row.stand_in) for row in away if row.user == name
                ),
            )
            for name in names
        ]

    def waiting(self) -> Sequence[str]:
        """Ids of open orders with something in them that nobody answers for, oldest first."""
        query = select(OrderRow.id).where(
            OrderRow.owner.is_(None), OrderRow.status.not_in(_ENDED), OrderRow.version > 0
        )
        return self._session.scalars(query.order_by(OrderRow.created_at, OrderRow.id)).all()

    def open_orders(self) -> Mapping[str, Sequence[str]]:
        """Owner to the ids of their open orders, oldest first."""
        query = select(OrderRow.owner, OrderRow.id).where(
            OrderRow.owner.is_not(None), OrderRow.status.not_in(_ENDED)
        )
        found: dict[str, list[str]] = {}
        for owner, order in self._session.execute(query.order_by(OrderRow.created_at)).tuples():
            found.setdefault(str(owner), []).append(order)
        return found
