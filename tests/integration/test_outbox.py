"""The outbox hands each message over once, tries again, and at last asks a person."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.config import Settings
from api.jobs.outbox import deliver_due
from models.errors import ExternalError
from models.store import Store
from tests.fakes import FakeSms
from tests.orders import MOBILE, NOW, draft, linked


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path, public_url="https://intake.example.com")


def test_the_link_is_sent_once(store: Store, settings: Settings) -> None:
    order, token = linked(store, draft())
    sms = FakeSms()
    assert deliver_due(store, settings, sms, NOW) == 1
    assert deliver_due(store, settings, sms, NOW + timedelta(hours=1)) == 0
    [(mobile, body)] = sms.sent
    assert mobile == MOBILE
    assert f"https://intake.example.com/sign/{token}" in body
    assert order.number is not None
    assert order.number in body
    with store.reading() as uow:
        [message] = uow.messages.of_order(order.id)
    assert (message.encoding, message.status) == ("UCS-2", "queued")
    assert message.segments > 1


def test_a_passing_failure_is_tried_again_later(store: Store, settings: Settings) -> None:
    linked(store, draft())
    sms = FakeSms(ExternalError("busy", retryable=True))
    assert deliver_due(store, settings, sms, NOW) == 0
    assert deliver_due(store, settings, sms, NOW) == 0
    assert deliver_due(store, settings, sms, NOW + timedelta(minutes=1)) == 1
    assert len(sms.sent) == 1


def test_a_final_failure_becomes_a_persons_task(store: Store, settings: Settings) -> None:
    order, _ = linked(store, draft())
    assert deliver_due(store, settings, FakeSms(ExternalError("no such number")), NOW) == 0
    with store.reading() as uow:
        assert "sms_failed" in [task.kind for task in uow.tasks.of_order(order.id)]


def test_a_worker_that_died_is_followed_by_one_that_asks_first(
    store: Store, settings: Settings
) -> None:
    linked(store, draft())
    with store.unit() as uow:
        assert uow.outbox.claim(NOW, lease=timedelta(minutes=1)) is not None
        uow.commit()
    sms = FakeSms(already="SM1")
    assert deliver_due(store, settings, sms, NOW) == 0
    assert deliver_due(store, settings, sms, NOW + timedelta(minutes=2)) == 1
    assert sms.sent == []
