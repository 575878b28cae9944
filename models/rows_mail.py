"""The tables of mails, and of the mailbox that they were fetched from."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base, type_json


class MailRow(Base):
    """A mail as it came, and what was read in it.

    `key` is the same for one mail that arrives twice; `content` for one that says the same.
    `state`: `received`, `read`, `repeated` (it says what another one said), `automatic`, `fax`
    (a fax gateway's: what it carries is kept as faxes), or `failed`: it could not be read, and a
    person has it.
    `checks` are the proofs of the sender, such as `{"spf": "pass"}`. `parts` is what its parts
    hold (`nlp.written.source.Part` as JSON), `orders` the ids of its orders.
    """

    __tablename__ = "mails"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    content: Mapped[str] = mapped_column(index=True)
    sender: Mapped[str] = mapped_column(index=True)
    sender_name: Mapped[str]
    subject: Mapped[str]
    sent_at: Mapped[datetime | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)
    checks: Mapped[dict[str, Any]]
    parts: Mapped[list[Any] | None] = mapped_column(type_json)
    orders: Mapped[list[Any]]
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class MailSenderRow(Base):
    """An address and the customer that writes from it."""

    __tablename__ = "mail_senders"

    address: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)


class MailboxRow(Base):
    """How far a mailbox has been fetched: UIDs up to `last_uid`, under this UIDVALIDITY."""

    __tablename__ = "mailboxes"

    name: Mapped[str] = mapped_column(primary_key=True)
    validity: Mapped[int] = mapped_column(BigInteger)
    last_uid: Mapped[int] = mapped_column(BigInteger)
