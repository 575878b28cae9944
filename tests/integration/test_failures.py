"""Workflows that end by an error which nobody foresaw: an alarm, and a task in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from api.config import Settings
from api.figures import StoreFigures
from api.jobs.reading import Reading
from api.jobs.sending import Sending
from api.jobs.worker import Worker
from models import desk
from models.callback import Cause, State
from models.desk import staff
from models.errors import RuleError
from models.rows import TaskRow
from models.store import Store
from nlp.meaning import Understands
from tests.console import Desk, log_in
from tests.fakes import FakeSms
from tests.integration.test_mails import arrive, letter
from tests.orders import NOW, begun, draft, linked
from tests.workers import until, working


class Unforeseen(Exception):
    """No error of ours."""


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, home=tmp_path)


@contextmanager
def looking_after(
    store: Store, settings: Settings, *, make: Callable[[], Understands] | None = None
) -> Iterator[Callable[[], bool]]:
    """A worker, and what is done every ten minutes; whether some work has failed for good."""
    reading = None if make is None else Reading(store, settings, lambda: NOW, make)
    with working(store, settings, FakeSms(), reading=reading) as worker:
        yield lambda: _looked(store, worker)


def _looked(store: Store, worker: Worker) -> bool:
    worker.look_after_failures()
    return bool(failed(store))


def failed(store: Store) -> list[str]:
    """The kinds of work that failed, as the figures for alarms count them."""
    figures = StoreFigures(store, Path("/"), lambda: 0, lambda: NOW)
    (counted,) = [family for family in figures.collect() if family.name == "intake_outbox"]
    return [s.labels["kind"] for s in counted.samples if s.labels["state"] == "failed"]


def tasks(store: Store) -> list[TaskRow]:
    with store.reading() as uow:
        return list(uow.board.tasks(kind="", state="open"))


def raising(*_: object, **__: object) -> None:
    raise Unforeseen


def refusing() -> Understands:
    raise RuleError("This will never be read.")


def seen(store: Store, settings: Settings, lang: str) -> str:
    """The page of tasks for somebody who reads a language."""
    at_desk, name = Desk(store, settings), f"reads-{lang}"
    at_desk.user(name)
    with store.unit() as uow:
        staff.set_lang(uow, name, lang)
        uow.commit()
    client = at_desk.app().test_client()
    log_in(client, name)
    return client.get("/console/tasks").get_data(as_text=True)


def test_a_message_whose_workflow_raises_becomes_a_task_once(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Sending, "hand_over", raising)
    linked(store, draft())
    with looking_after(store, settings) as looked:
        until(looked)
        assert looked()
    assert failed(store) == ["sms_link"]
    (task,) = tasks(store)
    assert (task.kind, task.order_id) == ("sms_failed", "o1")
    assert "Text messages about an order broke off" in seen(store, settings, "en")
    assert "某订单的短信流程中断" in seen(store, settings, "zh")


def test_a_call_back_that_breaks_off_is_a_persons_and_can_be_asked_for_again(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("api.jobs.callbacks.CallingBack.look", raising)
    begun(store, draft())
    wanted = asked(store)
    with looking_after(store, settings) as looked:
        until(looked)
    (task,) = tasks(store)
    assert (task.kind, task.key) == ("call_back", f"call_back:{wanted}")
    with store.reading() as uow:
        row = uow.call_backs.find(wanted)
    assert row is not None
    assert row.state == State.TASK
    assert asked(store) != wanted, "the dead one is not waited for"


def asked(store: Store) -> str:
    with store.unit() as uow:
        wanted = desk.request_callback(uow, order_id="o1", cause=Cause.DROPPED, at=NOW)
        uow.commit()
    assert wanted is not None
    return wanted


@pytest.mark.parametrize("make", [raising, refusing])
def test_a_mail_that_cannot_be_read_is_given_to_a_person(
    store: Store, settings: Settings, make: Callable[[], Understands]
) -> None:
    mail_id = arrive(store, letter())
    assert mail_id is not None
    with looking_after(store, settings, make=make) as looked:
        until(looked)
    assert failed(store) == ["read_mail"]
    (task,) = tasks(store)
    assert (task.kind, task.key) == ("mail_unread", f"mail_unread:{mail_id}")
    with store.reading() as uow:
        assert uow.mails.get(mail_id).state == "failed"
    assert f"/console/mails/{mail_id}" in seen(store, settings, "en")
    assert "有一封邮件本程序无法读取" in seen(store, settings, "zh")
