"""Nothing that the outside sends breaks a parser or a webhook."""

from __future__ import annotations

import json
import struct
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_targets import TARGETS
from tests.fakes import MemoryCallRecords
from tests.unit.test_telephony import make_app, post
from tests.unit.test_telephony import settings as desk_settings

#: JSON as an attacker would send it: our keys with values of any kind.
_KEYS = st.sampled_from(
    [
        *("event", "streamSid", "sequenceNumber", "start", "media", "payload", "timestamp"),
        *("chunk", "track", "mark", "name", "dtmf", "digit", "stop", "callSid", "mediaFormat"),
        *("encoding", "sampleRate", "channels", "customParameters", "token", "call", "strokes"),
        *("width", "height", "x", "y", "t", "lang", "key", "muted"),
    ]
)
_WORDS = st.sampled_from(
    ["start", "media", "dtmf", "mark", "stop", "connected", "clear", "key", "mute", "inbound"]
)
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=20)
    | _WORDS
    | st.sampled_from(["1", "-1", "1e9", "9" * 5000, "audio/x-mulaw", "AAAA", "\ud800", "²"])
)
_JSON = st.recursive(
    _LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_KEYS | st.text(max_size=5), inner),
    max_leaves=12,
)
_MESSAGES = st.dictionaries(_KEYS, _JSON, max_size=6) | _JSON
_BYTES = st.binary(max_size=400) | _MESSAGES.map(lambda body: json.dumps(body).encode())


def _wav(fields: tuple[int, ...], sound: bytes) -> bytes:
    """A WAV file whose header says what it likes."""
    kind, channels, rate, width, size = fields
    return (
        b"RIFF"
        + struct.pack("<I", size)
        + b"WAVEfmt \x10\0\0\0"
        + struct.pack("<HHIIHH", kind, channels, rate, rate * 2 % 2**32, 2, width)
        + b"data"
        + struct.pack("<I", size)
        + sound
    )


_SIZES = st.integers(0, 2**32 - 1) | st.sampled_from([0, 1, 44, 36, 2**31])
_WAVS = st.builds(
    _wav,
    st.tuples(
        st.sampled_from([0, 1, 3, 6, 7, 0xFFFE]),
        st.integers(0, 3) | st.just(65535),
        st.sampled_from([0, 1, 8000, 44100, 2**32 - 1]),
        st.sampled_from([0, 8, 16, 24, 32, 65535]),
        _SIZES,
    ),
    st.binary(max_size=300),
)


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_parser_refuses_and_never_breaks(name: str) -> None:
    source = _WAVS | _BYTES if name in {"sound", "recording"} else _BYTES

    @settings(max_examples=150)
    @given(source)
    def fuzz(data: bytes) -> None:
        TARGETS[name](data)

    fuzz()


_DOORS = ("voice/incoming", "voice/after", "voice/busy", "voice/dialled", "voice/status")


@pytest.mark.parametrize("door", [*_DOORS, "sms/status"])
def test_no_signed_form_breaks_a_webhook(door: str, tmp_path: Path) -> None:
    """Even whoever has the secret gets no server error: 200 with TwiML, or a refusal."""
    client = make_app(desk_settings(tmp_path), MemoryCallRecords()).test_client()
    names = st.sampled_from(
        [
            *("CallSid", "From", "To", "CallStatus", "SequenceNumber", "Timestamp", "Digits"),
            *("DialCallStatus", "StreamSid", "StreamEvent", "StreamError", "MessageSid"),
            *("MessageStatus", "ErrorCode", "attempt"),
        ]
    )
    values = st.text(max_size=30) | st.sampled_from(
        ["completed", "delivered", "+8613800138000", "-1", "9" * 400, "CA1", "²", "\x00", "busy"]
    )

    @settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.dictionaries(names, values, max_size=8))
    def fuzz(form: dict[str, str]) -> None:
        assert post(client, f"/{door}", form).status_code < 500

    fuzz()
