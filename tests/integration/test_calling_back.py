"""Call-backs as workflows, with Twilio's stand-in: each ring once, then a person."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from api.config import Settings
from api.jobs.callbacks import CallingBack
from api.ringer import NO_RINGER, TwilioRinger, make_ringer
from models import desk
from models.call import Call, Disposition
from models.callback import Cause, Rang, State
from models.rows import TaskRow
from models.rows_outbound import CallBackRow, RingRow
from models.store import Store
from tests.console import Desk, log_in
from tests.fakes import FakeSms
from tests.orders import MOBILE, NOW, begun, draft
from tests.twilio_standin import ACCOUNT, TOKEN, Answer, TwilioStandin, both, refusal
from tests.workers import until, working

DESK_NUMBER = "+862155550100"


@pytest.fixture
def twilio() -> Iterator[TwilioStandin]:
    with TwilioStandin(both()).running() as standin:
        yield standin
    assert standin.faults == []


@pytest.fixture
def settings(tmp_path: Path, twilio: TwilioStandin) -> Settings:
    minutes = {f"call_back_{name}_minutes": 0.01 for name in ("busy", "no_answer", "failed")}
    return Settings(data=tmp_path, home=tmp_path).model_copy(
        update={
            "twilio_account_sid": ACCOUNT,
            "twilio_auth_token": SecretStr(TOKEN),
            "twilio_from": DESK_NUMBER,
            "twilio_api_base": twilio.url,
            "public_url": "https://voice.example.cn",
            "call_back_later_minutes": 0.01,
            "call_back_most": 3,
            **minutes,
        }
    )


class At:
    """A desk with an order that is to be asked about, and what came of it."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self.store = store
        self.settings = settings
        self.ringer = make_ringer(settings)
        begun(store, draft())
        with store.unit() as uow:
            desk.end_call(uow, "CA1", NOW, Disposition.ABANDONED)
            uow.commit()

    def ask(self, **wanted: object) -> str:
        with self.store.unit() as uow:
            given = {"order_id": "o1", "cause": Cause.DROPPED, "at": NOW, **wanted}
            found = desk.request_callback(uow, **given)  # type: ignore[arg-type]
            uow.commit()
        assert found is not None
        return found

    def row(self, call_back_id: str) -> CallBackRow:
        with self.store.reading() as uow:
            row = uow.call_backs.find(call_back_id)
        assert row is not None
        return row

    def rings(self, call_back_id: str) -> list[RingRow]:
        with self.store.reading() as uow:
            return list(uow.call_backs.rings(call_back_id))

    def tasks(self) -> list[TaskRow]:
        with self.store.reading() as uow:
            return list(uow.tasks.of_order("o1"))

    def report(self, form: dict[str, str], sid: str, status: str, by: str | None = None) -> None:
        """A status callback, to the address that the call was placed with."""
        ring = form["StatusCallback"].partition("cause=")[2]
        with self.store.unit() as uow:
            desk.ring_status(uow, ring, sid, status, by, NOW)
            uow.commit()

    def talk(self, sid: str, disposition: Disposition) -> None:
        """A talk on a call, and its end."""
        with self.store.unit() as uow:
            call = Call(sid=sid, caller=MOBILE, called=DESK_NUMBER, started_at=NOW)
            desk.begin_call(uow, call, draft())
            desk.end_call(uow, sid, NOW, disposition)
            desk.wake_callbacks(uow, MOBILE, f"{sid}:ended", NOW)
            uow.commit()


@pytest.fixture
def at(sqlite_store: Store, settings: Settings) -> At:
    return At(sqlite_store, settings)


def test_a_customer_is_called_with_his_ring_in_every_address(at: At, twilio: TwilioStandin) -> None:
    def reached(sid: str, form: dict[str, str]) -> None:
        at.talk(sid, Disposition.ORDERED)
        at.report(form, sid, "completed", "human")

    twilio.on_call = reached
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask()
        until(lambda: at.row(wanted).state == State.DONE)
    (call,) = twilio.calls
    form = twilio.forms[call["sid"]]
    ring = f"{wanted}-1"
    assert (form["To"], form["From"]) == (MOBILE, DESK_NUMBER)
    assert form["MachineDetection"] == "DetectMessageEnd"
    assert form["Url"] == f"https://voice.example.cn/voice/answered?cause={ring}"
    assert form["StatusCallback"] == f"https://voice.example.cn/voice/status?cause={ring}"
    assert at.tasks() == []


def test_nobody_busy_machine_then_a_clerk(at: At, twilio: TwilioStandin) -> None:
    came = iter([("no-answer", None), ("busy", None), ("completed", "machine_end_beep")])
    twilio.on_call = lambda sid, form: at.report(form, sid, *next(came))
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask()
        until(lambda: at.row(wanted).state == State.TASK)
    assert [ring.outcome for ring in at.rings(wanted)] == ["no-answer", "busy", "machine"]
    assert len(twilio.calls) == 3
    (task,) = at.tasks()
    assert task.kind == "call_back"


def test_whoever_had_no_time_is_called_again(at: At, twilio: TwilioStandin) -> None:
    ends = iter([Disposition.NOT_NOW, Disposition.ORDERED])

    def talked(sid: str, form: dict[str, str]) -> None:
        at.talk(sid, next(ends))
        at.report(form, sid, "completed", "human")

    twilio.on_call = talked
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask()
        until(lambda: at.row(wanted).state == State.DONE)
    assert [ring.outcome for ring in at.rings(wanted)] == ["later", "reached"]


