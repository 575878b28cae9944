"""What guards every page: cookies, forgery, headers, rates; and pages for errors."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, Flask, Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.exceptions import HTTPException

from api.console.context import Context
from models.errors import ExternalError, NotFound, RuleError

#: A working day; then one logs in again.
_SESSION = timedelta(hours=12)
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

csrf = CSRFProtect()


def install(app: Flask, context: Context) -> None:
    """Sets up sessions and forgery protection. Other doors' forms are their own affair."""
    app.secret_key = hmac.digest(
        context.settings.secret().encode(), b"console-session", hashlib.sha256
    )
    app.config.update(
        SESSION_COOKIE_NAME="intake_session",
        SESSION_COOKIE_PATH="/console",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=context.settings.base_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=_SESSION,
        # An answer still on its way when somebody logs out must not bring their session back.
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
    )
    csrf.init_app(app)


def make_limiter() -> Limiter:
    """Counts tries by address, in this process; accounts are locked in the database."""
    return Limiter(get_remote_address, storage_uri="memory://", strategy="moving-window")


def guard(routes: Blueprint) -> None:
    """Guards everything below a blueprint and shows its errors as pages."""

    @routes.before_request
    def check_form() -> None:
        g.nonce = secrets.token_urlsafe(16)
        if _has_nul():
            abort(HTTPStatus.BAD_REQUEST)
        if request.method not in _SAFE:
            csrf.protect()

    @routes.after_request
    def protect(response: Response) -> Response:
        for name, value in _headers(g.get("nonce", "")).items():
            response.headers.setdefault(name, value)
        return response

    routes.register_error_handler(HTTPException, _http_error)
    routes.register_error_handler(NotFound, _not_found)
    routes.register_error_handler(RuleError, _refused)
    routes.register_error_handler(ExternalError, _unavailable)


def _has_nul() -> bool:
    """Whether an address or a form holds a character that PostgreSQL cannot store."""
    texts = (request.path, *request.args.values(), *request.form.values())
    return any("\x00" in text for text in texts)


def _headers(nonce: str) -> dict[str, str]:
    policy = (
        "default-src 'none'",
        "script-src 'self'",
        # The waveform keeps its style inside its own element, marked with the page's nonce.
        f"style-src 'self' 'nonce-{nonce}'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
    return {
        "Content-Security-Policy": "; ".join(policy),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
        "Permissions-Policy": "camera=(), geolocation=(), microphone=(self)",
    }


def _page(status: int, title: str, detail: str) -> ResponseReturnValue:
    page = render_template("console/error.html", status=status, title=title, detail=detail)
    return page, status


def _http_error(error: HTTPException) -> ResponseReturnValue:
    status = error.code or HTTPStatus.INTERNAL_SERVER_ERROR
    if isinstance(error, CSRFError):
        detail = gettext("The form is too old, or came from elsewhere. Open the page again.")
        return _page(status, gettext("Form refused"), detail)
    titles = {
        HTTPStatus.FORBIDDEN: gettext("Not yours to see"),
        HTTPStatus.NOT_FOUND: gettext("Not found"),
        HTTPStatus.TOO_MANY_REQUESTS: gettext("Too many tries"),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext("Too large"),
        HTTPStatus.INTERNAL_SERVER_ERROR: gettext("Something went wrong here"),
    }
    details = {
        HTTPStatus.FORBIDDEN: gettext("Your role does not include this page."),
        HTTPStatus.NOT_FOUND: gettext("There is no such page, or it is gone."),
        HTTPStatus.TOO_MANY_REQUESTS: gettext("Wait a minute, then try again."),
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE: gettext(
            "More was sent than this page takes. A recording may have 20 MB."
        ),
        HTTPStatus.INTERNAL_SERVER_ERROR: gettext("It is in the log. Please try again."),
    }
    known = HTTPStatus(status)
    return _page(status, titles.get(known, known.phrase), details.get(known, ""))


def _not_found(error: NotFound) -> ResponseReturnValue:
    return _page(HTTPStatus.NOT_FOUND, gettext("Not found"), gettext(str(error)))


def _refused(error: RuleError) -> ResponseReturnValue:
    return _page(HTTPStatus.CONFLICT, gettext("Not possible"), gettext(str(error)))


def _unavailable(_error: ExternalError) -> ResponseReturnValue:
    detail = gettext("The database cannot be reached now. Please try again.")
    return _page(HTTPStatus.SERVICE_UNAVAILABLE, gettext("Something went wrong here"), detail)
