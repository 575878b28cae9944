"""What the outside may send, taken apart by its parsers: each target may refuse, never break."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from io import BytesIO
from zoneinfo import ZoneInfo

from api.sms import retry_after
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