def test_a_wrong_number_is_a_persons(at: At, twilio: TwilioStandin) -> None:
    def talked(sid: str, form: dict[str, str]) -> None:
        at.talk(sid, Disposition.WRONG_NUMBER)
        at.report(form, sid, "completed", "human")

    twilio.on_call = talked
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask()
        until(lambda: at.row(wanted).state == State.TASK)
    assert len(twilio.calls) == 1
    assert "knows nothing" in at.tasks()[0].reason


def test_a_call_that_twilio_took_without_answering_rings_once(
    at: At, twilio: TwilioStandin
) -> None:
    twilio.answers = [Answer(500, takes=True)]
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask()
        until(lambda: any(ring.sid for ring in at.rings(wanted)))
        (call,) = twilio.calls
        at.talk(call["sid"], Disposition.ORDERED)
        at.report(twilio.forms[call["sid"]], call["sid"], "completed", "human")
        until(lambda: at.row(wanted).state == State.DONE)
    assert len(twilio.calls) == 1
    assert [ring.tries for ring in at.rings(wanted)] == [2]


def test_a_number_that_twilio_refuses_is_a_persons(at: At, twilio: TwilioStandin) -> None:
    twilio.answers = [refusal(400, 21211)]
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask()
        until(lambda: at.row(wanted).state == State.TASK)
    assert [ring.outcome for ring in at.rings(wanted)] == [Rang.REFUSED]
    assert twilio.calls == []


@pytest.mark.parametrize("number", [MOBILE, "+12025550123"])
def test_without_a_line_or_abroad_a_clerk_calls(at: At, twilio: TwilioStandin, number: str) -> None:
    ringer = NO_RINGER if number == MOBILE else at.ringer
    with working(at.store, at.settings, FakeSms(), ringer=ringer):
        wanted = at.ask(number=number)
        until(lambda: at.row(wanted).state == State.TASK)
    assert at.rings(wanted) == []
    assert twilio.calls == []
    assert [task.kind for task in at.tasks()] == ["call_back"]


def test_whoever_calls_in_first_is_not_called(at: At, twilio: TwilioStandin) -> None:
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask(not_before=NOW + timedelta(hours=1))
        with at.store.unit() as uow:
            call = Call(sid="CAin", caller=MOBILE, called=DESK_NUMBER, started_at=NOW)
            order = desk.waiting_for(uow, MOBILE, NOW)
            assert order is not None
            desk.begin_call(uow, call, order)
            desk.confirm_order(uow, order, NOW)
            desk.end_call(uow, "CAin", NOW, Disposition.ORDERED)
            desk.wake_callbacks(uow, MOBILE, "CAin:ended", NOW)
            uow.commit()
        until(lambda: at.row(wanted).state == State.SETTLED)
    assert at.row(wanted).why == "order_confirmed"
    assert twilio.calls == []


def test_a_ring_is_given_up_where_the_call_back_is_cancelled(at: At, twilio: TwilioStandin) -> None:
    with working(at.store, at.settings, FakeSms(), ringer=at.ringer):
        wanted = at.ask()
        until(lambda: any(ring.sid for ring in at.rings(wanted)))
        with at.store.unit() as uow:
            desk.cancel_callback(uow, wanted, by="clerk:a", at=NOW)
            uow.commit()
        until(lambda: twilio.calls[0]["status"] == "canceled")


def test_lost_reports_are_asked_for(at: At, twilio: TwilioStandin) -> None:
    wanted = at.ask()
    with at.store.reading() as uow:
        (effect,) = [e for e in uow.outbox.in_state("pending") if e.kind == "call_back"]
    calling = CallingBack(at.store, at.settings, TwilioRinger(at.settings), lambda: NOW)
    assert calling.look(effect.id).do == "ring"
    assert calling.ring(effect.id, 0.0) == "done"
    assert calling.ring(effect.id, 0.0) == "done"  # done again after a crash
    assert len(twilio.calls) == 1
    turn = calling.look(effect.id)
    assert (turn.do, turn.ask) == ("wait", True)
    twilio.calls[0]["status"] = "no-answer"
    calling.ask(effect.id)
    assert calling.look(effect.id).do == "wait"
    assert [ring.outcome for ring in at.rings(wanted)] == ["no-answer"]


@pytest.mark.parametrize(("exact", "doing"), [(False, "wait"), (True, "ring")])
def test_quiet_hours_are_waited_for_unless_a_person_chose_the_time(
    at: At, exact: bool, doing: str
) -> None:
    night = NOW.replace(hour=22)
    at.ask(at=night, exact=exact)
    with at.store.reading() as uow:
        (effect,) = [e for e in uow.outbox.in_state("pending") if e.kind == "call_back"]
    calling = CallingBack(at.store, at.settings, at.ringer, lambda: night)
    turn = calling.look(effect.id)
    assert turn.do == doing
    if doing == "wait":
        assert turn.seconds == pytest.approx(timedelta(hours=9.5).total_seconds())


def test_the_orders_page_says_whether_the_assistant_can_call(at: At, tmp_path: Path) -> None:
    without = Settings(data=tmp_path, home=tmp_path)
    Desk(at.store, without).user("anna")
    for settings, told in ((at.settings, False), (without, True)):
        client = Desk(at.store, settings).app().test_client()
        log_in(client, "anna")
        page = client.get("/console/orders/o1").get_data(as_text=True)
        assert 'name="who" value="now"' in page
        assert ('id="no-line"' in page) is told
