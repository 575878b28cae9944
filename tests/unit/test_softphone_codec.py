"""Messages of the telephone in the browser: what is written is read, and nothing else is."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.legs.softphone_codec import (
    Begun,
    Clear,
    FromBrowser,
    KeyPressed,
    MalformedMessage,
    Mark,
    Start,
    Stop,
    ToBrowser,
    Voice,
    parse_from_browser,
    parse_to_browser,
    write,
)
from voice.ports import FRAME_BYTES

SID = "SP" + "0a" * 16
VOICES = st.binary(min_size=FRAME_BYTES, max_size=FRAME_BYTES).map(Voice)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)
STARTS = st.builds(
    Start,
    call_sid=st.from_regex(r"SP[0-9a-f]{32}", fullmatch=True),
    caller=st.none() | st.from_regex(r"\+[0-9]{5,15}", fullmatch=True),
    token=NAMES,
)
FROM_BROWSER = st.one_of(
    STARTS,
    VOICES,
    st.sampled_from("0123456789*#").map(KeyPressed),
    st.builds(Mark, NAMES, st.booleans()),
    st.just(Stop()),
)
TO_BROWSER = st.one_of(VOICES, NAMES.map(Mark), st.just(Clear()), st.just(Begun()))


@given(FROM_BROWSER)
def test_what_the_browser_writes_is_read(message: FromBrowser) -> None:
    assert parse_from_browser(write(message)) == message


@given(TO_BROWSER)
def test_what_the_desk_writes_is_read(message: ToBrowser) -> None:
    assert parse_to_browser(write(message)) == message


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=8,
)
EVENTS = st.fixed_dictionaries(
    {"event": st.sampled_from(["start", "key", "mark", "stop", "begun", "clear", "media"])},
    optional=dict.fromkeys(("call", "caller", "token", "digit", "name", "cleared"), JSON),
)


@given(st.one_of(st.binary(max_size=400), st.text(max_size=60), JSON, EVENTS))
def test_anything_else_is_refused_in_one_way(sent: object) -> None:
    raw = sent if isinstance(sent, bytes | str) else json.dumps(sent)
    for parse in (parse_from_browser, parse_to_browser):
        try:
            parse(raw)
        except MalformedMessage as refused:
            assert not isinstance(sent, str) or len(sent) < 5 or sent not in str(refused)


@pytest.mark.parametrize(
    "raw",
    [
        bytes(FRAME_BYTES - 1),
        b"",
        "",
        "[]",
        "\ud800",
        '{"event":"key","digit":"12"}',
        '{"event":"key","digit":"A"}',
        '{"event":"key","digit":1}',
        '{"event":"mark"}',
        '{"event":"mark","name":"a","cleared":"no"}',
        '{"event":"start","call":"CA1","caller":"","token":""}',
        f'{{"event":"start","call":"{SID}","caller":"13800138000","token":""}}',
        f'{{"event":"start","call":"{SID}","caller":"","token":"{"a" * 301}"}}',
        '{"event":"clear"}',
    ],
)
def test_wrong_messages(raw: str | bytes) -> None:
    with pytest.raises(MalformedMessage):
        parse_from_browser(raw)


def test_an_empty_number_is_a_withheld_one() -> None:
    raw = f'{{"event":"start","call":"{SID}","caller":"","token":"t"}}'
    assert parse_from_browser(raw) == Start(call_sid=SID, caller=None, token="t")
