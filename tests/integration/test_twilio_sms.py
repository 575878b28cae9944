"""Text messages through Twilio's own client, held to the vendor's description of its API."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest
import requests
from flask.testing import FlaskClient
from pydantic import SecretStr
from rich.console import Console
from twilio.request_validator import RequestValidator

from api.app import create_app
from api.config import Settings
from api.metrics import Metrics
from api.records import DeskRecords
from api.sms import LocalSms, TwilioSms, link_text, make_sender
from api.stream_token import StreamTokens
from api.telephony import blueprint
from api.twilio_api import retry_after
from api.twilio_signature import SignatureCheck
from models import desk
from models.call import Call
from models.errors import ExternalError
from models.message import segments
from models.rows import MessageRow
from models.store import Store
from nlp.dialogue.actions import SendLink
from nlp.dialogue.events import CallerHungUp, EffectFailed
from tests.fakes import MemoryUsedTokens
from tests.orders import LANDLINE, MOBILE, NOW, begun, draft, linked
from tests.twilio_standin import (
    ACCOUNT,
    CALLS_SUBSET,
    MESSAGES,
    SUBSET,
    TOKEN,
    Answer,
    TwilioStandin,
    read_calls,
    read_description,
    refusal,
)
from tests.workers import deliver_due, until, working
from voice.effects import Effects

PUBLIC = "https://intake.example.com"
DESK_NUMBER = "+862155550100"
SERVICE = "MG" + "7" * 32
BODY = "顺达货运：请签署《危险货物通知函》。"


@pytest.fixture
def twilio() -> Iterator[TwilioStandin]:
    """A stand-in by our part of the vendor's description."""
    with TwilioStandin(read_description(SUBSET)).running() as standin:
        yield standin
    assert standin.faults == []


@pytest.fixture
def settings(tmp_path: Path, twilio: TwilioStandin) -> Settings:
    return Settings(
        data=tmp_path,
        home=tmp_path,
        public_url=PUBLIC,
        twilio_account_sid=ACCOUNT,
        twilio_auth_token=SecretStr(TOKEN),
        twilio_from=DESK_NUMBER,
        twilio_api_base=twilio.url,
    )


@pytest.fixture
def door(settings: Settings, sqlite_store: Store) -> FlaskClient:
    """The webhooks on a real store."""
    secret = settings.secret()
    webhooks = blueprint(
        settings,
        records=DeskRecords(sqlite_store),
        tokens=StreamTokens(secret, MemoryUsedTokens()),
        signature=SignatureCheck(secret, settings.base_url),
        now=lambda: NOW,
    )
    return create_app([webhooks], checks={}, metrics=Metrics()).test_client()


def tasks(store: Store, order_id: str) -> list[str]:
    """The kinds of the order's tasks."""
    with store.reading() as uow:
        return [task.kind for task in uow.tasks.of_order(order_id)]


def kept(store: Store, order_id: str) -> Sequence[MessageRow]:
    """The messages that are noted as handed over."""
    with store.reading() as uow:
        return uow.messages.of_order(order_id)


def test_a_message_is_handed_over(twilio: TwilioStandin, settings: Settings) -> None:
    handed = make_sender(settings).send(MOBILE, BODY, 17)
    assert (handed.sid, handed.status) == (twilio.messages[0]["sid"], "queued")
    form = {
        "To": MOBILE,
        "From": DESK_NUMBER,
        "Body": BODY,
        "StatusCallback": f"{PUBLIC}/sms/status?cause=17",
    }
    assert twilio.asked == [("POST", form)]


def test_a_messaging_service_goes_before_a_number(
    twilio: TwilioStandin, settings: Settings
) -> None:
    TwilioSms(settings.model_copy(update={"twilio_messaging_service_sid": SERVICE})).send(
        MOBILE, BODY, 1
    )
    [(_, form)] = twilio.asked
    assert form["MessagingServiceSid"] == SERVICE
    assert "From" not in form


