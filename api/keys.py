"""Who may use the JSON API: programs with tokens, the installation's token, or this machine."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime
from enum import Enum, auto
from ipaddress import ip_address

from flask import request

from api.config import Settings
from models.desk import staff
from models.staff import Scope
from models.store import Store

_FORWARDED = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip")
_SCHEME = "bearer "


class Access(Enum):
    """What a request is answered with."""

    GIVEN = auto()
    UNKNOWN = auto()
    LACKING = auto()


def access(store: Store, settings: Settings, scope: Scope | None) -> Access:
    """Whether the request may read what `scope` covers; None is what any token may read.

    A request with a token is judged by it alone. One without is served where no token of the
    installation is set, and then only directly from this machine.
    """
    header = request.headers.get("Authorization", "")
    if header[: len(_SCHEME)].lower() == _SCHEME:
        return _by_token(store, settings, header[len(_SCHEME) :].strip(), scope)
    here = settings.api_token is None and not header and _from_this_machine()
    return Access.GIVEN if here else Access.UNKNOWN


def _by_token(store: Store, settings: Settings, token: str, scope: Scope | None) -> Access:
    wanted = settings.api_token.get_secret_value() if settings.api_token else ""
    if wanted and hmac.compare_digest(wanted.encode(), token.encode()):
        return Access.GIVEN
    now = datetime.now(UTC)
    with store.reading() as uow:
        scopes = staff.token_scopes(uow, token, now)
        due = bool(scopes) and staff.token_use_due(uow, token, now)
    if due:
        with store.unit() as uow:
            staff.note_token_use(uow, token, now)
            uow.commit()
    if not scopes:
        return Access.UNKNOWN
    return Access.GIVEN if scope is None or scope in scopes else Access.LACKING


def _from_this_machine() -> bool:
    """Without any proxy in between: a proxy on this machine speaks for the whole world."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.remote_addr or "").is_loopback
    except ValueError:
        return False
