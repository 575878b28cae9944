"""What the outside may send, taken apart by its parsers: each target may refuse, never break."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from api.twilio_api import retry_after
from api.vault.recordings import began
from models import drawing
from models.errors import IntakeError
from voice.excerpt import caller_between
from voice.legs import softphone_codec, twilio_codec
from voice.peaks import outline
from voice.recorded import for_line


def _twilio(data: bytes) -> None:
    """Messages of Twilio's media stream, and ours to it."""
    for parse in (twilio_codec.parse_from_twilio, twilio_codec.parse_to_twilio):
        for raw in (data, data.decode("utf-8", "replace")):
            with suppress(twilio_codec.MalformedMessage):
                parse(raw)


def _softphone(data: bytes) -> None:
    """Messages of the telephone in the browser, and ours to it."""
    for parse in (softphone_codec.parse_from_browser, softphone_codec.parse_to_browser):
        for raw in (data, data.decode("utf-8", "replace")):
            with suppress(softphone_codec.MalformedMessage):
                parse(raw)


def _drawing(data: bytes) -> None:
    """The signature that a customer draws."""
    with suppress(IntakeError):
        drawing.parse(data.decode("utf-8", "replace"))


def _sound(data: bytes) -> None:
    """An uploaded recording of a wording."""
    with suppress(IntakeError):
        for_line(data)


def _recording(data: bytes) -> None:
    """A call's recording, as its outline and the second hearing read it."""
    for read in (outline, lambda file: caller_between(file, 0, 1000)):
        with suppress(IntakeError):
            read(BytesIO(data))


def _header(data: bytes) -> None:
    """What a telephone company's server says of waiting, and a recording's name."""
    text = data.decode("utf-8", "replace")
    wait = retry_after(text, datetime(2026, 11, 24, tzinfo=UTC))
    if wait is not None and not 0 <= wait <= 3600:
        raise AssertionError(f"{text!r} waits {wait} s")
    with suppress(IntakeError):
        began(text, ZoneInfo("Asia/Shanghai"))


TARGETS: Mapping[str, Callable[[bytes], None]] = {
    "twilio": _twilio,
    "softphone": _softphone,
    "drawing": _drawing,
    "sound": _sound,
    "recording": _recording,
    "header": _header,
}

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

#: What each target is given.
SOURCES: Mapping[str, st.SearchStrategy[bytes]] = {
    name: _WAVS | _BYTES if name in {"sound", "recording"} else _BYTES for name in TARGETS
}
