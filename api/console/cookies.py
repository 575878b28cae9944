"""Who is at the browser, told from a `Cookie` header: for sockets and streams beside Flask."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import Any

from flask import Flask
from itsdangerous import BadSignature

from api.console import protection
from api.console.access import user_of_session
from api.console.context import Context
from models.staff import Permission, User


def sessions(context: Context) -> Flask:
    """An application that only reads sessions, for a process that serves no pages."""
    app = Flask("sessions", static_folder=None)
    protection.install(app, context)
    return app


def user_of_cookie(app: Flask, context: Context, cookie: str) -> User | None:
    """The active user whose session a `Cookie` header carries, if they may see calls."""
    try:
        morsel = SimpleCookie(cookie).get(str(app.config["SESSION_COOKIE_NAME"]))
    except CookieError:
        return None
    interface: Any = app.session_interface
    serializer = interface.get_signing_serializer(app)
    if morsel is None or serializer is None:
        return None
    longest = int(app.permanent_session_lifetime.total_seconds())
    try:
        kept = serializer.loads(morsel.value, max_age=longest)
    except BadSignature:
        return None
    user = user_of_session(context, str(kept.get("_user_id", "")))
    return user if user is not None and user.may(Permission.VIEW) else None
