"""Twilio Media Streams messages, both ways (pure).

Source: Twilio's documentation, "Media Streams - WebSocket Messages". Numbers travel as decimal
strings, audio as base64 of 8 kHz mono mu-law. `mark` goes both ways; `clear` only to Twilio.
"""

from __future__ import annotations

import binascii
from binascii import a2b_base64, b2a_base64
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

import orjson

from models.errors import RuleError

#: Bytes of 20 ms of mu-law audio at 8 kHz.
MULAW_FRAME_BYTES = 160
#: The only media format Twilio documents.
MEDIA_FORMAT = {"encoding": "audio/x-mulaw", "sampleRate": 8000, "channels": 1}
_MAX_DIGITS = 18
_KEYS = frozenset("0123456789*#")

#: `inbound` is what the other end of the call says, `outbound` what it hears.
Track = Literal["inbound", "outbound"]


class MalformedMessage(RuleError):
    """A message is not one of the protocol's. Its text never repeats what was received."""


@dataclass(frozen=True, slots=True)
class Connected:
    """The socket is open; nothing about the call yet."""

    protocol: str = "Call"
    version: str = "1.0.0"


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamStart:
    """The stream begins. `parameters` are the `<Parameter>`s of the TwiML.

    Attributes:
        tracks: which will come: one of a stream that talks, both of one that only listens.
    """

    stream_sid: str
    call_sid: str
    account_sid: str = ""
    parameters: Mapping[str, str] = field(default_factory=dict)
    sequence: int = 1
    tracks: tuple[Track, ...] = ("inbound",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """Audio of one track; of the caller, unless both are sent.

    Attributes:
        payload: mu-law bytes at 8 kHz, one byte a sample.
        chunk: 1 for the first message of the stream, then one more each.
        timestamp_ms: the audio's place in the stream.
    """

    payload: bytes
    chunk: int
    timestamp_ms: int
    sequence: int = 0
    track: Track = "inbound"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dtmf:
    """A key was pressed: 0-9, `*` or `#`."""

    digit: str
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkBack:
    """Everything sent before the mark was played, or thrown away by a clear."""

    name: str
    sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """The stream or the call ended."""

    call_sid: str = ""
    sequence: int = 0


@dataclass(frozen=True, slots=True)
class Play:
    """Audio for the caller: mu-law bytes at 8 kHz."""

    payload: bytes


@dataclass(frozen=True, slots=True)
class SetMark:
    """Asks for a `MarkBack` when everything sent so far was played."""

    name: str


@dataclass(frozen=True, slots=True)
class Clear:
    """Throws away audio that was sent and not yet played; pending marks come back at once."""


FromTwilio = Connected | StreamStart | Media | Dtmf | MarkBack | Stop
ToTwilio = Play | SetMark | Clear


def parse_from_twilio(raw: str | bytes) -> FromTwilio:
    """One message that Twilio sent.

    Raises:
        MalformedMessage: not JSON, an unknown event, or a field that is missing or wrong.
    """
    message = _object(raw)
    return _reader(message, _FROM_TWILIO)(message)


def parse_to_twilio(raw: str | bytes) -> ToTwilio:
    """One message that an application sent to Twilio.

    Raises:
        MalformedMessage: as for `parse_from_twilio`.
    """
    message = _object(raw)
    _text(message, "streamSid")
    return _reader(message, _TO_TWILIO)(message)


def write_to_twilio(message: ToTwilio, stream_sid: str) -> str:
    """The message's JSON text, addressed to a stream."""
    match message:
        case Play(payload):
            body = {"event": "media", "media": {"payload": _base64(payload)}}
        case SetMark(name):
            body = {"event": "mark", "mark": {"name": name}}
        case Clear():
            body = {"event": "clear"}
    return orjson.dumps({**body, "streamSid": stream_sid}).decode()


def write_from_twilio(message: FromTwilio, stream_sid: str) -> str:
    """The message's JSON text as Twilio would send it."""
    if isinstance(message, Connected):
        body: dict[str, object] = {
            "event": "connected",
            "protocol": message.protocol,
            "version": message.version,
        }
    else:
        body = {
            **_body_from_twilio(message),
            "sequenceNumber": str(message.sequence),
            "streamSid": stream_sid,
        }
    return orjson.dumps(body).decode()


def _body_from_twilio(message: StreamStart | Media | Dtmf | MarkBack | Stop) -> dict[str, object]:
    match message:
        case StreamStart():
            start = {
                "accountSid": message.account_sid,
                "streamSid": message.stream_sid,
                "callSid": message.call_sid,
                "tracks": list(message.tracks),
                "mediaFormat": MEDIA_FORMAT,
                "customParameters": dict(message.parameters),
            }
            return {"event": "start", "start": start}
        case Media():
            media = {
                "track": message.track,
                "chunk": str(message.chunk),
                "timestamp": str(message.timestamp_ms),
                "payload": _base64(message.payload),
            }
            return {"event": "media", "media": media}
        case Dtmf():
            return {"event": "dtmf", "dtmf": {"track": "inbound_track", "digit": message.digit}}
        case MarkBack():
            return {"event": "mark", "mark": {"name": message.name}}
        case Stop():
            return {"event": "stop", "stop": {"callSid": message.call_sid}}


_Json = Mapping[str, object]
_M = TypeVar("_M")


def _object(raw: str | bytes) -> _Json:
    try:
        message = orjson.loads(raw)
    except ValueError as error:
        raise MalformedMessage("A message on the stream is not JSON.") from error
    if not isinstance(message, dict):
        raise MalformedMessage("A message on the stream is not a JSON object.")
    return message


def _reader(message: _Json, readers: Mapping[str, Callable[[_Json], _M]]) -> Callable[[_Json], _M]:
    reader = readers.get(_text(message, "event"))
    if reader is None:
        raise MalformedMessage("A message on the stream has an unknown event.")
    return reader


def _connected(message: _Json) -> Connected:
    return Connected(_text(message, "protocol"), _text(message, "version"))


def _start(message: _Json) -> StreamStart:
    start = _part(message, "start")
    if _part(start, "mediaFormat") != MEDIA_FORMAT:
        raise MalformedMessage("The stream's media format is not 8 kHz mono mu-law.")
    given = start.get("customParameters", {})
    if not isinstance(given, dict) or not all(isinstance(v, str) for v in given.values()):
        raise MalformedMessage("The stream's customParameters are not texts.")
    return StreamStart(
        stream_sid=_text(start, "streamSid"),
        call_sid=_text(start, "callSid"),
        account_sid=_text(start, "accountSid"),
        parameters=given,
        tracks=tuple(_track(one) for one in _list(start, "tracks")),
        sequence=_number(message, "sequenceNumber"),
    )


def _media(message: _Json) -> Media:
    media = _part(message, "media")
    return Media(
        payload=_audio(media),
        chunk=_number(media, "chunk"),
        timestamp_ms=_number(media, "timestamp"),
        track=_track(media.get("track", "inbound")),
        sequence=_number(message, "sequenceNumber"),
    )


def _dtmf(message: _Json) -> Dtmf:
    digit = _text(_part(message, "dtmf"), "digit")
    if digit not in _KEYS:
        raise MalformedMessage("A dtmf message names no key.")
    return Dtmf(digit=digit, sequence=_number(message, "sequenceNumber"))


def _mark_back(message: _Json) -> MarkBack:
    return MarkBack(
        name=_text(_part(message, "mark"), "name"),
        sequence=_number(message, "sequenceNumber"),
    )


def _stop(message: _Json) -> Stop:
    call_sid = _part(message, "stop").get("callSid", "")
    if not isinstance(call_sid, str):
        raise MalformedMessage("The field callSid is not text.")
    return Stop(call_sid=call_sid, sequence=_number(message, "sequenceNumber"))


_FROM_TWILIO: Mapping[str, Callable[[_Json], FromTwilio]] = {
    "connected": _connected,
    "start": _start,
    "media": _media,
    "dtmf": _dtmf,
    "mark": _mark_back,
    "stop": _stop,
}
_TO_TWILIO: Mapping[str, Callable[[_Json], ToTwilio]] = {
    "media": lambda message: Play(_audio(_part(message, "media"))),
    "mark": lambda message: SetMark(_text(_part(message, "mark"), "name")),
    "clear": lambda _: Clear(),
}


def _part(message: _Json, key: str) -> _Json:
    part = message.get(key)
    if not isinstance(part, dict):
        raise MalformedMessage(f"The field {key} is missing or not an object.")
    return part


def _list(message: _Json, key: str) -> list[object]:
    found = message.get(key, ["inbound"])
    if not isinstance(found, list):
        raise MalformedMessage(f"The field {key} is no list.")
    return found


def _track(value: object) -> Track:
    if value == "inbound":
        return "inbound"
    if value == "outbound":
        return "outbound"
    raise MalformedMessage("A track is neither inbound nor outbound.")


def _text(message: _Json, key: str) -> str:
    value = message.get(key)
    if not isinstance(value, str) or not value:
        raise MalformedMessage(f"The field {key} is missing or not text.")
    return value


def _number(message: _Json, key: str) -> int:
    """A count: decimal digits as text, or a JSON integer, never negative."""
    value = message.get(key)
    digits = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
    if not (digits.isascii() and digits.isdigit() and len(digits) <= _MAX_DIGITS):
        raise MalformedMessage(f"The field {key} is missing or not a count.")
    return int(digits)


def _audio(media: _Json) -> bytes:
    try:
        payload = a2b_base64(_text(media, "payload"), strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise MalformedMessage("A media payload is not base64.") from error
    if not payload:
        raise MalformedMessage("A media payload is empty.")
    return payload


def _base64(payload: bytes) -> str:
    return b2a_base64(payload, newline=False).decode()
