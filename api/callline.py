"""Passing a running call on to a person, through the telephone company."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from api import twiml
from api.config import Settings
from api.twilio_api import asked, twilio_client
from models.errors import ExternalError


class CallLine(Protocol):
    """Something that can pass calls on."""

    def pass_on(self, call_sid: str, number: str, caller_id: str | None) -> None:
        """Connects the caller with `number`. Raises ExternalError."""

    def fork(self, call_sid: str) -> None:
        """Has the sound of a call that a person has come here once more. Raises ExternalError."""


class TwilioLine:
    """Twilio's Calls resource: the call gets new instructions, which ends its media stream.

    Args:
        token: issues what lets a fork of a call in, by its SID.
    """

    def __init__(self, settings: Settings, token: Callable[[str], str]) -> None:
        self._client = twilio_client(settings)
        self._base_url = settings.base_url
        self._token = token

    def pass_on(self, call_sid: str, number: str, caller_id: str | None) -> None:
        """See `CallLine.pass_on`."""
        token = self._token(call_sid)
        instructions = twiml.dial(self._base_url, number, caller_id, token)
        asked(
            "to pass the call on", lambda: self._client.calls(call_sid).update(twiml=instructions)
        )

    def fork(self, call_sid: str) -> None:
        """See `CallLine.fork`."""
        wanted = twiml.fork(self._base_url)
        asked(
            "to fork the call",
            lambda: self._client.calls(call_sid).streams.create(
                url=wanted["url"],
                name=wanted["name"],
                track=wanted["track"],
                status_callback=wanted["status_callback"],
                status_callback_method="POST",
                parameter1_name="token",
                parameter1_value=self._token(call_sid),
            ),
        )


class NoLine:
    """No telephone account: nothing can be passed on."""

    def pass_on(self, call_sid: str, number: str, caller_id: str | None) -> None:
        """See `CallLine.pass_on`; always fails."""
        raise ExternalError("Without a Twilio account no call can be passed on.")

    def fork(self, call_sid: str) -> None:
        """See `CallLine.fork`; always fails."""
        raise ExternalError("Without a Twilio account no call can be forked.")


NO_LINE = NoLine()


def make_line(settings: Settings, token: Callable[[str], str]) -> CallLine:
    """Twilio where there is an account; `token` as for `TwilioLine`."""
    return TwilioLine(settings, token) if settings.twilio_account_sid else NO_LINE
