"""Who answers for orders: given by rules, kept from intake to end, handed on in an absence."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from models.assignment import Absence, Clerk, Why, check, choose, succeed
from models.desk.deputies import may_stand_in
from models.desk.releasing import first_period, heads_there, route_to_head
from models.desk.running import going_on
from models.errors import NotFound, RuleError
from models.office import parse_spans
from models.order import OVER, Order
from models.rows_ownership import AbsenceRow
from models.staff import Permission, User
from models.store import UnitOfWork


def assign(uow: UnitOfWork, order: Order, at: datetime) -> Order:
    """Gives an order that nobody answers for to whom the rules name, if they name somebody."""
    if order.status in OVER or uow.orders.row(order.id).owner is not None:
        return order
    if first_period(uow, order):
        return route_to_head(uow, order, at)
    local = at.astimezone(uow.zone)
    clerks = uow.duties.clerks(_workers(uow), local.date())
    found = choose(clerks, own=_own_clerk(uow, order), now=local)
    if found is None:
        return order
    return uow.orders.give_to(
        order.id, found.name, step="own", by="assistant", at=at, note=found.why.value
    )


def assign_waiting(uow: UnitOfWork, at: datetime) -> int:
    """Gives orders that came while nobody was on shift to whom the rules name now; how many."""
    if not uow.duties.shifts() and not heads_there(uow, at):
        return 0
    given = 0
    for order_id in uow.duties.waiting():
        if going_on(uow.board.calls_of(order_id), at):
            continue  # the caller is still giving it
        assign(uow, uow.orders.locked(order_id), at)
        given += uow.orders.row(order_id).owner is not None
    return given


def owner_to_ring(uow: UnitOfWork, call_sid: str, at: datetime) -> str:
    """The number (E.164) of whoever answers for a call's order, or for its caller's latest one.

    Empty where that is nobody, or somebody without a number, away or not on shift.
    """
    call = uow.calls.find(call_sid)
    if call is None:
        return ""
    row = uow.board.order_row(call.order_id) if call.order_id else None
    if row is None or row.owner is None:
        latest = uow.orders.latest(caller=call.caller) if call.caller else None
        is_open = latest is not None and latest.status not in OVER
        row = uow.board.order_row(latest.id) if latest is not None and is_open else None
    if row is None or row.owner is None:
        return ""
    local = at.astimezone(uow.zone)
    there = any(c.is_there(local) for c in uow.duties.clerks([row.owner], local.date()))
    user = uow.users.find(row.owner)
    return (user.phone or "") if there and user is not None and user.active else ""


def hand_over_absent(uow: UnitOfWork, at: datetime) -> int:
    """Has somebody go on with open orders of whoever is away today or works here no more.

    Orders of a first period go to another head. What nobody can take stays with who is away, but
    goes back into the queue where its owner will not come back.

    Returns:
        How many orders changed hands.
    """
    local = at.astimezone(uow.zone)
    workers = _workers(uow)
    handed = 0
    for owner, order_ids in uow.duties.open_orders().items():
        if owner in workers and not _is_away(uow, owner, at):
            continue
        for order_id in order_ids:
            clerks = uow.duties.clerks(workers, local.date())
            handed += _hand_on(uow, uow.orders.locked(order_id), owner, clerks, at)
    return handed


def _hand_on(
    uow: UnitOfWork, order: Order, owner: str, clerks: Sequence[Clerk], at: datetime
) -> bool:
    left = all(clerk.name != owner for clerk in clerks)
    why = Why.LEFT if left else Why.AWAY
    to: str | None
    if first_period(uow, order):
        to = next((name for name in heads_there(uow, at) if name != owner), None)
    else:
        own, now = _own_clerk(uow, order), at.astimezone(uow.zone)
        found = succeed(clerks, owner, own=own, now=now)
        to, why = (None, why) if found is None else (found.name, found.why)
    if to is None and not left:
        return False
    note = f"{to}: {why.value}" if to else why.value
    uow.orders.give_to(order.id, to, step="hand_over", by="assistant", at=at, note=note)
    return True


def _is_away(uow: UnitOfWork, name: str, at: datetime) -> bool:
    local = at.astimezone(uow.zone)
    return any(clerk.away(local) for clerk in uow.duties.clerks([name], local.date()))


def _own_clerk(uow: UnitOfWork, order: Order) -> str | None:
    customer = uow.customers.of_order(order)
    return None if customer is None else uow.duties.own_clerk(customer.id)


def set_shift(uow: UnitOfWork, name: str, shift: str | None, *, user: User, at: datetime) -> None:
    """Gives somebody orders in hours such as `08:30-17:30` (empty: always), None: no orders.

    Raises:
        UnfitOffice: the hours cannot be read.
        RuleError: this person does not work on orders.
    """
    if name not in _workers(uow):
        raise RuleError("This person cannot work on orders.")
    plain = None if shift is None else shift.strip()
    parse_spans(plain or "")
    uow.duties.set_shift(name, plain)
    uow.audit.add(user.name, "duty.shift", f"user:{name}", at=at, detail={"shift": plain})


def add_absence(uow: UnitOfWork, name: str, absence: Absence, *, user: User, at: datetime) -> None:
    """Notes that somebody is away; open orders go to who stands in once it begins.

    For a manager who approves handover forms one of the same role stands in.

    Raises:
        RuleError: the days or the person who stands in make no sense.
    """
    people = may_stand_in(uow, name)
    if name not in people:
        raise RuleError("This person cannot work on orders.")
    fit = check(absence, name, people)
    uow.duties.add_absence(
        AbsenceRow(
            user=name, first=fit.first, last=fit.last, stand_in=fit.stand_in, by=user.name, at=at
        )
    )
    detail = {"first": fit.first.isoformat(), "last": fit.last.isoformat(), "for": fit.stand_in}
    uow.audit.add(user.name, "duty.absence", f"user:{name}", at=at, detail=detail)
    hand_over_absent(uow, at)


def end_absence(uow: UnitOfWork, absence_id: int, *, user: User, at: datetime) -> None:
    """Takes an absence out; orders that were handed on stay where they are."""
    row = uow.duties.end_absence(absence_id)
    uow.audit.add(user.name, "duty.absence_over", f"user:{row.user}", at=at)


def set_own_clerk(
    uow: UnitOfWork, customer_id: str, name: str | None, *, user: User, at: datetime
) -> None:
    """Gives a customer a clerk of its own. Raises NotFound or RuleError."""
    if uow.customers.get(customer_id) is None:
        raise NotFound("There is no such customer.")
    if name is not None and name not in uow.duties.shifts():
        raise RuleError("This person is given no orders.")
    uow.duties.set_own_clerk(customer_id, name)
    subject = f"customer:{customer_id}"
    uow.audit.add(user.name, "customer.clerk", subject, at=at, detail={"clerk": name})


def _workers(uow: UnitOfWork) -> list[str]:
    return [user.name for user in uow.users.all() if user.may(Permission.HANDLE)]
