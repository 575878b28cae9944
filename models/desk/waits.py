"""Waits of customers that are acted on: the owner is warned, the head told, each once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime

from models.desk.onboarding_mails import MAIL, heads
from models.desk.orders import open_task
from models.office import Office
from models.rows import OrderRow
from models.sla import Clock, Light, Wait, clock
from models.store import UnitOfWork

#: The kind of a task about a wait that grew too long.
LATE = "late"
REASONS: Mapping[Wait, str] = {
    Wait.CALL_BACK: "the customer waits too long for a call-back",
    Wait.SIGNATURE: "the customer has not signed within the time",
    Wait.RELEASE: "a signed order waits too long for its release",
}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One wait of one order; `since` is when it began."""

    order_id: str
    since: datetime
    clock: Clock


def waits_of(
    uow: UnitOfWork, at: datetime, office: Office, orders: Sequence[str] | None = None
) -> Mapping[str, Sequence[Clock]]:
    """Order to its waits, the most urgent first; of these orders, or of all open ones."""
    found: dict[str, list[Clock]] = {order: [] for order in orders or ()}
    for one in _running(uow, at, office, orders):
        found.setdefault(one.order_id, []).append(one.clock)
    return {order: sorted(clocks, key=lambda one: one.due) for order, clocks in found.items()}


def watch_waits(uow: UnitOfWork, at: datetime, office: Office) -> int:
    """Warns owners of waits that end soon, and tells heads of those that are over, each once.

    A wait that is over leaves a task, until what was waited for is done. Everybody gets one e-mail
    about all that is new.

    Returns:
        How many warnings were new.
    """
    mails: dict[tuple[str, Light], list[Waiting]] = defaultdict(list)
    told = 0
    chiefs = heads(uow)
    running = _running(uow, at, office)
    _close(uow, {_key(one) for one in running}, at)
    for one in running:
        light = one.clock.light
        row = uow.session.get(OrderRow, one.order_id)
        if light is Light.FINE or row is None:
            continue
        wait = one.clock.wait.value
        new = uow.waits.told(
            order_id=one.order_id,
            wait=wait,
            since=one.since,
            light=light.value,
            due=one.clock.due,
            owner=row.owner,
            at=at,
        )
        if not new:
            continue
        told += 1
        if light is Light.LATE:
            open_task(uow, LATE, REASONS[one.clock.wait], one.order_id, None, _key(one), at)
        names = {row.owner, *(chiefs if light is Light.LATE else ())}
        for name in names - {None}:
            mails[str(name), light].append(one)
    for (name, light), about in mails.items():
        _mail(uow, name, light, about, at)
    return told


def _key(one: Waiting) -> str:
    return f"{LATE}:{one.order_id}:{one.clock.wait}:{one.since.astimezone(UTC).isoformat()}"


def _close(uow: UnitOfWork, running: Set[str], at: datetime) -> None:
    """Nobody has to see to a wait that is over meanwhile."""
    for task in uow.board.tasks(kind=LATE):
        if task.key not in running:
            task.state, task.done_at, task.done_by = "done", at, "assistant"


def _running(
    uow: UnitOfWork, at: datetime, office: Office, orders: Sequence[str] | None = None
) -> list[Waiting]:
    now = at.astimezone(uow.zone)
    return [
        Waiting(order, since, clock(wait, since.astimezone(uow.zone), now=now, office=office))
        for order, begun in uow.waits.begun(orders).items()
        for wait, since in begun.items()
    ]


def _mail(uow: UnitOfWork, name: str, light: Light, about: Sequence[Waiting], at: datetime) -> None:
    user = uow.users.find(name)
    if user is None or not user.active or not user.email:
        return
    waits = [[one.order_id, one.clock.wait.value, one.clock.due.isoformat()] for one in about]
    payload = {"to": user.email, "lang": user.lang, "what": f"wait_{light}", "waits": waits}
    key = f"mail:wait_{light}:{at.isoformat()}:{name}"
    uow.outbox.put(key, kind=MAIL, payload=payload, at=at)
