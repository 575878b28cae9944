"""Passing a running call on to a person, through the telephone company."""

from __future__ import annotations

from typing import Protocol

import requests
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException

from api import twiml
from api.config import Settings
from api.sms import twilio_client
from models.errors import ExternalError

_TOO_MANY, _SERVER_ERROR = 429, 500


class CallLine(Protocol):
    """Something that can pass calls on."""

    def pass_on(self, call_sid: str, number: str, caller_id: str | None) -> None:
        """Connects the caller with `number`. Raises ExternalError."""


class TwilioLine:
    """Twilio's Calls resource: the call gets new instructions, which ends its media stream."""

    def __init__(self, settings: Settings) -> None:
        self._client = twilio_client(settings)
        self._base_url = settings.base_url

    def pass_on(self, call_sid: str, number: str, caller_id: str | None) -> None:
        """See `CallLine.pass_on`."""
        instructions = twiml.dial(self._base_url, number, caller_id)
        try:
            self._client.calls(call_sid).update(twiml=instructions)
        except (TwilioRestException, TwilioServiceException) as error:
            again = error.status == _TOO_MANY or error.status >= _SERVER_ERROR
            raise ExternalError(
                f"Twilio refused to pass the call on ({error.status}, code {error.code}).",
                retryable=again,
            ) from error
        except (TwilioException, requests.RequestException) as error:
            raise ExternalError("Twilio cannot be reached.", retryable=True) from error


class NoLine:
    """No telephone account: nothing can be passed on."""

    def pass_on(self, call_sid: str, number: str, caller_id: str | None) -> None:
        """See `CallLine.pass_on`; always fails."""
        raise ExternalError("Without a Twilio account no call can be passed on.")


NO_LINE = NoLine()


def make_line(settings: Settings) -> CallLine:
    """Twilio where there is an account."""
    return TwilioLine(settings) if settings.twilio_account_sid else NO_LINE
