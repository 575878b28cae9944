"""Whether a request comes from Twilio.

Source: Twilio's documentation, "Security - Validating requests": HMAC-SHA1 by the auth token
over the URL as Twilio called it, followed by the sorted form parameters. A media socket's
handshake is signed over its `wss` URL without parameters. What Twilio called is not always
what arrives here: proxies end TLS, change the host and drop or add the port, and the trailing
slash of a socket's address varies.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator

SIGNATURE_HEADER = "X-Twilio-Signature"
_HOST = re.compile(r"(?P<name>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::(?P<port>\d{1,5}))?")
_DEFAULT_PORTS = {"http": 80, "https": 443, "ws": 80, "wss": 443}


class SignatureCheck:
    """Checks signatures against every address under which this server may be known.

    Args:
        secret: the account's auth token.
        base_url: the public address; it may have a path.
    """

    def __init__(self, secret: str, base_url: str) -> None:
        self._validator = RequestValidator(secret)
        base = urlsplit(base_url)
        self._base_host = base.netloc
        self._base_path = base.path.rstrip("/")

    def http(
        self, target: str, hosts: Iterable[str], params: Mapping[str, Any], signature: str
    ) -> bool:
        """Whether a webhook is signed.

        Args:
            target: path and query as received.
            hosts: values of the `Host` and `X-Forwarded-Host` headers.
            params: the form as received, all of it.
            signature: the value of `X-Twilio-Signature`, empty when missing.
        """
        urls = self._urls(("https", "http"), hosts, (target,))
        return self._any(urls, params, signature)

    def socket(self, path: str, hosts: Iterable[str], signature: str) -> bool:
        """Whether a websocket's handshake is signed. Arguments as for `http`."""
        bare = path.rstrip("/")
        urls = self._urls(("wss", "ws"), hosts, (bare, f"{bare}/"))
        return self._any(urls, {}, signature)

    def _any(self, urls: Iterable[str], params: Mapping[str, Any], signature: str) -> bool:
        given = signature.encode("utf-8", "replace")
        matches = [
            hmac.compare_digest(self._validator.compute_signature(url, params).encode(), given)
            for url in urls
        ]
        return any(matches)

    def _urls(
        self, schemes: Iterable[str], hosts: Iterable[str], targets: Iterable[str]
    ) -> Iterator[str]:
        places = [(self._base_host, self._base_path), *((host, "") for host in hosts)]
        if self._base_path:
            places += [(host, self._base_path) for host in hosts]
        addresses = {
            f"{scheme}://{address}{prefix}{target}"
            for scheme in schemes
            for host, prefix in places
            for address in _with_and_without_port(host, scheme)
            for target in targets
        }
        return iter(addresses)


def _with_and_without_port(host: str, scheme: str) -> Iterator[str]:
    match = _HOST.fullmatch(host)
    if match is None:
        return
    name, port = match["name"], match["port"]
    yield name
    yield f"{name}:{port or _DEFAULT_PORTS[scheme]}"
