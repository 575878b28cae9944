"""The tables, as typed rows. Raw audio is never among them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import MappingProxyType
from typing import Any, ClassVar

from sqlalchemy import JSON, DateTime, ForeignKey, Index, MetaData, String, UniqueConstraint
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

type_json = JSON(none_as_null=True)


class Moment(TypeDecorator[datetime]):
    """An instant: aware in Python, UTC in the database. Naive times are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A moment to store needs a time zone; this one has none.")
        instant = value.astimezone(UTC)
        return instant.replace(tzinfo=None) if dialect.name == "sqlite" else instant

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None or value.tzinfo is not None:
            return value
        return value.replace(tzinfo=UTC)


class Base(DeclarativeBase):
    """Maps Python types to columns, and names constraints the same on every database."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: Moment,
        dict[str, Any]: type_json,
        list[Any]: type_json,
    }


class CustomerRow(Base):
    """A company that orders."""

    __tablename__ = "customers"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    account: Mapped[str | None] = mapped_column(unique=True)
    effective: Mapped[bool]
    aliases: Mapped[list[Any]]
    origins: Mapped[list[Any]]
    consignees: Mapped[list[Any]]
    goods: Mapped[list[Any]]


class CustomerPhoneRow(Base):
    """A telephone number and the customer it belongs to."""

    __tablename__ = "customer_phones"

    number: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    person: Mapped[str | None]
    place: Mapped[int]


class OrderRow(Base):
    """An order as it stands. `writer` is who wrote the values last; `lock` guards updates.

    `suspects` are goods of a written order that may hide dangerous ones, to be asked about.
    """

    __tablename__ = "orders"
    __table_args__ = (Index("ix_orders_confirmed_on_customer", "confirmed_on", "customer"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[str | None] = mapped_column(unique=True)
    channel: Mapped[str]
    call_sid: Mapped[str | None] = mapped_column(index=True)
    caller: Mapped[str | None] = mapped_column(index=True)
    customer: Mapped[str | None] = mapped_column(index=True)
    status: Mapped[str] = mapped_column(index=True)
    version: Mapped[int]
    fields: Mapped[dict[str, Any]]
    confirmed_version: Mapped[int | None]
    confirmed_by: Mapped[str | None]
    confirmed_on: Mapped[date | None]
    link_version: Mapped[int | None]
    signed_version: Mapped[int | None]
    review_reasons: Mapped[list[Any]]
    suspects: Mapped[list[Any] | None] = mapped_column(type_json)
    owner: Mapped[str | None] = mapped_column(index=True)
    writer: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(index=True)
    lock: Mapped[int] = mapped_column()

    __mapper_args__ = MappingProxyType({"version_id_col": lock})


class OrderHistoryRow(Base):
    """What happened to an order; only ever added to."""

    __tablename__ = "order_history"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    version: Mapped[int]
    step: Mapped[str]
    status: Mapped[str]
    changes: Mapped[dict[str, Any]]
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str | None]


class CallRow(Base):
    """One call.

    `status` is the telephone company's word for how it stands; `transfer_to` the role of the
    person who is to take over.
    """

    __tablename__ = "calls"

    sid: Mapped[str] = mapped_column(primary_key=True)
    caller: Mapped[str | None] = mapped_column(index=True)
    called: Mapped[str | None]
    lang: Mapped[str]
    started_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    disposition: Mapped[str | None]
    order_id: Mapped[str | None] = mapped_column(index=True)
    recording: Mapped[str | None]
    status: Mapped[str]
    transfer_to: Mapped[str | None]


class TurnRow(Base):
    """One side's contribution in a call; see `models.call.Turn`."""

    __tablename__ = "turns"

    call_sid: Mapped[str] = mapped_column(ForeignKey("calls.sid"), primary_key=True)
    index: Mapped[int] = mapped_column(primary_key=True)
    speaker: Mapped[str]
    text: Mapped[str]
    started_ms: Mapped[int]
    ended_ms: Mapped[int | None]
    confidence: Mapped[float | None]
    prompt: Mapped[str | None]
    order_version: Mapped[int | None]
    values: Mapped[dict[str, Any]]
    heard_ratio: Mapped[float | None]
    words: Mapped[list[Any] | None]


