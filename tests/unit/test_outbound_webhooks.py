"""Calls of ours: whoever answers, the customer counts as the caller everywhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from api.telephony import Answered, CallState
from models.call import Disposition
from tests.fakes import MemoryCallRecords
from tests.unit.test_telephony import PUBLIC, make_app, post, settings, verbs

RING = "0123456789abcdef0123456789abcdef-2"
OUR, CUSTOMER = "+862155550100", "+8613800138000"
FORM = {"CallSid": "CA7", "From": OUR, "To": CUSTOMER, "Direction": "outbound-api"}
TARGET = f"/voice/answered?cause={RING}"


@pytest.fixture
def records() -> MemoryCallRecords:
    kept = MemoryCallRecords()
    kept.answers[RING] = Answered(lang="zh", wanted=True, told=False)
    return kept


@pytest.fixture
def client(tmp_path: Path, records: MemoryCallRecords) -> FlaskClient:
    return make_app(settings(tmp_path), records).test_client()


@pytest.mark.parametrize("by", ["human", "unknown"])
def test_a_person_is_connected_with_a_token_like_any_caller(
    client: FlaskClient, records: MemoryCallRecords, by: str
) -> None:
    connect, redirect = verbs(post(client, TARGET, {**FORM, "AnsweredBy": by}))
    stream = connect.child("Stream")
    assert stream is not None
    given = {item.attributes["name"]: item.attributes["value"] for item in stream.children}
    assert given.pop("token")
    assert given == {"caller": CUSTOMER, "called": OUR, "attempt": "1"}
    assert redirect.text == f"{PUBLIC}/voice/after?attempt=1"
    assert records.rings == [(RING, "CA7", by)]


def test_a_machine_is_told_who_called_and_nothing_of_the_order(client: FlaskClient) -> None:
    word, over = verbs(post(client, TARGET, {**FORM, "AnsweredBy": "machine_end_beep"}))
    assert over.name == "Hangup"
    assert "顺达货运" in word.text
    assert "2 1 5 5 5 5 0 1 0 0" in word.text
    assert "订单" not in word.text


def test_a_machine_is_told_once(client: FlaskClient, records: MemoryCallRecords) -> None:
    records.answers[RING] = Answered(lang="zh", wanted=True, told=True)
    answer = post(client, TARGET, {**FORM, "AnsweredBy": "machine_end_other"})
    assert [verb.name for verb in verbs(answer)] == ["Hangup"]


@pytest.mark.parametrize(
    ("target", "by"), [(TARGET, "fax"), ("/voice/answered", "human"), (f"{TARGET}x", "human")]
)
def test_faxes_and_unknown_rings_are_hung_up(client: FlaskClient, target: str, by: str) -> None:
    answer = post(client, target, {**FORM, "AnsweredBy": by})
    assert [verb.name for verb in verbs(answer)] == ["Hangup"]


def test_what_is_settled_meanwhile_is_not_talked_about(
    client: FlaskClient, records: MemoryCallRecords
) -> None:
    records.answers[RING] = Answered(lang="en", wanted=False, told=False)
    word, over = verbs(post(client, TARGET, FORM))
    assert "settled" in word.text
    assert over.name == "Hangup"


def test_without_a_free_line_a_customer_is_not_asked_for_keys(
    tmp_path: Path, records: MemoryCallRecords
) -> None:
    client = make_app(settings(tmp_path), records, room=False).test_client()
    names = [verb.name for verb in verbs(post(client, TARGET, FORM))]
    assert names == ["Say", "Hangup"]


def test_reports_name_the_ring(client: FlaskClient, records: MemoryCallRecords) -> None:
    form = {**FORM, "CallStatus": "completed", "AnsweredBy": "machine_end_beep"}
    assert post(client, f"/voice/status?cause={RING}", form).status_code == 204
    assert records.statuses == [("CA7", "completed")]
    assert records.rings == [(RING, "CA7", "machine_end_beep")]


def test_a_broken_stream_and_a_transfer_keep_the_sides(
    tmp_path: Path, records: MemoryCallRecords
) -> None:
    client = make_app(settings(tmp_path, clerk_number="+862155550199"), records).test_client()
    connect, _ = verbs(post(client, "/voice/after?attempt=1", FORM))
    stream = connect.child("Stream")
    assert stream is not None
    given = {item.attributes["name"]: item.attributes["value"] for item in stream.children}
    assert (given["caller"], given["called"]) == (CUSTOMER, OUR)
    records.states["CA7"] = CallState(disposition=Disposition.TRANSFERRED)
    _, dial = verbs(post(client, "/voice/after?attempt=1", FORM))
    assert dial.attributes["callerId"] == OUR


def test_who_finds_no_line_is_called_back_where_he_wants(
    tmp_path: Path, records: MemoryCallRecords
) -> None:
    client = make_app(settings(tmp_path), records, room=False).test_client()
    form = {"CallSid": "CA8", "From": CUSTOMER, "To": OUR, "Direction": "inbound"}
    post(client, "/voice/busy?asked=1", {**form, "Digits": "02155550188"})
    assert records.by_assistant == {"CA8": "+862155550188"}
