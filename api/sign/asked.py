"""What a request to a public page brings along."""

from __future__ import annotations

from typing import cast
from urllib.parse import urlsplit

from flask import Response, request

from api.sign.words import WORDS
from models.call import Lang
from models.desk import Visit

_AGENT_LENGTH = 300
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


def protect(response: Response) -> Response:
    """Headers that keep a page to itself; only static files may be kept by the browser."""
    response.headers.update(_HEADERS)
    if request.endpoint and not request.endpoint.endswith((".static", ".pad")):
        response.headers["Cache-Control"] = "no-store"
    return response


def lang() -> Lang | None:
    """The language that the address asks for."""
    asked = request.args.get("lang")
    return cast(Lang, asked) if asked in WORDS else None


def visit() -> Visit:
    """Who asks."""
    agent = request.headers.get("User-Agent", "")[:_AGENT_LENGTH]
    return Visit(request.remote_addr or "", agent)


def from_here() -> bool:
    """Whether a form came from this very site: another one cannot post it."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    return origin in (None, "null") or urlsplit(origin).netloc == request.host
