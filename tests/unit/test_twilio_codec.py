"""The Media Streams codec: what is written is read back, and nothing else is ever let through."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.legs.twilio_codec import (
    Clear,
    Connected,
    Dtmf,
    MalformedMessage,
    MarkBack,
    Media,
    Play,
    SetMark,
    Stop,
    StreamStart,
    parse_from_twilio,
    parse_to_twilio,
    write_from_twilio,
    write_to_twilio,
)

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40)
counts = st.integers(0, 10**17)
audio = st.binary(min_size=1, max_size=480)
from_twilio = st.one_of(
    st.builds(Connected, protocol=names, version=names),
    st.builds(
        StreamStart,
        stream_sid=names,
        call_sid=names,
        account_sid=names,
        parameters=st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs"]))),
        sequence=counts,
    ),
    st.builds(Media, payload=audio, chunk=counts, timestamp_ms=counts, sequence=counts),
    st.builds(Dtmf, digit=st.sampled_from("0123456789*#"), sequence=counts),
    st.builds(MarkBack, name=names, sequence=counts),
    st.builds(Stop, call_sid=names, sequence=counts),
)
to_twilio = st.one_of(st.builds(Play, audio), st.builds(SetMark, names), st.builds(Clear))
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=8,
)

#: As in Twilio's documentation, with identifiers of our own.
MEDIA: dict[str, Any] = {
    "event": "media",
    "sequenceNumber": "4",
    "media": {"track": "inbound", "chunk": "2", "timestamp": "25", "payload": "/////w=="},
    "streamSid": "MZ1",
}


def with_media(**changes: Any) -> bytes:
    return orjson.dumps({**MEDIA, "media": {**MEDIA["media"], **changes}})


@given(from_twilio)
def test_what_twilio_sends_is_read_back(message: Any) -> None:
    if isinstance(message, StreamStart):
        text = write_from_twilio(message, message.stream_sid)
    else:
        text = write_from_twilio(message, "MZ1")
    assert parse_from_twilio(text) == message


@given(to_twilio)
def test_what_we_send_is_read_back(message: Any) -> None:
    text = write_to_twilio(message, "MZ1")
    assert parse_to_twilio(text) == message
    assert orjson.loads(text)["streamSid"] == "MZ1"


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_arbitrary_input_is_refused(raw: bytes | str) -> None:
    for parse in (parse_from_twilio, parse_to_twilio):
        with pytest.raises(MalformedMessage):
            parse(raw)


@given(from_twilio, st.data())
def test_a_damaged_message_is_read_or_refused(message: Any, data: st.DataObject) -> None:
    body = orjson.loads(write_from_twilio(message, "MZ1"))
    part = data.draw(st.sampled_from([body, *(v for v in body.values() if isinstance(v, dict))]))
    key = data.draw(st.sampled_from(sorted(part)))
    part[key] = data.draw(json_values)
    raw = orjson.dumps(body, option=orjson.OPT_NON_STR_KEYS)
    try:
        parse_from_twilio(raw)
    except MalformedMessage as error:
        assert "MZ1" not in str(error)


def test_the_documented_media_message() -> None:
    assert parse_from_twilio(orjson.dumps(MEDIA)) == Media(
        payload=b"\xff\xff\xff\xff", chunk=2, timestamp_ms=25, sequence=4
    )


@pytest.mark.parametrize(
    "raw",
    [
        with_media(payload="not base64!"),
        with_media(payload=""),
        with_media(payload="////"[:3]),
        with_media(chunk="-1"),
        with_media(chunk="１"),
        with_media(chunk=True),
        with_media(chunk=1.5),
        with_media(timestamp="9" * 5000),
        b"[" * 5000,
        b'"media"',
        b'{"event": "media"}',
        b'{"event": "dtmf", "sequenceNumber": "1", "dtmf": {"digit": "A"}}',
        b'{"event": "bye"}',
        b'{"event": ["media"]}',
    ],
)
def test_malformed_messages_are_refused(raw: bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_from_twilio(raw)


def test_another_media_format_is_refused() -> None:
    start = StreamStart(stream_sid="MZ1", call_sid="CA1", account_sid="AC1")
    body = orjson.loads(write_from_twilio(start, "MZ1"))
    body["start"]["mediaFormat"]["sampleRate"] = 16000
    with pytest.raises(MalformedMessage, match="8 kHz"):
        parse_from_twilio(orjson.dumps(body))
