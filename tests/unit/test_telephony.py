"""Twilio's webhooks: who is let in, and what TwiML they get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from api.app import create_app
from api.config import Settings
from api.metrics import Metrics
from api.office import own_office
from api.stream_token import StreamTokens
from api.telephony import CallState, blueprint
from api.twilio_signature import SignatureCheck
from models.call import Disposition
from models.errors import ExternalError
from models.office import Office
from tests.fakes import MemoryCallRecords, MemoryUsedTokens
from voice.legs.ordering import LineCounters
from voice.legs.simulated_web import Verb, parse_twiml
from voice.timing import TurnTiming

SECRET = "auth-token"
PUBLIC = "https://voice.example.cn"
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
FORM = {"CallSid": "CA1", "From": "+8613800138000", "To": "+862155550100", "CallStatus": "ringing"}


def settings(home: Path, **changes: str) -> Settings:
    given = {"public_url": PUBLIC, "clerk_number": "+862155550111", **changes}
    return Settings(data=home, home=home, **given).model_copy(
        update={"twilio_auth_token": SecretStr(SECRET)}
    )


def make_app(
    config: Settings,
    records: MemoryCallRecords,
    *,
    room: bool = True,
    office: Callable[[], Office] | None = None,
) -> Flask:
    tokens = StreamTokens(config.secret(), MemoryUsedTokens())
    signature = SignatureCheck(config.secret(), config.base_url)
    door = blueprint(
        config,
        records=records,
        tokens=tokens,
        signature=signature,
        now=lambda: NOW,
        has_room=lambda: room,
        office=office,
    )
    return create_app([door], checks={}, metrics=Metrics())


@pytest.fixture
def records() -> MemoryCallRecords:
    return MemoryCallRecords()


@pytest.fixture
def client(tmp_path: Path, records: MemoryCallRecords) -> FlaskClient:
    return make_app(settings(tmp_path), records).test_client()


def post(client: FlaskClient, target: str, form: dict[str, str]) -> TestResponse:
    signed = RequestValidator(SECRET).compute_signature(f"{PUBLIC}{target}", form)
    return client.post(target, data=form, headers={"X-Twilio-Signature": signed})


def verbs(response: TestResponse) -> list[Verb]:
    assert response.status_code == 200
    assert response.content_type.startswith("text/xml")
    return parse_twiml(response.text)


def test_an_incoming_call_is_connected(client: FlaskClient) -> None:
    connect, redirect = verbs(post(client, "/voice/incoming", FORM))
    stream = connect.child("Stream")
    assert stream is not None
    assert stream.attributes["url"] == "wss://voice.example.cn/voice/stream"
    assert stream.attributes["statusCallback"] == f"{PUBLIC}/voice/status"
    given = {item.attributes["name"]: item.attributes["value"] for item in stream.children}
    assert given.pop("token")
    assert given == {"caller": "+8613800138000", "called": "+862155550100", "attempt": "1"}
    assert (redirect.name, redirect.text) == ("Redirect", f"{PUBLIC}/voice/after?attempt=1")


def test_a_withheld_number_is_not_passed_on(client: FlaskClient) -> None:
    connect, _ = verbs(post(client, "/voice/incoming", {**FORM, "From": "anonymous"}))
    stream = connect.child("Stream")
    assert stream is not None
    given = {item.attributes["name"]: item.attributes["value"] for item in stream.children}
    assert given["caller"] == ""


@pytest.mark.parametrize(
    "target",
    [
        "/voice/incoming",
        "/voice/answered",
        "/voice/after",
        "/voice/busy",
        "/voice/dialled",
        "/voice/status",
        "/sms/status",
    ],
)
@pytest.mark.parametrize("header", [None, "", "bm90IGl0", "签"])
def test_unsigned_requests_learn_nothing(
    client: FlaskClient, records: MemoryCallRecords, target: str, header: str | None
) -> None:
    headers = {} if header is None else {"X-Twilio-Signature": header.encode().decode("latin-1")}
    response = client.post(target, data=FORM, headers=headers)
    assert (response.status_code, response.data) == (403, b"")
    assert not records.statuses
    assert not records.sms


def test_a_signature_covers_every_parameter(client: FlaskClient) -> None:
    signed = RequestValidator(SECRET).compute_signature(f"{PUBLIC}/voice/incoming", FORM)
    for form in ({**FORM, "From": "+8613900139000"}, {**FORM, "More": "x"}):
        response = client.post("/voice/incoming", data=form, headers={"X-Twilio-Signature": signed})
        assert response.status_code == 403


@pytest.mark.parametrize(
    ("signed_url", "host", "forwarded"),
    [
        ("https://voice.example.cn/voice/incoming", "10.0.0.7:8080", None),
        ("https://voice.example.cn:443/voice/incoming", "10.0.0.7:8080", None),
        ("http://voice.example.cn/voice/incoming", "10.0.0.7:8080", None),
        ("http://voice.example.cn:80/voice/incoming", "10.0.0.7:8080", None),
        ("https://tunnel.example.net/voice/incoming", "tunnel.example.net", None),
        ("https://tunnel.example.net:8443/voice/incoming", "tunnel.example.net:8443", None),
        ("https://tunnel.example.net/voice/incoming", "tunnel.example.net:8443", None),
        ("https://edge.example.net/voice/incoming", "10.0.0.7:8080", "edge.example.net"),
        ("http://localhost:8080/voice/incoming", "localhost:8080", None),
    ],
)
def test_the_address_that_twilio_called_may_differ(
    client: FlaskClient, signed_url: str, host: str, forwarded: str | None
) -> None:
    headers = {
        "Host": host,
        "X-Twilio-Signature": RequestValidator(SECRET).compute_signature(signed_url, FORM),
    }
    if forwarded:
        headers["X-Forwarded-Host"] = forwarded
    assert client.post("/voice/incoming", data=FORM, headers=headers).status_code == 200


def test_an_address_of_somebody_else_is_refused(client: FlaskClient) -> None:
    for url in ("https://evil.example/voice/incoming", f"{PUBLIC}/voice/after"):
        signed = RequestValidator(SECRET).compute_signature(url, FORM)
        response = client.post("/voice/incoming", data=FORM, headers={"X-Twilio-Signature": signed})
        assert response.status_code == 403


def test_strange_hosts_break_nothing() -> None:
    check = SignatureCheck(SECRET, PUBLIC)
    for host in ("a:99999999", "a b", "[::1]:80", "user:pw@host", "", "a:0x1", "a/b"):
        assert not check.http("/voice/incoming", [host], {}, "x")
        assert not check.socket("/voice/stream", [host], "x")


def test_a_public_address_may_have_a_path(tmp_path: Path, records: MemoryCallRecords) -> None:
    config = settings(tmp_path, public_url="https://example.cn/desk/")
    client = make_app(config, records).test_client()
    url = "https://example.cn/desk/voice/incoming"
    signed = RequestValidator(SECRET).compute_signature(url, FORM)
    response = client.post("/voice/incoming", data=FORM, headers={"X-Twilio-Signature": signed})
    stream = verbs(response)[0].child("Stream")
    assert stream is not None
    assert stream.attributes["url"] == "wss://example.cn/desk/voice/stream"


@pytest.mark.parametrize(
    "url",
    [
        "wss://voice.example.cn/voice/stream",
        "wss://voice.example.cn/voice/stream/",
        "wss://voice.example.cn:443/voice/stream",
        "wss://10.0.0.7:8080/voice/stream",
        "ws://10.0.0.7:8080/voice/stream/",
    ],
)
def test_variants_of_a_sockets_signature(url: str) -> None:
    check = SignatureCheck(SECRET, PUBLIC)
    signed = RequestValidator(SECRET).compute_signature(url, {})
    assert check.socket("/voice/stream", ["10.0.0.7:8080"], signed)
    assert not check.socket("/voice/other", ["10.0.0.7:8080"], signed)
    assert not check.socket("/voice/stream", ["10.0.0.7:8080"], signed[:-2] + "A=")
    assert not check.socket("/voice/stream", ["10.0.0.7:8080"], "")


def test_a_call_that_ended_well_is_hung_up(client: FlaskClient, records: MemoryCallRecords) -> None:
    records.states["CA1"] = CallState(disposition=Disposition.ORDERED)
    assert [v.name for v in verbs(post(client, "/voice/after?attempt=1", FORM))] == ["Hangup"]


@pytest.mark.parametrize("known", [True, False])
def test_a_broken_stream_is_connected_again(
    client: FlaskClient, records: MemoryCallRecords, known: bool
) -> None:
    if known:
        records.states["CA1"] = CallState()
    connect, redirect = verbs(post(client, "/voice/after?attempt=1", FORM))
    assert connect.name == "Connect"
    assert redirect.text.endswith("/voice/after?attempt=2")
    assert not records.call_backs


@pytest.mark.parametrize("attempt", ["3", "9", "", "x", "-1", "1e3"])
def test_after_three_streams_the_caller_is_called_back(
    client: FlaskClient, records: MemoryCallRecords, attempt: str
) -> None:
    records.states["CA1"] = CallState(lang="en")
    say, hangup = verbs(post(client, f"/voice/after?attempt={attempt}", FORM))
    assert (say.name, say.attributes["language"], hangup.name) == ("Say", "en-US", "Hangup")
    assert set(records.call_backs) == {"CA1"}


def test_the_apology_is_mandarin_by_default(client: FlaskClient) -> None:
    say, _ = verbs(post(client, "/voice/after?attempt=3", FORM))
    assert say.attributes["language"] == "zh-CN"
    assert "回电" in say.text


def test_a_transfer_dials_the_person(tmp_path: Path, records: MemoryCallRecords) -> None:
    config = settings(tmp_path, head_number="+862155550122")
    client = make_app(config, records).test_client()
    for role, number in (("clerk", "+862155550111"), ("head", "+862155550122")):
        records.states["CA1"] = CallState(
            disposition=Disposition.TRANSFERRED, transfer_to="head" if role == "head" else "clerk"
        )
        fork, dial = verbs(post(client, "/voice/after?attempt=1", FORM))
        stream = fork.child("Stream")
        assert stream is not None
        assert (fork.name, stream.attributes["track"]) == ("Start", "both_tracks")
        assert stream.attributes["url"] == f"{PUBLIC.replace('http', 'ws')}/voice/fork"
        noun = dial.child("Number")
        assert noun is not None
        assert noun.text == number
        assert dial.attributes["action"] == f"{PUBLIC}/voice/dialled"


def test_the_orders_own_clerk_is_rung_first_and_then_the_desk(
    tmp_path: Path, records: MemoryCallRecords
) -> None:
    client = make_app(settings(tmp_path), records).test_client()
    records.owners["CA1"] = "+8613900139000"
    rung = []
    target = "/voice/after?attempt=1"
    records.states["CA1"] = CallState(disposition=Disposition.TRANSFERRED)
    for _ in range(2):
        *_, dial = verbs(post(client, target, {**FORM, "DialCallStatus": "no-answer"}))
        noun = dial.child("Number")
        assert noun is not None
        rung.append(noun.text)
        target = dial.attributes["action"].removeprefix(PUBLIC)
    assert rung == ["+8613900139000", "+862155550111"]
    assert target == "/voice/dialled"  # nobody is rung twice
    records.states["CA1"] = CallState(disposition=Disposition.TRANSFERRED, transfer_to="head")
    _, dial = verbs(post(client, "/voice/after?attempt=1", FORM))
    noun = dial.child("Number")
    assert noun is not None
    assert noun.text != "+8613900139000"


def test_who_is_rung_is_read_at_every_transfer(tmp_path: Path, records: MemoryCallRecords) -> None:
    config = settings(tmp_path)
    now = [own_office(config)]
    client = make_app(config, records, office=lambda: now[0]).test_client()
    records.states["CA1"] = CallState(disposition=Disposition.TRANSFERRED, transfer_to="clerk")
    now[0] = replace(now[0], clerk="+862155550133")
    _, dial = verbs(post(client, "/voice/after?attempt=1", FORM))
    noun = dial.child("Number")
    assert noun is not None
    assert noun.text == "+862155550133"


def test_the_fallback_is_rung_once_where_nobody_answers(
    tmp_path: Path, records: MemoryCallRecords
) -> None:
    config = settings(tmp_path)
    office = replace(own_office(config), fallback="+862155550144")
    client = make_app(config, records, office=lambda: office).test_client()
    unanswered = {**FORM, "DialCallStatus": "no-answer"}
    (dial,) = verbs(post(client, "/voice/dialled", unanswered))
    noun = dial.child("Number")
    assert noun is not None
    assert noun.text == "+862155550144"
    target = dial.attributes["action"].removeprefix(PUBLIC)
    assert not records.call_backs
    names = [verb.name for verb in verbs(post(client, target, unanswered))]
    assert names == ["Stop", "Say", "Hangup"]
    assert set(records.call_backs) == {"CA1"}


def test_a_transfer_without_a_number_becomes_a_call_back(
    tmp_path: Path, records: MemoryCallRecords
) -> None:
    client = make_app(settings(tmp_path, clerk_number=""), records).test_client()
    records.states["CA1"] = CallState(disposition=Disposition.TRANSFERRED)
    names = [verb.name for verb in verbs(post(client, "/voice/after?attempt=1", FORM))]
    assert names == ["Say", "Hangup"]
    assert records.call_backs


@pytest.mark.parametrize(
    ("status", "served"),
    [("completed", True), ("busy", False), ("no-answer", False), ("failed", False), ("", False)],
)
def test_how_a_transfer_ends(
    client: FlaskClient, records: MemoryCallRecords, status: str, served: bool
) -> None:
    answer = verbs(post(client, "/voice/dialled", {**FORM, "DialCallStatus": status}))
    assert [verb.name for verb in answer] == (["Hangup"] if served else ["Stop", "Say", "Hangup"])
    assert bool(records.call_backs) is not served


def test_status_callbacks(client: FlaskClient, records: MemoryCallRecords) -> None:
    done = {**FORM, "CallStatus": "completed", "SequenceNumber": "3"}
    stream = {"CallSid": "CA1", "StreamSid": "MZ1", "StreamEvent": "stream-stopped"}
    sms = {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30005"}
    assert post(client, "/voice/status", done).status_code == 204
    assert post(client, "/voice/status", stream).status_code == 204
    assert post(client, "/sms/status", sms).status_code == 204
    assert records.statuses == [("CA1", "completed")]
    assert records.sms == [("SM1", "undelivered", "30005")]


def test_a_fork_that_ends_is_told(client: FlaskClient, records: MemoryCallRecords) -> None:
    said = {"CallSid": "CA1", "StreamSid": "MZ1"}
    for event in ("stream-started", "stream-stopped"):
        assert (
            post(client, "/voice/status?fork=1", {**said, "StreamEvent": event}).status_code == 204
        )
    broke = {**said, "StreamEvent": "stream-error", "StreamError": "no answer"}
    assert post(client, "/voice/status?fork=1", broke).status_code == 204
    assert post(client, "/voice/status", broke).status_code == 204
    assert records.forks == [("CA1", "MZ1", False), ("CA1", "MZ1", True)]


def test_an_unknown_sms_status_changes_nothing(
    client: FlaskClient, records: MemoryCallRecords
) -> None:
    form = {"MessageSid": "SM1", "MessageStatus": "teleported"}
    assert post(client, "/sms/status", form).status_code == 204
    assert not records.sms


class FailingRecords(MemoryCallRecords):
    """A store that cannot be reached."""

    def state(self, call_sid: str) -> CallState | None:
        raise ExternalError("The database cannot be used now.", retryable=True)

    def call_status(self, *_given: object, **_named: object) -> None:
        raise ExternalError("The database cannot be used now.", retryable=True)


def test_without_a_store_the_caller_still_hears_something(tmp_path: Path) -> None:
    client = make_app(settings(tmp_path), FailingRecords()).test_client()
    assert [v.name for v in verbs(post(client, "/voice/incoming", FORM))] == ["Connect", "Redirect"]
    assert [v.name for v in verbs(post(client, "/voice/after", FORM))] == ["Say", "Hangup"]
    assert post(client, "/voice/status", FORM).status_code == 503


def test_readiness_is_truthful() -> None:
    def missing() -> None:
        raise ExternalError("Fetch the models first: intake models add NAME.")

    web = create_app([], checks={"database": lambda: None, "models": missing}, metrics=Metrics())
    answer = web.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json == {
        "ready": False,
        "database": "ok",
        "models": "Fetch the models first: intake models add NAME.",
    }
    assert web.test_client().get("/healthz").status_code == 200
    ready = create_app([], checks={"database": lambda: None}, metrics=Metrics())
    assert ready.test_client().get("/readyz").status_code == 200


def test_figures_count_answers_and_line_faults() -> None:
    metrics = Metrics()
    metrics.call_began()
    metrics.call_ended("served", LineCounters(frames=500, late=2))
    metrics.answered(TurnTiming(speech_ended=1000, turn_ended=1400, first_frame=1900))
    figures = create_app([], checks={}, metrics=metrics).test_client().get("/metrics").text
    assert 'intake_line_faults_total{fault="late"} 2.0' in figures
    assert 'intake_answer_seconds_sum{part="response"} 0.9' in figures
    assert 'fault="frames"' not in figures


@pytest.fixture
def busy(tmp_path: Path, records: MemoryCallRecords) -> FlaskClient:
    return make_app(settings(tmp_path), records, room=False).test_client()


@pytest.mark.parametrize("target", ["/voice/incoming", "/voice/after?attempt=1"])
def test_without_a_free_line_the_caller_is_asked_for_patience(
    busy: FlaskClient, records: MemoryCallRecords, target: str
) -> None:
    (gather,) = verbs(post(busy, target, FORM))
    say = gather.child("Say")
    assert say is not None
    assert "请按1" in say.text
    assert gather.attributes["action"] == f"{PUBLIC}/voice/busy?asked=1"
    assert gather.attributes["actionOnEmptyResult"] == "true"
    assert not records.call_backs


@pytest.mark.parametrize(
    ("digits", "number"),
    [
        ("1", "+8613800138000"),
        ("13912345678", "+8613912345678"),
        ("02155550100", "+862155550100"),
    ],
)
def test_a_caller_who_waits_may_be_called_back(
    busy: FlaskClient, records: MemoryCallRecords, digits: str, number: str
) -> None:
    answer = verbs(post(busy, "/voice/busy?asked=1", {**FORM, "Digits": digits}))
    assert [verb.name for verb in answer] == ["Say", "Hangup"]
    assert records.call_backs["CA1"].endswith(number)


@pytest.mark.parametrize("digits", ["", "2", "12", "138", "99999999999999999999", "*"])
def test_keys_that_say_nothing_keep_the_caller_waiting(
    busy: FlaskClient, records: MemoryCallRecords, digits: str
) -> None:
    (gather,) = verbs(post(busy, "/voice/busy?asked=2", {**FORM, "Digits": digits}))
    assert gather.attributes["action"].endswith("asked=3")
    assert not records.call_backs


def test_one_is_no_number_where_the_callers_own_is_withheld(
    busy: FlaskClient, records: MemoryCallRecords
) -> None:
    form = {**FORM, "From": "anonymous", "Digits": "1"}
    assert [v.name for v in verbs(post(busy, "/voice/busy?asked=1", form))] == ["Gather"]
    assert not records.call_backs


def test_whoever_waited_long_is_called_back(busy: FlaskClient, records: MemoryCallRecords) -> None:
    answer = verbs(post(busy, "/voice/busy?asked=6", FORM))
    assert [verb.name for verb in answer] == ["Say", "Hangup"]
    assert records.call_backs == {"CA1": "All lines were busy."}


def test_a_line_that_came_free_is_given_to_who_waits(client: FlaskClient) -> None:
    answer = verbs(post(client, "/voice/busy?asked=2", FORM))
    assert [verb.name for verb in answer] == ["Connect", "Redirect"]
