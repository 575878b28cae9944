"""The day's number of orders, compared with the customer's own: so that no order is missed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from models.errors import RuleError
from models.rows import OrderRow
from models.rows_fax import DayCountRow
from models.store import UnitOfWork

#: The channel whose number customers are asked for.
ASKED = "fax"
MISSING = "More orders were sent than received: have them sent again"
SURPLUS = "More orders were received than sent: look whether one came twice"
_MOST = 300


@dataclass(frozen=True, slots=True)
class ToAsk:
    """A day whose number is to be asked for, and how many orders of it came in."""

    day: date
    received: int


def bounds(uow: UnitOfWork, day: date) -> tuple[datetime, datetime]:
    """When a day of the desk begins, and the next one."""
    began = datetime.combine(day, time(0), uow.zone)
    return began, datetime.combine(day + timedelta(days=1), time(0), uow.zone)


@dataclass(frozen=True, slots=True)
class Standing:
    """How a faxed order's day stands: what came in, and what the customer said, if it did."""

    day: date
    received: int
    said: DayCountRow | None


def standing(uow: UnitOfWork, order_id: str) -> Standing | None:
    """How the day of a faxed order stands; None for others, and where no customer is named."""
    row = uow.board.order_row(order_id)
    if row is None or row.channel != ASKED or not row.customer:
        return None
    day = uow.local_day(row.created_at)
    said = uow.day_counts.get(_customer(uow, row), day, ASKED)
    return Standing(day, _received(uow, row.customer, day), said)


def to_ask(uow: UnitOfWork, order_id: str) -> ToAsk | None:
    """What to ask the customer of a faxed order; None where it is known, or nobody to ask.

    Once asked, it is asked again only after more has come in.
    """
    now = standing(uow, order_id)
    if now is None or (now.said is not None and now.said.received == now.received):
        return None
    return ToAsk(now.day, now.received)


def keep_count(
    uow: UnitOfWork, order_id: str, sent: int | None, *, by: str, at: datetime
) -> DayCountRow | None:
    """Keeps how many orders the customer says it sent on the order's day, and compares.

    A difference is one task a customer and day, brought up to date; it is closed when the numbers
    agree. None where the order names no customer.

    Args:
        sent: None where the customer does not know.
        by: `assistant`, or a clerk's signature.

    Raises:
        RuleError: the number makes no sense.
    """
    if sent is not None and not 0 <= sent <= _MOST:
        raise RuleError("The number of orders is from 0 to 300.")
    order = uow.board.order_row(order_id)
    if order is None or order.channel != ASKED or not order.customer:
        return None
    day = uow.local_day(order.created_at)
    row = DayCountRow(
        customer=_customer(uow, order),
        day=day,
        channel=ASKED,
        name=order.customer,
        sent=sent,
        received=_received(uow, order.customer, day),
        order_id=order_id,
        by=by,
        at=at,
    )
    uow.day_counts.put(row)
    _tell(uow, row, at)
    return row


def recount(uow: UnitOfWork, order_id: str, at: datetime) -> None:
    """Compares anew after another order of the day has come in."""
    now = standing(uow, order_id)
    # What had come in when the customer was asked stays as it is: by it he is asked again.
    if now is not None and now.said is not None and now.received != now.said.received:
        _tell(uow, now.said, at, now.received)


def _tell(uow: UnitOfWork, row: DayCountRow, at: datetime, received: int | None = None) -> None:
    came = row.received if received is None else received
    differs = 0 if row.sent is None else row.sent - came
    for kind, reason, number in (
        ("missing_order", MISSING, differs),
        ("count_differs", SURPLUS, -differs),
    ):
        key = f"{kind}:{row.channel}:{row.day}:{row.customer}"
        if number > 0:
            said = f"{reason}: {number} ({row.sent}/{came})"
            registered = uow.customers.get(row.customer)
            uow.tasks.keep(
                key, kind=kind, reason=said, order_id=row.order_id,
                customer_id=None if registered is None else registered.id, at=at,
            )  # fmt: skip
        elif row.sent is not None:
            uow.tasks.settle(key, by=row.by, at=at)


def _received(uow: UnitOfWork, name: str, day: date) -> int:
    return uow.day_counts.received(name, ASKED, *bounds(uow, day))


def _customer(uow: UnitOfWork, row: OrderRow) -> str:
    """The customer's id in the register, else the name that the order gives."""
    order = uow.orders.get(row.id)
    found = None if order is None else uow.customers.of_order(order)
    return str(row.customer) if found is None else found.id
