"""The way to Twilio's REST API: its client, and its refusals as errors of ours."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from json import JSONDecodeError
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from twilio.base.exceptions import (
    TwilioException,
    TwilioRestException,
    TwilioServiceException,
)
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from api.config import Settings
from models.errors import ExternalError

T = TypeVar("T")

_TOO_MANY, _SERVER_ERROR, _UNAVAILABLE = 429, 500, 503
#: A longer wait than this is not waited for in one piece.
_LONGEST_WAIT_S = 3600.0
_TIMEOUT_S = 10.0


class _Door(TwilioHttpClient):
    """The way to Twilio: to another address where there is a proxy or a stand-in, and patient.

    Twilio's own client drops the header that says when to come again.
    """

    def __init__(self, base: str) -> None:
        super().__init__(timeout=_TIMEOUT_S)
        self._base = urlsplit(base)

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """See `twilio.http.HttpClient.request`. Raises ExternalError where a wait is named."""
        if self._base.netloc:
            parts = urlsplit(url)._replace(scheme=self._base.scheme, netloc=self._base.netloc)
            url = urlunsplit(parts)
        answer = super().request(method, url, *args, **kwargs)
        wait = retry_after(str((answer.headers or {}).get("Retry-After", "")), datetime.now(UTC))
        if wait is not None and answer.status_code in (_TOO_MANY, _UNAVAILABLE):
            raise ExternalError(
                f"Twilio is busy ({answer.status_code}) and asks for {wait:.0f} s.",
                retryable=True,
                after_s=wait,
            )
        return answer


def retry_after(header: str, now: datetime) -> float | None:
    """Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3), an hour at most; None if none."""
    plain = header.strip()
    if plain.isdecimal():
        return min(_LONGEST_WAIT_S, float(plain))
    try:
        seconds = (parsedate_to_datetime(header) - now).total_seconds()
    except (ValueError, TypeError):
        return None
    return min(_LONGEST_WAIT_S, max(0.0, seconds))


def twilio_client(settings: Settings) -> Client:
    """A client for Twilio's REST API, or for what stands in for it."""
    return Client(
        settings.twilio_account_sid,
        settings.twilio_auth_token.get_secret_value(),
        http_client=_Door(settings.twilio_api_base),
    )


def asked(what: str, ask: Callable[[], T]) -> T:
    """What Twilio answers.

    Args:
        what: it may refuse this: "the call", "to pass the call on".

    Raises:
        ExternalError: it refuses or cannot be reached; retryable where that may help.
    """
    try:
        return ask()
    except (TwilioRestException, TwilioServiceException) as error:
        again = error.status == _TOO_MANY or error.status >= _SERVER_ERROR
        raise ExternalError(
            f"Twilio refused {what} ({error.status}, code {error.code}).", retryable=again
        ) from error
    except (TwilioException, requests.RequestException) as error:
        raise ExternalError("Twilio cannot be reached.", retryable=True) from error
    except JSONDecodeError as error:
        raise ExternalError("Twilio's answer cannot be read.", retryable=True) from error
