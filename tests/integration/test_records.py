"""Twilio's reports reach the store: twice, late and in any order, with the same result."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from api.records import DeskRecords
from models import desk
from models.call import Call, Disposition
from models.order import Order
from models.store import Store

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


def begin(store: Store, sid: str) -> None:
    with store.unit() as uow:
        call = Call(sid=sid, caller="+8613800138000", called=None, started_at=NOW)
        desk.begin_call(uow, call, Order(id=f"order-{sid}"))
        uow.commit()


def status(store: Store, sid: str) -> str:
    with store.reading() as uow:
        return uow.calls.row(sid).status


@pytest.mark.parametrize("order", list(permutations(["ringing", "in-progress", "completed"])))
def test_a_call_that_is_over_stays_over(store: Store, order: tuple[str, ...]) -> None:
    records = DeskRecords(store)
    records.call_status("CA1", "initiated", NOW)
    begin(store, "CA1")
    for seconds, word in enumerate([*order, *order]):
        records.call_status("CA1", word, NOW + timedelta(seconds=seconds))
    assert status(store, "CA1") == "completed"


def test_a_late_report_does_not_set_a_call_back(store: Store) -> None:
    records = DeskRecords(store)
    begin(store, "CA1")
    for word in ("initiated", "ringing", "no such word"):
        records.call_status("CA1", word, NOW)
    assert status(store, "CA1") == "in-progress"


def test_a_call_back_is_asked_for_once_even_if_the_call_never_began(store: Store) -> None:
    records = DeskRecords(store)
    assert records.state("CA2") is None
    for _ in range(2):
        records.call_back(
            "CA2", caller="+8613800138000", called=None, reason="The line failed.", at=NOW
        )
    state = records.state("CA2")
    assert state is not None
    assert state.disposition is Disposition.CALL_BACK
    with store.reading() as uow:
        tasks = [task for task in uow.tasks.still_open() if task.call_sid == "CA2"]
    assert [task.kind for task in tasks] == ["call_back"]


@pytest.mark.parametrize("role", ["clerk", "head"])
def test_who_takes_over_is_remembered(store: Store, role: str) -> None:
    begin(store, "CA3")
    with store.unit() as uow:
        desk.want_transfer(uow, "CA3", role)
        desk.end_call(uow, "CA3", NOW, Disposition.TRANSFERRED)
        uow.commit()
    state = DeskRecords(store).state("CA3")
    assert state is not None
    assert (state.disposition, state.transfer_to) == (Disposition.TRANSFERRED, role)


def test_a_delivery_report_may_come_before_its_message(store: Store) -> None:
    records = DeskRecords(store)
    for word in ("delivered", "sent", "delivered"):
        records.sms_status("SM1", word, None, NOW)
    with store.unit() as uow:
        desk.message_sent(
            uow,
            sid="SM1",
            key="link:1",
            mobile="+8613800138000",
            body="text",
            status="queued",
            at=NOW,
        )
        uow.commit()
    with store.reading() as uow:
        assert [message.status for message in uow.messages.latest()] == ["delivered"]
