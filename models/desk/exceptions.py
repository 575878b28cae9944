"""A leader's exception by phone: recorded, reminded of, lapsed, lifted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.admission import Alert, PhoneException, alerts, allow
from models.customer import Customer
from models.desk.onboarding_mails import heads, tell
from models.desk.orders import open_task
from models.errors import NotFound, RuleError
from models.repositories.onboardings import exception_of
from models.staff import Permission, Role, User
from models.store import UnitOfWork

#: The kind of the outbox row that has an exception watched until its end.
WATCH = "exception"
#: What people are told of an exception, by the message's name.
_MESSAGES = {
    Alert.REMIND: "exception_remind",
    Alert.ESCALATE: "exception_escalate",
    Alert.SUSPEND: "exception_suspended",
}


@dataclass(frozen=True, slots=True)
class Watched:
    """An exception as its workflow sees it; `alerts` that are not done yet, with their times."""

    ended: bool
    alerts: tuple[tuple[datetime, Alert], ...]


def record(
    uow: UnitOfWork, onboarding_id: str, exception: PhoneException, *, user: User, at: datetime
) -> int:
    """Writes down what a leader allowed, and has its papers watched; its id.

    Raises:
        RuleError: see `models.admission.allow`; or the papers are approved already.
    """
    if not user.may(Permission.HANDLE) and not user.may(Permission.CUSTOMERS):
        raise RuleError("Your role does not record exceptions.")
    form = uow.onboardings.locked(onboarding_id)
    if form.effective:
        raise RuleError("The papers are approved; no exception is needed.")
    leader = uow.users.find(exception.leader)
    if leader is None or not leader.active:
        raise NotFound("There is no such user.")
    allowed = allow(exception, role=Role(leader.role), now=at)
    row = uow.exceptions.add(form.customer_id, allowed, at)
    payload = {"exception_id": row.id, "onboarding_id": onboarding_id}
    uow.outbox.put(f"exception:{row.id}", kind=WATCH, payload=payload, at=at)
    detail = {"leader": allowed.leader, "means": allowed.means.value, "due": row.due.isoformat()}
    subject = f"customer:{form.customer_id}"
    uow.audit.add(user.name, "customer.exception", subject, at=at, detail=detail)
    return row.id


def take_back(uow: UnitOfWork, exception_id: int, *, user: User, at: datetime) -> None:
    """Ends an exception before its time; the leader who gave it does, or somebody who leads."""
    row = uow.exceptions.row(exception_id)
    if user.name != row.leader and not user.may(Permission.LEAD):
        raise RuleError("Another leader gave this exception.")
    if row.ended_at is None:
        row.ended_at, row.ended_by = at, user.name
        subject = f"customer:{row.customer_id}"
        uow.audit.add(user.name, "customer.exception_ended", subject, at=at)


def watched(uow: UnitOfWork, payload: Mapping[str, Any], done: int) -> Watched:
    """How an exception stands whose first `done` alerts were given."""
    row = uow.exceptions.row(int(payload["exception_id"]))
    exception = exception_of(row)
    customer = uow.customers.get(row.customer_id)
    ended = exception.ended_at is not None or customer is None or customer.effective
    newer = next(iter(uow.exceptions.rows(row.customer_id))).id != row.id
    return Watched(ended or newer, alerts(exception)[done:])


def give_alert(uow: UnitOfWork, payload: Mapping[str, Any], alert: Alert, at: datetime) -> None:
    """Tells the people concerned. The last alert suspends. Doing it twice changes nothing."""
    row = uow.exceptions.row(int(payload["exception_id"]))
    about = str(payload["onboarding_id"])
    form = uow.onboardings.get(about)
    customer = uow.customers.get(row.customer_id)
    if form is None or customer is None:
        return
    names = [form.author, row.noted_by]
    if alert is not Alert.REMIND:
        names += [row.leader, *heads(uow)]
    moment = sum(time <= at for time, _ in alerts(exception_of(row)))
    tell(uow, names, _MESSAGES[alert], about, f"{row.id}:{moment}", at)
    if alert is Alert.SUSPEND and row.suspended_at is None:
        row.suspended_at = at
        detail = {"exception": row.id}
        uow.audit.add("-", "customer.suspend", f"customer:{customer.id}", at=at, detail=detail)
        _ask_people(uow, customer, row.id, at)


def _ask_people(uow: UnitOfWork, customer: Customer, exception_id: int, at: datetime) -> None:
    reason = "an exception by phone ran out before the customer's papers were approved"
    for order_id in uow.people.open_orders_of(customer.name):
        key = f"exception_over:{exception_id}:{order_id}"
        open_task(uow, "exception_over", reason, order_id, None, key, at)
    open_task(uow, "exception_over", reason, None, None, f"exception_over:{exception_id}", at)
