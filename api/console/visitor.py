"""Who opens a socket beside Flask: somebody with a session, from a page of ours."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from models.errors import ExternalError
from models.staff import User


async def visitor(scope: Mapping[str, Any], enter: Callable[[str], User | None]) -> User | None:
    """Who is at the other end; None for strangers, and for pages from elsewhere.

    Args:
        enter: whose session a `Cookie` header carries.
    """
    headers = {bytes(n).lower(): bytes(v).decode("latin-1") for n, v in scope["headers"]}
    if not _same_origin(headers):
        return None
    try:
        user = await asyncio.to_thread(enter, headers.get(b"cookie", ""))
    except ExternalError:
        return None
    return None if user is None or user.must_change else user


def _same_origin(headers: Mapping[bytes, str]) -> bool:
    """Whether the page that opens the socket is one of ours: browsers always say where from."""
    origin = urlsplit(headers.get(b"origin", "")).netloc
    return bool(origin) and origin in (
        headers.get(b"host", ""),
        headers.get(b"x-forwarded-host", ""),
    )
