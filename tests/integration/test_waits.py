"""Customers who wait too long: the owner is warned, the head told, each once."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest

from api.config import Settings
from api.wait_mails import wait_mail
from models import desk
from models.callback import Cause
from models.desk import duties
from models.desk.waits import LATE, waits_of, watch_waits
from models.figures import By, stretches
from models.office import Office, parse_spans
from models.repositories.outbox import Effect
from models.rows import OutboxRow
from models.sla import Light, Wait
from models.store import Store
from tests.onboarding import people
from tests.orders import NOW, begun, draft

#: Ten hours a day.
OFFICE = Office(week=(parse_spans("08:30-18:30"),) * 7)
MINUTE = timedelta(minutes=1)


@pytest.fixture
def waiting(store: Store) -> Store:
    """Anna's order whose customer waits for a call-back."""
    by = people(store)
    with store.unit() as uow:
        duties.set_shift(uow, "anna", "", user=by["hua"], at=NOW)
        uow.commit()
    begun(store, draft())
    with store.unit() as uow:
        desk.end_call(uow, "CA1", NOW)
        desk.open_task(uow, "call_back", "x", "o1", None, "k", NOW)
        uow.commit()
    return store


def watch(store: Store, at: datetime) -> int:
    with store.unit() as uow:
        told = watch_waits(uow, at, OFFICE)
        uow.commit()
    return told


def mails(store: Store) -> list[tuple[str, str]]:
    """Whom which e-mail goes to."""
    with store.reading() as uow:
        rows = uow.session.query(OutboxRow).order_by(OutboxRow.id)
        return [(row.payload["to"], row.payload["what"]) for row in rows if row.kind == "mail"]


def tasks(store: Store, state: str = "open") -> list[str]:
    with store.reading() as uow:
        return [task.reason for task in uow.board.tasks(kind=LATE, state=state)]


def test_the_owner_is_warned_and_then_the_head_told_each_once(waiting: Store) -> None:
    assert watch(waiting, NOW + 20 * MINUTE) == 0
    assert [watch(waiting, NOW + 25 * MINUTE) for _ in range(2)] == [1, 0]
    assert mails(waiting) == [("anna@example.com", "wait_soon")]
    assert tasks(waiting) == []
    assert [watch(waiting, NOW + 31 * MINUTE) for _ in range(2)] == [1, 0]
    late = [("anna@example.com", "wait_late"), ("hua@example.com", "wait_late")]
    assert sorted(mails(waiting)[1:]) == late
    assert tasks(waiting) == ["the customer waits too long for a call-back"]
    with waiting.reading() as uow:
        assert [(a.light, a.owner) for a in uow.waits.alerts("o1")] == [
            ("soon", "anna"),
            ("late", "anna"),
        ]


def test_what_grew_late_is_counted_by_week_and_owner(waiting: Store) -> None:
    watch(waiting, NOW + 31 * MINUTE)
    week = stretches(NOW.date(), NOW.date(), By.WEEK, ZoneInfo("Asia/Shanghai"))[0]
    before = stretches(*[NOW.date() - timedelta(days=7)] * 2, By.WEEK, ZoneInfo("Asia/Shanghai"))
    with waiting.reading() as uow:
        assert uow.waits.late(week) == {"anna": 1}
        assert uow.waits.late(before[0]) == {}


def test_nobody_is_told_while_the_office_is_closed(waiting: Store) -> None:
    with waiting.unit() as uow:
        task = uow.tasks.row(1)
        task.created_at = NOW.replace(hour=18, minute=20)
        uow.commit()
    assert watch(waiting, NOW.replace(hour=23)) == 0
    assert watch(waiting, NOW.replace(hour=8, minute=49) + timedelta(days=1)) == 1


def test_the_task_of_a_wait_that_is_over_is_done(waiting: Store) -> None:
    watch(waiting, NOW + 31 * MINUTE)
    with waiting.unit() as uow:
        uow.tasks.row(1).state = "done"  # the customer was called
        uow.commit()
    watch(waiting, NOW + 32 * MINUTE)
    assert tasks(waiting) == []
    assert tasks(waiting, "done") == ["the customer waits too long for a call-back"]


def test_workers_at_the_same_moment_tell_once(waiting: Store) -> None:
    barrier, told = Barrier(2), [0, 0]

    def work(mine: int) -> None:
        barrier.wait()
        told[mine] = watch(waiting, NOW + 31 * MINUTE)

    threads = [Thread(target=work, args=(mine,)) for mine in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == [0, 1]
    assert len(mails(waiting)) == 2  # to anna and to hua


def test_the_most_urgent_wait_comes_first_and_the_limits_are_the_offices(waiting: Store) -> None:
    with waiting.unit() as uow:
        order, _ = desk.confirm_order(uow, draft(), NOW)
        desk.send_link(uow, order, "+8613800138000", "zh", NOW - timedelta(hours=30), 72)
        uow.commit()
    with waiting.reading() as uow:
        found = waits_of(uow, NOW, OFFICE)["o1"]
        assert [(c.wait, c.light) for c in found] == [
            (Wait.SIGNATURE, Light.LATE),
            (Wait.CALL_BACK, Light.FINE),
        ]
        patient = Office(week=OFFICE.week, waits={**OFFICE.waits, "wait_signature": timedelta(72)})
        assert waits_of(uow, NOW, patient)["o1"][0].light is Light.FINE


def test_a_call_back_of_the_assistant_is_a_wait_since_it_was_planned(store: Store) -> None:
    begun(store, draft())
    with store.unit() as uow:
        row = desk.request_callback(
            uow, cause=Cause.EMAIL, order_id="o1", number="+862150801234", at=NOW
        )
        uow.commit()
    with store.reading() as uow:
        assert uow.waits.begun() == {"o1": {Wait.CALL_BACK: NOW}}
    assert row is not None


def test_the_mail_names_the_orders(waiting: Store, tmp_path: Path) -> None:
    watch(waiting, NOW + 31 * MINUTE)
    with waiting.reading() as uow:
        row = next(r for r in uow.session.query(OutboxRow) if r.kind == "mail")
        effect = uow.outbox.effect(row.id)
    settings = Settings(data=tmp_path, home=tmp_path)
    mail = wait_mail(waiting, settings, effect)
    assert mail is not None
    assert mail.subject == "1票业务已超时"
    assert "上海宏远电子有限公司  回电 2026-11-24 11:00  anna" in mail.body
    assert "/console/orders/o1" in mail.body
    assert isinstance(effect, Effect)
