"""Fetches the pages of a fax from the service that received it.

Only addresses on hosts that the installation names are asked, each redirect included: whoever
could have this server ask any address would look into its network.
"""

from __future__ import annotations

from http import HTTPStatus
from urllib.parse import urljoin, urlsplit

import httpx

from api.config import Settings
from api.intake import limits
from api.intake.limits import Refusal, Refused
from models.errors import ExternalError

_TIMEOUT_S = 30.0
_MOST_REDIRECTS = 3
_TOO_MANY = 429


def is_allowed(settings: Settings, url: str) -> bool:
    """Whether pages may be fetched from an address: HTTPS on a named host, or the API itself."""
    parts, own = urlsplit(url), urlsplit(settings.twilio_api_base)
    if own.netloc and (parts.scheme, parts.netloc) == (own.scheme, own.netloc):
        return True
    hosts = {host.strip().lower() for host in settings.fax_media_hosts.split(",") if host.strip()}
    try:
        port = parts.port
    except ValueError:
        return False
    plain = parts.username is None and port in (None, 443)
    return parts.scheme == "https" and plain and (parts.hostname or "").lower() in hosts


def fetch(settings: Settings, url: str, *, transport: httpx.BaseTransport | None = None) -> bytes:
    """The pages.

    Args:
        transport: another way to the hosts than the network.

    Raises:
        ExternalError: they cannot be had; retryable where that may help.
        Refused: they are larger than a fax.
    """
    try:
        with httpx.Client(timeout=_TIMEOUT_S, transport=transport) as client:
            for _ in range(_MOST_REDIRECTS + 1):
                if not is_allowed(settings, url):
                    raise ExternalError(
                        "A fax lies on a host that is not allowed; check INTAKE_FAX_MEDIA_HOSTS."
                    )
                found = _got(client, settings, url)
                if isinstance(found, bytes):
                    return found
                url = urljoin(url, found)
    except httpx.HTTPError as error:
        raise ExternalError("The fax service cannot be reached.", retryable=True) from error
    raise ExternalError("The fax service leads from one address to the next.")


def _got(client: httpx.Client, settings: Settings, url: str) -> bytes | str:
    """The pages, or the address where they are instead."""
    with client.stream("GET", url, auth=_auth(settings, url)) as answer:
        if answer.has_redirect_location:
            return str(answer.headers["Location"])
        if answer.status_code != HTTPStatus.OK:
            again = answer.status_code == _TOO_MANY or answer.is_server_error
            raise ExternalError(
                f"The fax service refused a fax's pages ({answer.status_code}).", retryable=again
            )
        data = bytearray()
        for piece in answer.iter_bytes():
            data += piece
            if len(data) > limits.MOST_PART_BYTES:
                raise Refused(Refusal.TOO_LARGE)
    return bytes(data)


def _auth(settings: Settings, url: str) -> httpx.BasicAuth | None:
    """The account's own name goes to the service's API only, not to where it keeps files."""
    host, own = urlsplit(url).netloc, urlsplit(settings.twilio_api_base).netloc
    if not settings.twilio_account_sid or host not in {own, settings.fax_api_host}:
        return None
    token = settings.twilio_auth_token.get_secret_value()
    return httpx.BasicAuth(settings.twilio_account_sid, token)
