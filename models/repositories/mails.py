"""Mails, who sends them, and how far the mailbox has been fetched."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.repositories.arrivals import Arrivals
from models.rows_mail import MailboxRow, MailRow, MailSenderRow


class Mails(Arrivals[MailRow]):
    """What came in by e-mail."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, MailRow, "There is no such e-mail.")

    def customer_of(self, address: str) -> str | None:
        """The id of the customer that writes from an address."""
        row = self._session.get(MailSenderRow, address)
        return None if row is None else row.customer_id

    def addresses_of(self, customer_id: str) -> Sequence[str]:
        """The addresses that write for a customer."""
        query = select(MailSenderRow.address).where(MailSenderRow.customer_id == customer_id)
        return self._session.scalars(query.order_by(MailSenderRow.address)).all()

    def belongs(self, address: str, customer_id: str) -> None:
        """Notes whose address it is."""
        self._session.merge(MailSenderRow(address=address, customer_id=customer_id))

    def fetched(self, mailbox: str, validity: int) -> int:
        """The UID up to which a mailbox has been fetched; 0 when it begins anew."""
        row = self._session.get(MailboxRow, mailbox)
        return row.last_uid if row is not None and row.validity == validity else 0

    def note_fetched(self, mailbox: str, validity: int, uid: int) -> None:
        """Notes that a mailbox has been fetched up to a UID; it never goes back."""
        before = self.fetched(mailbox, validity)
        self._session.merge(MailboxRow(name=mailbox, validity=validity, last_uid=max(before, uid)))
