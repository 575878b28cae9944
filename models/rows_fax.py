"""The tables of faxes, of who sends them, and of how many orders customers say they sent."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base, type_json


class FaxRow(Base):
    """A fax as it came, and what was read in it.

    `key` is the same for one fax that is told of twice; `content` for one with the same bytes.
    `source`: `folder`, `service` or `mail`; `reference` is its name there: a file's name, the
    service's id, the e-mail's id. `number` is the sender's, E.164, empty where nobody told it.
    `state`: `announced` (its pages are still at the service), `received`, `read`, `repeated` (the
    same pages came before), `lost` (its pages cannot be had) or `failed` (this program could not
    read it). `parts` and `orders` as in mails.
    """

    __tablename__ = "faxes"

    id: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    content: Mapped[str] = mapped_column(index=True)
    source: Mapped[str]
    reference: Mapped[str]
    number: Mapped[str] = mapped_column(index=True)
    media_url: Mapped[str | None]
    received_at: Mapped[datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)
    parts: Mapped[list[Any] | None] = mapped_column(type_json)
    orders: Mapped[list[Any]]
    raw: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class FaxSenderRow(Base):
    """A fax number (E.164) and the customer that sends from it."""

    __tablename__ = "fax_senders"

    number: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(index=True)


class DayCountRow(Base):
    """How many orders a customer says it sent on one day by one channel.

    `customer` is its id in the register, or its name where it is in none. `sent` is None where
    the customer did not know. `received` is what had come in when it was asked. `by` is
    `assistant`, or a clerk's signature.
    """

    __tablename__ = "day_counts"

    customer: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    channel: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    sent: Mapped[int | None]
    received: Mapped[int]
    order_id: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]
