"""A day's orders by customer and channel: sent, received, confirmed, signed, missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from models.desk.daycounts import bounds
from models.desk.orders import open_task
from models.order import Status
from models.rows import OrderRow
from models.store import UnitOfWork

REASON = "Orders of this day are missing or not called back yet"
#: How long after a day's end its report is still called for, where no worker was at work.
_LATE = timedelta(hours=24)
_CLOSED = frozenset({Status.CANCELLED.value, Status.REJECTED.value})


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One customer's orders of one day by one channel.

    Attributes:
        customer: the name that the orders give; empty where they give none.
        sent: as the customer said; None where it did not, or does not know.
        waiting: neither confirmed nor closed, so nobody has called back with success.
    """

    customer: str
    channel: str
    sent: int | None = None
    received: int = 0
    confirmed: int = 0
    signed: int = 0
    waiting: int = 0

    @property
    def missing(self) -> int:
        """Sent and not received."""
        return 0 if self.sent is None else max(0, self.sent - self.received)


def report(uow: UnitOfWork, day: date, before: datetime | None = None) -> Sequence[Line]:
    """The day's lines, by customer and channel.

    Args:
        before: what came later is left out.
    """
    began, ended = bounds(uow, day)
    rows: dict[tuple[str, str], list[OrderRow]] = defaultdict(list)
    for row in uow.day_counts.orders(began, min(ended, before or ended)):
        rows[row.customer or "", row.channel].append(row)
    sent = {(said.name, said.channel): said.sent for said in uow.day_counts.of_day(day)}
    keys = sorted({*rows, *sent}, key=lambda key: (not key[0], key))
    return [_line(*key, rows.get(key, []), sent.get(key)) for key in keys]


def call_for(uow: UnitOfWork, day: date, ended: datetime, now: datetime) -> bool:
    """Opens the day's task if anything is missing or not called back; once a day.

    Args:
        ended: when the desk's hours of that day were over; what came later is the next day's.
    """
    if not ended <= now < ended + _LATE:
        return False
    lines = report(uow, day, ended)
    if not any(line.missing or line.waiting for line in lines):
        return False
    reason = f"{REASON}: {day}"
    return open_task(uow, "day_report", reason, None, None, f"day_report:{day}", now)


def _line(customer: str, channel: str, rows: Sequence[OrderRow], sent: int | None) -> Line:
    confirmed = [row for row in rows if row.confirmed_version == row.version]
    signed = [row for row in rows if row.signed_version == row.version]
    waiting = [row for row in rows if row not in confirmed and row.status not in _CLOSED]
    return Line(
        customer=customer,
        channel=channel,
        sent=sent,
        received=len(rows),
        confirmed=len(confirmed),
        signed=len(signed),
        waiting=len(waiting),
    )
