"""Messages between the telephone in the browser and the desk, both ways (pure).

Audio travels as binary messages of one frame: 20 ms of 8 kHz 16-bit mono PCM. Everything else
is JSON text `{"event": ...}`:

- from the browser: `start` (`call`, `caller`, `token`), `key` (`digit`), `mark` (`name`,
  `cleared`), `stop`;
- to the browser: `begun`, `mark` (`name`), `clear`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from models.call import BROWSER_PREFIX, TRAINING_PREFIX
from models.errors import RuleError
from voice.ports import FRAME_BYTES

#: Calls of this telephone, those of training among them.
CALL_SID = re.compile(f"(?:{BROWSER_PREFIX}|{TRAINING_PREFIX})[0-9a-f]{{32}}")
_CALLER = re.compile(r"\+\d{5,15}")
_LONGEST_TEXT = 300
_KEYS = frozenset("0123456789*#")


class MalformedMessage(RuleError):
    """A message is not one of the protocol's. Its text never repeats what was received."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """The first message: which call this is, who calls (E.164), and what lets it in."""

    call_sid: str
    caller: str | None
    token: str


@dataclass(frozen=True, slots=True)
class Voice:
    """One frame of audio, FRAME_BYTES of PCM."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class KeyPressed:
    """A key of the keypad: 0-9, `*` or `#`."""

    digit: str


@dataclass(frozen=True, slots=True)
class Mark:
    """To the browser: say when everything sent so far was played.

    From the browser: it was played, or it was `cleared`, thrown away unheard.
    """

    name: str
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """The person at the browser hung up."""


@dataclass(frozen=True, slots=True)
class Begun:
    """The desk has taken the call."""


@dataclass(frozen=True, slots=True)
class Clear:
    """Throw away audio that was sent and not yet played; its marks come back as cleared."""


FromBrowser = Start | Voice | KeyPressed | Mark | Stop
ToBrowser = Voice | Mark | Clear | Begun


def parse_from_browser(raw: str | bytes) -> FromBrowser:
    """One message that the browser sent.

    Raises:
        MalformedMessage: not a frame, not JSON, an unknown event, or a wrong field.
    """
    if isinstance(raw, bytes):
        return _frame(raw)
    message = _object(raw)
    match message.get("event"):
        case "start":
            return _start(message)
        case "key":
            return KeyPressed(_one_of(message, "digit", _KEYS))
        case "mark":
            return Mark(_text(message, "name"), _flag(message, "cleared"))
        case "stop":
            return Stop()
    raise MalformedMessage("unknown event")


def parse_to_browser(raw: str | bytes) -> ToBrowser:
    """One message that the desk sent.

    Raises:
        MalformedMessage: as for `parse_from_browser`.
    """
    if isinstance(raw, bytes):
        return _frame(raw)
    message = _object(raw)
    match message.get("event"):
        case "mark":
            return Mark(_text(message, "name"))
        case "clear":
            return Clear()
        case "begun":
            return Begun()
    raise MalformedMessage("unknown event")


def write(message: FromBrowser | ToBrowser) -> str | bytes:
    """The message as it travels: bytes for audio, text for everything else."""
    body: dict[str, object]
    match message:
        case Voice(pcm):
            return pcm
        case Start(call_sid=call, caller=caller, token=token):
            body = {"event": "start", "call": call, "caller": caller or "", "token": token}
        case KeyPressed(digit):
            body = {"event": "key", "digit": digit}
        case Mark(name, cleared):
            body = {"event": "mark", "name": name, "cleared": cleared}
        case Stop() | Begun() | Clear():
            body = {"event": type(message).__name__.lower()}
    return orjson.dumps(body).decode()


def _frame(raw: bytes) -> Voice:
    if len(raw) != FRAME_BYTES:
        raise MalformedMessage("not one frame of audio")
    return Voice(raw)


def _start(message: Mapping[str, Any]) -> Start:
    call, caller = _text(message, "call"), _text(message, "caller")
    if not CALL_SID.fullmatch(call) or (caller and not _CALLER.fullmatch(caller)):
        raise MalformedMessage("no call of this telephone")
    return Start(call_sid=call, caller=caller or None, token=_text(message, "token"))


def _object(raw: str) -> Mapping[str, Any]:
    try:
        message = orjson.loads(raw)
    except (orjson.JSONDecodeError, UnicodeEncodeError) as error:
        raise MalformedMessage("not JSON") from error
    if not isinstance(message, dict):
        raise MalformedMessage("not an object")
    return message


def _text(message: Mapping[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or len(value) > _LONGEST_TEXT:
        raise MalformedMessage(f"{name} is no text")
    return value


def _one_of(message: Mapping[str, Any], name: str, allowed: frozenset[str]) -> str:
    value = _text(message, name)
    if value not in allowed:
        raise MalformedMessage(f"{name} is none of the allowed ones")
    return value


def _flag(message: Mapping[str, Any], name: str) -> bool:
    value = message.get(name, False)
    if not isinstance(value, bool):
        raise MalformedMessage(f"{name} is neither true nor false")
    return value
