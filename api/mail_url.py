"""Addresses of mail servers as settings hold them: `scheme://user:password@host:port/folder`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from models.errors import RuleError


@dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and who logs in there; `secure`: the line is encrypted from its beginning."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    secure: bool


def server_of(url: str, ports: Mapping[str, int], wanted: str) -> MailServer:
    """The server that an address names.

    Args:
        ports: the usual port of each scheme; the encrypted one ends in `s`.
        wanted: what is said of an address that makes no sense.

    Raises:
        RuleError: it makes no sense.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise RuleError(wanted) from error
    if parts.scheme not in ports or not parts.hostname:
        raise RuleError(wanted)
    return MailServer(
        host=parts.hostname,
        port=port or ports[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        folder=unquote(parts.path.strip("/")),
        secure=parts.scheme.endswith("s"),
    )
