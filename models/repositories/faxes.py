"""Faxes, and who sends them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from models.repositories.arrivals import Arrivals
from models.rows_fax import FaxRow, FaxSenderRow


class Faxes(Arrivals[FaxRow]):
    """What came in by fax."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, FaxRow, "There is no such fax.")

    def customer_of(self, number: str) -> str | None:
        """The id of the customer that sends from a fax number (E.164)."""
        row = self._session.get(FaxSenderRow, number)
        return None if row is None else row.customer_id

    def belongs(self, number: str, customer_id: str) -> None:
        """Notes whose fax number it is."""
        self._session.merge(FaxSenderRow(number=number, customer_id=customer_id))