class CallEventRow(Base):
    """One event of the dialogue, for replay and for going on after a break."""

    __tablename__ = "call_events"

    call_sid: Mapped[str] = mapped_column(ForeignKey("calls.sid"), primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    type: Mapped[str]
    body: Mapped[dict[str, Any]]


class OutboxRow(Base):
    """An effect that is to leave the house.

    `state`: `pending` -> `started` (a workflow has it) -> `done` or `failed`. `attempts` counts
    how often it was begun to be handed over, `tried_at` is the last time; `external_id` is the
    telephone company's name for it once it was.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state", "state"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    order_id: Mapped[str | None] = mapped_column(index=True)
    payload: Mapped[dict[str, Any]]
    state: Mapped[str]
    attempts: Mapped[int]
    tried_at: Mapped[datetime | None]
    last_error: Mapped[str | None]
    external_id: Mapped[str | None]
    created_at: Mapped[datetime]


class MessageRow(Base):
    """A text message or an e-mail to a signer, and how far it got. `key` is its outbox row's.

    `mobile` is where it went: a number in E.164, or an e-mail address (`encoding` is `MIME`).
    """

    __tablename__ = "messages"

    sid: Mapped[str] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[str | None] = mapped_column(index=True)
    order_version: Mapped[int | None]
    mobile: Mapped[str]
    body: Mapped[str]
    encoding: Mapped[str]
    segments: Mapped[int]
    status: Mapped[str]
    error_code: Mapped[str | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class MessageCallbackRow(Base):
    """A delivery report as it came, once each."""

    __tablename__ = "message_callbacks"
    __table_args__ = (UniqueConstraint("sid", "status"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    sid: Mapped[str]
    status: Mapped[str]
    error_code: Mapped[str | None]
    at: Mapped[datetime]


class NoticePlayedRow(Base):
    """The notice was read to the caller, and how far it was heard (0 to 1)."""

    __tablename__ = "notices_played"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    order_version: Mapped[int]
    notice: Mapped[str]
    heard_ratio: Mapped[float]
    at: Mapped[datetime]


class LinkRow(Base):
    """A signing link, for one version of one order. The token itself is nowhere stored.

    `mobile` is where it was sent: a number in E.164, or an e-mail address.
    """

    __tablename__ = "links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)
    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), index=True)
    order_version: Mapped[int]
    mobile: Mapped[str]
    lang: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class SignatureRow(Base):
    """A signature: for one version of one order and the notice that was shown with it.

    `payload` and `order_payload` are the very texts whose digests were signed; `shown` is what
    the page showed of the order, in the signer's language.
    """

    __tablename__ = "signatures"

    order_id: Mapped[str] = mapped_column(ForeignKey("orders.id"), primary_key=True)
    order_version: Mapped[int] = mapped_column(primary_key=True)
    order_digest: Mapped[str] = mapped_column(String(64))
    notice: Mapped[str]
    notice_digest: Mapped[str] = mapped_column(String(64))
    payload: Mapped[str]
    order_payload: Mapped[str]
    shown: Mapped[dict[str, Any]]
    lang: Mapped[str]
    name: Mapped[str]
    drawing: Mapped[dict[str, Any] | None]
    consents: Mapped[list[Any]]
    at: Mapped[datetime]
    ip: Mapped[str]
    user_agent: Mapped[str]
    mobile: Mapped[str]
    mobile_proven_at: Mapped[datetime | None]


class TaskRow(Base):
    """Something for a person to do. `state`: `open` or `done`.

    `clerk` is the login name of whose task it is, where it is somebody's.
    """

    __tablename__ = "tasks"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    reason: Mapped[str]
    order_id: Mapped[str | None] = mapped_column(index=True)
    call_sid: Mapped[str | None] = mapped_column(index=True)
    customer_id: Mapped[str | None] = mapped_column(index=True)
    clerk: Mapped[str | None]
    state: Mapped[str] = mapped_column(index=True)
    created_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None]
    note: Mapped[str | None]


class OrderNumberRow(Base):
    """The last order number given on a local day."""

    __tablename__ = "order_numbers"

    day: Mapped[date] = mapped_column(primary_key=True)
    last: Mapped[int]
