"""Nothing that the outside sends breaks a parser or a webhook."""

from __future__ import annotations

import struct
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.fuzz_targets import SOURCES, TARGETS
from models.errors import ExternalError
from tests.fakes import MemoryCallRecords
from tests.unit.test_telephony import make_app, post
from tests.unit.test_telephony import settings as desk_settings
from voice.peaks import outline


def test_a_recording_without_a_rate_is_refused() -> None:
    """Found by atheris: a header of 0 Hz with some sound."""
    body = struct.pack("<HHIIHH", 1, 2, 0, 0, 4, 16)
    wav = b"RIFF\x2c\0\0\0WAVEfmt \x10\0\0\0" + body + b"data\x08\0\0\0" + bytes(8)
    with pytest.raises(ExternalError):
        outline(BytesIO(wav))


@pytest.mark.parametrize("name", sorted(TARGETS))
def test_a_parser_refuses_and_never_breaks(name: str) -> None:
    @settings(max_examples=150)
    @given(SOURCES[name])
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