def test_a_message_is_found_again(twilio: TwilioStandin, settings: Settings) -> None:
    sms = TwilioSms(settings)
    assert sms.find(MOBILE, BODY, NOW) is None
    handed = sms.send(MOBILE, BODY, 1)
    sms.send(MOBILE, "另一条", 2)
    assert sms.find(MOBILE, BODY, NOW) == handed
    assert sms.find("+8613900139000", BODY, NOW) is None
    since = NOW.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert twilio.asked[0] == ("GET", {"To": MOBILE, "DateSent>": since, "PageSize": "50"})


@pytest.mark.parametrize(
    ("answer", "retryable", "says"),
    [
        (refusal(400, 21211), False, "21211"),
        (refusal(400, 21614), False, "21614"),
        (refusal(401, 20003), False, "20003"),
        (refusal(429, 20429), True, "20429"),
        (refusal(500, 20500), True, "20500"),
        (Answer(503, "<html>busy</html>"), True, "503"),
        (Answer(201, "<html>sign in to the network</html>"), True, "cannot be read"),
        (
            Answer(400, '{"type": "u", "title": "t", "status": 400, "code": 21211}'),
            False,
            "21211",
        ),
        (Answer(429, '{"type": "u", "title": "t", "status": 429, "code": 20429}'), True, "20429"),
    ],
)
def test_refusals(
    twilio: TwilioStandin, settings: Settings, answer: Answer, retryable: bool, says: str
) -> None:
    twilio.answers = [answer]
    with pytest.raises(ExternalError) as caught:
        TwilioSms(settings).send(MOBILE, BODY, 1)
    assert caught.value.retryable is retryable
    assert says in str(caught.value)
    assert MOBILE not in str(caught.value)


def test_without_a_server_the_message_waits(settings: Settings) -> None:
    nowhere = settings.model_copy(update={"twilio_api_base": "http://127.0.0.1:1"})
    with pytest.raises(ExternalError, match="cannot be reached") as caught:
        TwilioSms(nowhere).send(MOBILE, BODY, 1)
    assert caught.value.retryable


def test_a_wrong_token_is_not_tried_again(twilio: TwilioStandin, settings: Settings) -> None:
    wrong = settings.model_copy(update={"twilio_auth_token": SecretStr("wrong")})
    with pytest.raises(ExternalError, match="20003") as caught:
        TwilioSms(wrong).send(MOBILE, BODY, 1)
    assert not caught.value.retryable
    assert twilio.messages == []


@pytest.mark.parametrize("code", [21211, 21614])
def test_a_number_that_takes_no_messages_becomes_a_persons_task(
    twilio: TwilioStandin, settings: Settings, sqlite_store: Store, code: int
) -> None:
    order, _ = linked(sqlite_store, draft())
    twilio.answers = [refusal(400, code)]
    with working(sqlite_store, settings, TwilioSms(settings)):
        until(lambda: tasks(sqlite_store, order.id) == ["sms_failed"])
    assert len(twilio.asked) == 1


@pytest.mark.parametrize("answer", [refusal(429, 20429), refusal(500, 20500)])
def test_what_passes_is_tried_again(
    twilio: TwilioStandin, settings: Settings, sqlite_store: Store, answer: Answer
) -> None:
    order, token = linked(sqlite_store, draft())
    twilio.answers = [answer]
    with working(sqlite_store, settings, TwilioSms(settings)):
        until(lambda: bool(kept(sqlite_store, order.id)))
    [message] = twilio.messages
    assert f"{PUBLIC}/sign/{token}" in message["body"]
    assert tasks(sqlite_store, order.id) == []


def test_twilio_is_left_alone_as_long_as_it_asks(
    twilio: TwilioStandin, settings: Settings, sqlite_store: Store
) -> None:
    """429 with a wait, then two server errors: one message in the end, and not before its time."""
    order, _ = linked(sqlite_store, draft())
    busy = replace(refusal(429, 20429), retry_after="2")
    twilio.answers = [busy, refusal(500, 20500), Answer(503, "<html>busy</html>")]
    with working(sqlite_store, settings, TwilioSms(settings)):
        until(lambda: bool(kept(sqlite_store, order.id)))
    assert twilio.asked_at[1] - twilio.asked_at[0] >= 2, "a test's own retries come after 0.1 s"
    assert len(twilio.messages) == 1
    assert tasks(sqlite_store, order.id) == []


