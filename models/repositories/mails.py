"""Mails, who sends them, and how far the mailbox has been fetched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound
from models.repositories.insert import insert_once
from models.rows_mail import MailboxRow, MailRow, MailSenderRow


class Mails:
    """What came in by e-mail."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, key: str, **values: Any) -> bool:
        """Keeps a mail; False when the same one is kept already."""
        return insert_once(self._session, MailRow, key=key, **values)

    def get(self, mail_id: str) -> MailRow:
        """The mail. Raises NotFound."""
        row = self._session.get(MailRow, mail_id)
        if row is None:
            raise NotFound("There is no such e-mail.")
        return row

    def find(self, mail_id: str) -> MailRow | None:
        """The mail, or None."""
        return self._session.get(MailRow, mail_id)

    def locked(self, mail_id: str) -> MailRow:
        """The mail, locked until the unit ends."""
        query = select(MailRow).where(MailRow.id == mail_id).with_for_update()
        return self._session.scalars(query).one()

    def raw(self, mail_id: str) -> bytes:
        """The mail as it came."""
        return self._session.scalars(select(MailRow.raw).where(MailRow.id == mail_id)).one()

    def like(self, row: MailRow, since: datetime) -> MailRow | None:
        """An earlier mail that says the same, received since then."""
        query = select(MailRow).where(
            MailRow.content == row.content,
            MailRow.id != row.id,
            MailRow.received_at >= since,
            MailRow.received_at <= row.received_at,
            MailRow.state.in_(("read", "received")),
        )
        return self._session.scalars(query.order_by(MailRow.received_at).limit(1)).first()

    def latest(self, limit: int, offset: int) -> Sequence[MailRow]:
        """Mails, newest first."""
        query = select(MailRow).order_by(MailRow.received_at.desc(), MailRow.id)
        return self._session.scalars(query.limit(limit).offset(offset)).all()

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
