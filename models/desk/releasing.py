"""Who may release an order: the head in a customer's first period, approvers where it is risky."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from models.admission import Admission
from models.customer import Customer
from models.desk.admission import admission_of
from models.errors import RuleError
from models.order import OVER, Order, StaleVersion
from models.risk import AMOUNTS, Facts, Risk, assess, suffices
from models.staff import Role, User
from models.store import UnitOfWork

#: Notices that were not signed in time count for so long.
_REMEMBERED = timedelta(days=180)


class HeadOnly(RuleError):
    """During a customer's first period its orders are the head's."""


class NeedsApproval(RuleError):
    """Somebody else has to approve this release first."""


def first_period(uow: UnitOfWork, order: Order) -> bool:
    """Whether the head of customer service takes this order's customer personally."""
    customer = uow.customers.of_order(order)
    return customer is not None and uow.onboardings.in_first_period(customer.id)


def must_be_heads(uow: UnitOfWork, order: Order, user: User) -> None:
    """Raises HeadOnly where only the head works on this order, and `user` is none."""
    if user.role is not Role.HEAD and first_period(uow, order):
        raise HeadOnly(
            "During this customer's first period the head of customer service takes its orders."
        )


def risk_of(uow: UnitOfWork, order: Order, at: datetime, customer: Customer | None = None) -> Risk:
    """How risky the order is now. Its customer is looked up unless it is given."""
    customer = customer or uow.customers.of_order(order)
    return assess(_facts(uow, order, customer, at))


def approved(uow: UnitOfWork, order: Order, risk: Risk, user: User | None = None) -> bool:
    """Whether the order's present version is approved as its risk asks, or `user` suffices."""
    if user is not None and suffices(user.role, risk.approver):
        return True
    given = uow.releases.approvals(order.id, order.version)
    return suffices_any(given, risk)


def suffices_any(given: Any, risk: Risk) -> bool:
    """Whether one of these approvals is enough. They are for what the order's risk was then."""
    if risk.approver is None:
        return True
    return any(suffices(Role(row.role), risk.approver) for row in given)


def must_be_approved(uow: UnitOfWork, order: Order, user: User, at: datetime) -> None:
    """Raises HeadOnly or NeedsApproval where `user` may not release the order."""
    must_be_heads(uow, order, user)
    if not approved(uow, order, risk_of(uow, order, at), user):
        raise NeedsApproval("This order is risky: its release has to be approved first.")


def approve_release(
    uow: UnitOfWork, order_id: str, version: int, *, user: User, comment: str, at: datetime
) -> Order:
    """Approves the release of a risky order; it is for this very version.

    Raises:
        StaleVersion: the order was changed meanwhile.
        NeedsApproval: this person's word is not enough.
    """
    order = uow.orders.locked(order_id)
    if order.version != version:
        raise StaleVersion("Somebody else worked on this order meanwhile.")
    if order.status in OVER:
        raise RuleError("This order is over.")
    risk = risk_of(uow, order, at)
    if risk.approver is None or not suffices(user.role, risk.approver):
        raise NeedsApproval("Somebody else has to approve this release.")
    uow.releases.approve(
        order_id=order_id,
        order_version=version,
        by=user.name,
        role=user.role.value,
        points=risk.points,
        comment=comment.strip(),
        at=at,
    )
    detail = {"version": version, "points": risk.points}
    uow.audit.add(user.name, "order.approve_release", f"order:{order_id}", at=at, detail=detail)
    return order


def heads_there(uow: UnitOfWork, at: datetime) -> Sequence[str]:
    """Heads of customer service who are not away today, the one with the fewest orders first."""
    today = uow.local_day(at)
    away = {row.user for row in uow.duties.absences(today) if row.first <= today}
    heads = [user.name for user in uow.users.all() if user.active and user.role is Role.HEAD]
    return sorted(set(heads) - away, key=lambda name: (uow.board.owned_by(name), name))


def route_to_head(uow: UnitOfWork, order: Order, at: datetime) -> Order:
    """Gives an order, of a customer in its first period, to the head with the fewest open ones."""
    heads = heads_there(uow, at)
    if not heads:
        return order
    reason = "first period of a new customer"
    return uow.orders.give_to(order.id, heads[0], step="own", by="assistant", at=at, note=reason)


def _facts(uow: UnitOfWork, order: Order, customer: Customer | None, at: datetime) -> Facts:
    values, row = order.values(), uow.board.order_row(order.id)
    name = str(values.get("customer.name") or "")
    past = uow.releases.accepted(name, order.id) if name else []
    day = (row and row.confirmed_on) or uow.local_day(at)
    per_day = dict(uow.releases.orders_a_day(name, order.id)) if name else {}
    return Facts(
        first_period=customer is None or uow.onboardings.in_first_period(customer.id),
        exception=admission_of(uow, customer, at) is Admission.EXCEPTION,
        declared_value=_number(values.get("declared_value_cny")),
        goods=str(values.get("goods") or ""),
        dangerous=bool(values.get("dangerous")),
        suspects=row is not None and bool(row.suspects),
        route=_route(values),
        routes=tuple(route for one in past if (route := _route(one)) is not None),
        amounts={one: n for one in AMOUNTS if (n := _number(values.get(one))) is not None},
        usual={one: _numbers(past, one) for one in AMOUNTS},
        values=_numbers(past, "declared_value_cny"),
        orders_today=per_day.pop(day, 0) + 1,
        orders_a_day=list(per_day.values()),
        unsigned_before=uow.releases.unsigned(name, order.id, at - _REMEMBERED) if name else 0,
    )


def _numbers(past: Sequence[Mapping[str, Any]], name: str) -> list[float]:
    return [n for one in past if (n := _number(one.get(name))) is not None]


def _route(values: Mapping[str, Any]) -> tuple[str, str] | None:
    origin, destination = values.get("origin.city"), values.get("destination.city")
    return (str(origin), str(destination)) if origin and destination else None


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) else None
