"""A clerk takes a running call over: asked for once, carried out by the telephone company."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from api.callline import NO_LINE, CallLine, TwilioLine, make_line
from api.config import Settings
from api.records import DeskRecords
from models.call import Disposition
from models.desk import beside, end_call, live
from models.desk.live import CallOver
from models.errors import ExternalError, NotFound, RuleError
from models.staff import User
from models.store import Store
from tests.console import Desk
from tests.fakes import FakeSms
from tests.orders import NOW
from tests.workers import deliver_due, until, working

NUMBER = "+8613700000000"


class FakeLine:
    """Passes calls on, or fails as told."""

    def __init__(self, *errors: ExternalError) -> None:
        self.errors = list(errors)
        self.passed: list[tuple[str, str, str | None]] = []

    def pass_on(self, call_sid: str, number: str, caller_id: str | None) -> None:
        if self.errors:
            raise self.errors.pop(0)
        self.passed.append((call_sid, number, caller_id))

    def fork(self, call_sid: str) -> None:
        self.passed.append((call_sid, "fork", None))


@pytest.fixture
def at_desk(store: Store, tmp_path: Path) -> Desk:
    found = Desk(store, Settings(data=tmp_path, home=tmp_path))
    found.call(ended=False)
    return found


def take(at_desk: Desk, user: User, number: str = NUMBER, sid: str = "CA1") -> bool:
    with at_desk.store.unit() as uow:
        first = live.take_over(uow, sid, user=user, number=number, at=NOW)
        uow.commit()
    return first


def disposition(at_desk: Desk) -> Disposition | None:
    with at_desk.store.reading() as uow:
        call = uow.calls.get("CA1")
    assert call is not None
    return call.disposition


def state_of(at_desk: Desk) -> str | None:
    """How far the wish is."""
    with at_desk.store.reading() as uow:
        row = uow.outbox.by_key("take_over:CA1")
    return row.state if row else None


def test_the_first_one_gets_the_call(at_desk: Desk) -> None:
    assert take(at_desk, at_desk.user())
    assert not take(at_desk, at_desk.user("bert"))
    line = FakeLine()
    assert deliver_due(at_desk.store, at_desk.settings, FakeSms(), NOW, line) == 1
    assert line.passed == [("CA1", NUMBER, "+862155550100")]
    with at_desk.store.unit() as uow:
        end_call(uow, "CA1", NOW, Disposition.ABANDONED)
        uow.commit()
    assert disposition(at_desk) is Disposition.TRANSFERRED


def test_what_cannot_be_taken_over_is_refused(at_desk: Desk) -> None:
    anna = at_desk.user()
    with pytest.raises(NotFound):
        take(at_desk, anna, sid="CA9")
    with pytest.raises(RuleError, match="set a telephone number"):
        take(at_desk, anna, number="")
    with at_desk.store.unit() as uow:
        end_call(uow, "CA1", NOW, Disposition.ORDERED)
        uow.commit()
    with pytest.raises(CallOver):
        take(at_desk, anna)


def test_a_failure_leaves_the_caller_with_the_assistant_and_a_person_is_told(
    at_desk: Desk,
) -> None:
    take(at_desk, at_desk.user())
    line = FakeLine(ExternalError("busy", retryable=True), ExternalError("busy", retryable=True))
    with working(at_desk.store, at_desk.settings, FakeSms(), line):
        until(lambda: state_of(at_desk) == "failed")
    assert line.passed == []
    assert disposition(at_desk) is None
    with at_desk.store.reading() as uow:
        kinds = [task.kind for task in uow.board.tasks()]
    assert "call_back" in kinds


def test_without_an_account_nothing_is_passed_on(tmp_path: Path) -> None:
    assert make_line(Settings(data=tmp_path), str) is NO_LINE
    with pytest.raises(ExternalError):
        NO_LINE.pass_on("CA1", NUMBER, None)


@pytest.fixture
def twilio() -> Iterator[tuple[str, list[tuple[str, dict[str, str]]], list[int]]]:
    """A stand-in for Twilio's Calls resource: its address, what it was asked, what it answers."""
    asked: list[tuple[str, dict[str, str]]] = []
    answers: list[int] = []

    @Request.application
    def serve(request: Request) -> Response:
        asked.append((request.path, request.form.to_dict()))
        status = answers.pop(0) if answers else 200
        return Response('{"sid": "CA1"}', status=status, content_type="application/json")

    server = make_server("127.0.0.1", 0, serve)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked, answers
    server.shutdown()
    thread.join()
    server.server_close()


def line_of(tmp_path: Path, address: str) -> CallLine:
    """The line of a desk with an account."""
    settings = Settings(data=tmp_path, public_url="https://intake.example.com").model_copy(
        update={
            "twilio_account_sid": "AC1",
            "twilio_auth_token": SecretStr("token"),
            "twilio_api_base": address,
        }
    )
    return make_line(settings, lambda sid: f"token of {sid}")


def test_twilio_is_told_to_dial(
    tmp_path: Path, twilio: tuple[str, list[tuple[str, dict[str, str]]], list[int]]
) -> None:
    address, asked, answers = twilio
    line = line_of(tmp_path, address)
    assert isinstance(line, TwilioLine)
    line.pass_on("CA1", NUMBER, "+862155550100")
    [(path, form)] = asked
    assert path.endswith("/Calls/CA1.json")
    assert f"<Number>{NUMBER}</Number>" in form["Twiml"]
    assert 'track="both_tracks"' in form["Twiml"]
    assert 'url="wss://intake.example.com/voice/fork"' in form["Twiml"]
    assert 'value="token of CA1"' in form["Twiml"]
    assert "https://intake.example.com/voice/dialled" in form["Twiml"]
    for status, again in ((404, False), (503, True)):
        answers.append(status)
        with pytest.raises(ExternalError) as caught:
            line.pass_on("CA1", NUMBER, None)
        assert caught.value.retryable is again


def test_a_fork_that_broke_is_begun_anew_while_the_two_talk(at_desk: Desk) -> None:
    take(at_desk, at_desk.user())
    line = FakeLine()
    store, records = at_desk.store, DeskRecords(at_desk.store)
    deliver_due(store, at_desk.settings, FakeSms(), NOW, line)
    with store.unit() as uow:
        beside.person_talks(uow, "CA1", NOW)
        uow.commit()
    for stream in ("MZ1", "MZ1", "MZ2"):
        records.fork_ended("CA1", stream, False, NOW)
    with working(store, at_desk.settings, FakeSms(), line):
        until(lambda: line.passed.count(("CA1", "fork", None)) == 2)
    with store.unit() as uow:
        beside.person_left(uow, "CA1", NOW)
        uow.commit()
    records.fork_ended("CA1", "MZ3", False, NOW)
    records.fork_ended("CA9", "MZ4", True, NOW)
    for number in range(9):
        records.fork_ended("CA1", f"MY{number}", True, NOW)
    with store.reading() as uow:
        assert uow.outbox.count("fork_again:") == beside.MOST_FORKS


def test_twilio_is_told_to_fork_once_more(
    tmp_path: Path, twilio: tuple[str, list[tuple[str, dict[str, str]]], list[int]]
) -> None:
    address, asked, _ = twilio
    line_of(tmp_path, address).fork("CA1")
    [(path, form)] = asked
    assert path.endswith("/Calls/CA1/Streams.json")
    assert form["Track"] == "both_tracks"
    assert form["Url"] == "wss://intake.example.com/voice/fork"
    assert (form["Parameter1.Name"], form["Parameter1.Value"]) == ("token", "token of CA1")
    with pytest.raises(ExternalError):
        NO_LINE.fork("CA1")
