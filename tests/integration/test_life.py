"""An order's life between its link and its release, on a worker of its own."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.config import Settings
from api.jobs.life import Life, Next
from models import desk
from models.store import Store
from tests.fakes import FakeSms
from tests.orders import LANDLINE, MOBILE, NOW, draft, fields, linked, signing
from tests.workers import FAST, until, working

OTHER = "+8613900139000"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path, public_url="https://intake.example.com")


def state(store: Store, key: str) -> str | None:
    """How far an effect is."""
    with store.reading() as uow:
        row = uow.outbox.by_key(key)
    return row.state if row else None


def look(store: Store, settings: Settings, hours: float, reminded: int = 0) -> Next:
    """What the life of the first link does so long after it was sent."""
    return Life(store, settings, lambda: NOW + timedelta(hours=hours)).look(1, reminded, True)


def test_reminders_come_at_their_times_and_end_with_the_link(
    sqlite_store: Store, settings: Settings
) -> None:
    linked(sqlite_store, draft())  # at 10:30
    assert look(sqlite_store, settings, 0) == Next("wait", "waiting", 4 * 3600.0, 0)
    assert look(sqlite_store, settings, 4) == Next("remind", "waiting", 0.0, 1)
    assert look(sqlite_store, settings, 4, reminded=1) == Next("wait", "waiting", 20 * 3600.0, 1)
    # A worker that was away reminds once, not as often as it missed to.
    assert look(sqlite_store, settings, 50) == Next("remind", "waiting", 0.0, 3)
    assert look(sqlite_store, settings, 50, reminded=3) == Next("wait", "waiting", 22 * 3600.0, 3)
    assert look(sqlite_store, settings, 72, reminded=3).do == "expire"


def test_who_cannot_be_reached_is_not_reminded(sqlite_store: Store, settings: Settings) -> None:
    linked(sqlite_store, draft())
    life = Life(sqlite_store, settings, lambda: NOW + timedelta(hours=5))
    assert life.look(1, 0, False) == Next("wait", "waiting", 67 * 3600.0, 0)


def test_a_changed_order_ends_its_old_life_and_has_a_new_one(
    store: Store, settings: Settings
) -> None:
    linked(store, draft())
    first = f"sms_link:o1:1:{MOBILE}"
    with working(store, settings, FakeSms()):
        until(lambda: state(store, first) == "started")
        with store.unit() as uow:
            changed = {"pieces": 20}
            desk.change_order(uow, "o1", 1, fields(changed), by="clerk:li", at=NOW)
            order, _ = desk.confirm_order(uow, uow.orders.locked("o1"), NOW, "clerk:li")
            desk.ask_anew(uow, order, by="clerk:li", at=NOW, valid_hours=72)
            uow.commit()
        until(lambda: state(store, first) == "done")
        until(lambda: state(store, f"sms_link:o1:2:{MOBILE}") == "started")
    assert look(store, settings, 5).why == "superseded"


def test_a_signature_wakes_the_life_and_the_release_ends_it(
    store: Store, settings: Settings
) -> None:
    _, token = linked(store, draft())
    key = f"sms_link:o1:1:{MOBILE}"
    with working(store, settings, FakeSms()):
        until(lambda: state(store, key) == "started")
        with store.unit() as uow:
            desk.sign(uow, token, signing(uow, token), NOW)
            uow.commit()
        assert look(store, settings, 5).why == "signed"
        with store.unit() as uow:
            desk.cancel_order(uow, uow.orders.locked("o1"), at=NOW, by="clerk:li")
            uow.commit()
        until(lambda: state(store, key) == "done")
    assert look(store, settings, 5) == Next("end", "closed")


def test_a_lost_link_goes_to_the_orders_other_mobile(store: Store, settings: Settings) -> None:
    linked(store, draft(**{"contact.phone": OTHER}))
    first, second = f"sms_link:o1:1:{MOBILE}", f"sms_link:o1:1:{OTHER}"
    sms = FakeSms()
    with working(store, settings, sms, pace=replace(FAST, polls=(60.0,))):
        until(lambda: len(sms.sent) == 1)
        until(lambda: lost(store, "SM1"))
        until(lambda: (state(store, first), state(store, second)) == ("done", "started"))
        until(lambda: [mobile for mobile, _ in sms.sent] == [MOBILE, OTHER])
        assert tasks(store) == []
        until(lambda: lost(store, "SM2"))
        until(lambda: tasks(store) == ["sms_failed"])
    assert len(sms.sent) == 2


def test_a_landline_is_no_other_number(sqlite_store: Store, settings: Settings) -> None:
    linked(sqlite_store, draft(**{"contact.phone": LANDLINE}))
    with sqlite_store.unit() as uow:
        assert not desk.other_number(uow, uow.outbox.effect(1).payload, NOW)


def lost(store: Store, sid: str) -> bool:
    """Twilio reports that the message did not arrive, once it is noted."""
    with store.unit() as uow:
        noted = uow.messages.get(sid) is not None
        if noted:
            desk.sms_status(uow, sid, "undelivered", "30005", NOW)
            uow.commit()
    return noted


def tasks(store: Store) -> list[str]:
    """What a person was asked to do."""
    with store.reading() as uow:
        return [task.kind for task in uow.tasks.of_order("o1")]
