"""A message of the outbox is handed over once, tried again, and at last a person is asked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.config import Settings
from api.jobs.answers import AGAIN, DONE, FAILED
from api.jobs.sending import Sending
from models import desk
from models.errors import ExternalError
from models.store import Store
from tests.fakes import FakeSms
from tests.orders import MOBILE, NOW, draft, linked
from tests.workers import until, working


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path, public_url="https://intake.example.com")


def sending(store: Store, settings: Settings, sms: FakeSms) -> Sending:
    """The steps of messages, at `NOW`."""
    return Sending(store, settings, sms, lambda: NOW)


def tasks(store: Store) -> list[str]:
    """What a person was asked to do."""
    with store.reading() as uow:
        return [task.kind for task in uow.tasks.of_order("o1")]


def test_the_link_is_sent_once(store: Store, settings: Settings) -> None:
    order, token = linked(store, draft())
    sms = FakeSms()
    steps = sending(store, settings, sms)
    assert [steps.hand_over(1, 0.0), steps.hand_over(1, 0.0)] == [DONE, DONE]
    [(mobile, body)] = sms.sent
    assert mobile == MOBILE
    assert f"https://intake.example.com/sign/{token}" in body
    assert order.number is not None
    assert order.number in body
    with store.reading() as uow:
        [message] = uow.messages.of_order(order.id)
    assert (message.encoding, message.status) == ("UCS-2", "queued")
    assert message.segments > 1


def test_a_passing_failure_is_tried_again(store: Store, settings: Settings) -> None:
    linked(store, draft())
    sms = FakeSms(ExternalError("busy", retryable=True))
    steps = sending(store, settings, sms)
    assert [steps.hand_over(1, 0.0), steps.hand_over(1, 0.0)] == [AGAIN, DONE]
    assert len(sms.sent) == 1


def test_a_final_failure_becomes_a_persons_task(store: Store, settings: Settings) -> None:
    linked(store, draft())
    sms = FakeSms(ExternalError("no such number"))
    with working(store, settings, sms):
        until(lambda: tasks(store) == ["sms_failed"])
    assert sms.sent == []


def test_what_is_always_busy_becomes_a_persons_task(store: Store, settings: Settings) -> None:
    linked(store, draft())
    sms = FakeSms(*[ExternalError("busy", retryable=True)] * 4)
    with working(store, settings, sms):
        until(lambda: tasks(store) == ["sms_failed"])
    assert (sms.errors, sms.sent) == ([], [])


def test_another_try_asks_first(store: Store, settings: Settings) -> None:
    linked(store, draft())
    lost = FakeSms(ExternalError("the answer was lost", retryable=True), already="SM1")
    steps = sending(store, settings, lost)
    assert [steps.hand_over(1, 0.0), steps.hand_over(1, 0.0)] == [AGAIN, DONE]
    assert lost.sent == []
    with store.reading() as uow:
        assert [message.sid for message in uow.messages.of_order("o1")] == ["SM1"]


def test_a_report_tells_of_a_message_that_nobody_noted(store: Store, settings: Settings) -> None:
    linked(store, draft())
    sms = FakeSms(ExternalError("the answer was lost", retryable=True))
    steps = sending(store, settings, sms)
    assert steps.hand_over(1, 0.0) == AGAIN
    with store.unit() as uow:
        desk.sms_status(uow, "SM7", "sent", None, NOW, cause=1)
        uow.commit()
    assert steps.hand_over(1, 0.0) == DONE
    assert sms.sent == []
    with store.reading() as uow:
        assert [(m.sid, m.status) for m in uow.messages.of_order("o1")] == [("SM7", "sent")]


def test_a_refusal_is_not_tried_again(store: Store, settings: Settings) -> None:
    linked(store, draft())
    assert sending(store, settings, FakeSms(ExternalError("no"))).hand_over(1, 0.0) == FAILED


def test_the_time_to_settle_counts_from_the_last_try(store: Store, settings: Settings) -> None:
    linked(store, draft())
    early = sending(store, settings, FakeSms(ExternalError("busy", retryable=True)))
    assert early.hand_over(1, 3600.0) == AGAIN  # a first try waits for nothing
    late = Sending(store, settings, FakeSms(), lambda: NOW + timedelta(hours=1))
    assert late.hand_over(1, 3600.0) == DONE