def test_a_twilio_that_never_recovers_leaves_a_task(
    twilio: TwilioStandin, settings: Settings, sqlite_store: Store
) -> None:
    order, _ = linked(sqlite_store, draft())
    twilio.answers = [refusal(429, 20429), *[refusal(500, 20500)] * 20]
    with working(sqlite_store, settings, TwilioSms(settings)):
        until(lambda: tasks(sqlite_store, order.id) == ["sms_failed"])
    assert twilio.messages == []


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 0.0),
        ("99999999", 3600.0),
        ("Tue, 24 Nov 2026 02:30:10 GMT", 10.0),
        ("Tue, 24 Nov 2026 02:29:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("\x1e\x1e7", 7.0),
        ("-5", None),
        ("Tue, 24 Nov 2026 02:30:10", None),
    ],
)
def test_what_retry_after_asks_for(header: str, seconds: float | None) -> None:
    assert retry_after(header, datetime(2026, 11, 24, 2, 30, tzinfo=UTC)) == seconds


def test_a_message_whose_answer_was_lost_is_not_sent_twice(
    twilio: TwilioStandin,
    settings: Settings,
    sqlite_store: Store,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("api.twilio_api._TIMEOUT_S", 0.3)
    order, _ = linked(sqlite_store, draft())
    twilio.answers = [Answer(201, takes=True, late=True)]
    with working(sqlite_store, settings, TwilioSms(settings)):
        until(lambda: bool(kept(sqlite_store, order.id)))
    assert len(twilio.messages) == 1
    [message] = kept(sqlite_store, order.id)
    assert message.sid == twilio.messages[0]["sid"]


def report(door: FlaskClient, form: dict[str, str], *, token: str) -> int:
    """Twilio's delivery report, signed with `token`; the answer's status."""
    signed = RequestValidator(token).compute_signature(f"{PUBLIC}/sms/status", form)
    return door.post("/sms/status", data=form, headers={"X-Twilio-Signature": signed}).status_code


def test_delivery_reports_reach_the_message(
    twilio: TwilioStandin, settings: Settings, sqlite_store: Store, door: FlaskClient
) -> None:
    order, _ = linked(sqlite_store, draft())
    deliver_due(sqlite_store, settings, TwilioSms(settings), NOW)
    sid = twilio.messages[0]["sid"]
    form = {"AccountSid": ACCOUNT, "MessageSid": sid, "To": MOBILE, "From": DESK_NUMBER}

    def state() -> tuple[str, str | None]:
        with sqlite_store.reading() as uow:
            [message] = uow.messages.of_order(order.id)
            return message.status, message.error_code

    assert report(door, {**form, "MessageStatus": "delivered"}, token="a stranger's") == 403
    assert state() == ("queued", None)
    assert report(door, {**form, "MessageStatus": "sent"}, token=TOKEN) == 204
    assert state() == ("sent", None)
    lost = {**form, "MessageStatus": "undelivered", "ErrorCode": "30005"}
    assert report(door, lost, token=TOKEN) == 204
    assert state() == ("undelivered", "30005")
    assert tasks(sqlite_store, order.id) == ["sms_failed"]


def test_no_message_ever_goes_to_a_landline(
    twilio: TwilioStandin, settings: Settings, sqlite_store: Store
) -> None:
    begun(sqlite_store, draft())
    with sqlite_store.unit() as uow:
        confirmed, _ = desk.confirm_order(uow, draft(), NOW)
        uow.commit()
    effects = Effects(
        store=sqlite_store,
        call=Call(sid="CA1", caller=LANDLINE, called=None, started_at=NOW),
        wall=lambda: NOW,
        open_now=lambda _at: True,
        link_hours=72,
        recording="",
    )
    hung_up = CallerHungUp(at=NOW)
    send = partial(SendLink, order=confirmed, lang="zh")
    [answer] = effects.carry_out(hung_up, [send(mobile=LANDLINE)])
    assert answer == EffectFailed(at=NOW, action="send_link", retryable=False)
    deliver_due(sqlite_store, settings, TwilioSms(settings), NOW + timedelta(hours=1))
    assert twilio.asked == []


def test_locally_a_message_is_shown(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, home=tmp_path, public_url=PUBLIC, twilio_account_sid="")
    assert isinstance(make_sender(settings), LocalSms)
    shown = io.StringIO()
    sms = LocalSms(Console(file=shown, width=200))
    body = link_text(settings, lang="zh", number="1124-1", token="t" * 32)
    first, second = sms.send(MOBILE, body, 1), sms.send(MOBILE, body, 2)
    assert first.sid != second.sid
    assert first.status == "delivered"
    text = shown.getvalue()
    assert f"{PUBLIC}/sign/{'t' * 32}" in text
    assert MOBILE in text
    assert f"UCS-2, {segments(body).count} segment(s)" in text
    assert sms.find(MOBILE, body, datetime.now(UTC)) is None


@pytest.mark.parametrize(
    ("form", "fault"),
    [
        ({"From": DESK_NUMBER, "Body": BODY}, "'To' is a required property"),
        ({"To": "13800138000", "From": DESK_NUMBER, "Body": BODY}, "'phone-number'"),
        ({"To": MOBILE, "MessagingServiceSid": "MG7", "Body": BODY}, "too short"),
        ({"To": MOBILE, "Body": BODY}, "one of from, messaging_service_sid"),
        ({"To": MOBILE, "From": DESK_NUMBER}, "one of body, media_url"),
        ({"To": MOBILE, "From": DESK_NUMBER, "Body": BODY, "Callback": PUBLIC}, "Callback"),
    ],
)
def test_the_stand_in_notices_what_is_wrong(form: dict[str, str], fault: str) -> None:
    with TwilioStandin(read_description(SUBSET)).running() as standin:
        standin.answers = [refusal(400, 21211)]
        url = standin.url + MESSAGES.format(AccountSid=ACCOUNT)
        requests.post(url, data=form, auth=(ACCOUNT, TOKEN), timeout=10)
        assert requests.post(url, data=form, timeout=10).status_code == 401
    assert fault in " ".join(standin.faults)


@pytest.mark.parametrize(("read", "own"), [(read_description, SUBSET), (read_calls, CALLS_SUBSET)])
def test_our_part_of_the_description_says_what_the_whole_one_says(
    read: Callable[[Path], dict[str, Any]], own: Path
) -> None:
    path = os.environ.get("TWILIO_OPENAPI")
    if path is None:
        pytest.skip(
            "TWILIO_OPENAPI does not name Twilio's twilio_api_v2010.json "
            "(in the npm package @twilio/cli-core)"
        )
    part, whole = read(own), read(Path(path))
    assert _contradictions(part, whole, "", part, whole) == []


def _contradictions(part: Any, whole: Any, at: str, *roots: Any) -> list[str]:
    """Where `part` says something that `whole` does not say."""
    part, whole = _resolved(part, roots[0]), _resolved(whole, roots[1])
    if at.rpartition("/")[2] in {"info", "servers", "description", "schemas"}:
        return []
    if isinstance(part, dict) and isinstance(whole, dict):
        return [
            found
            for key, value in part.items()
            for found in _contradictions(value, whole.get(key), f"{at}/{key}", *roots)
        ]
    if at.endswith("/parameters"):
        named = {parameter["name"]: parameter for parameter in whole}
        return [
            found
            for parameter in part
            for found in _contradictions(
                parameter,
                named.get(parameter["name"]),
                f"{at}/{parameter['name']}",
                *roots,
            )
        ]
    return [] if part == whole else [f"{at}: {part} is {whole} in the whole description"]


def _resolved(node: Any, root: Any) -> Any:
    """What a reference within the description refers to; anything else as it is."""
    if not isinstance(node, dict) or "$ref" not in node:
        return node
    for key in node["$ref"].removeprefix("#/").split("/"):
        root = root[key]
    return root
