"""Who is at the browser, and what they may do."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, abort, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user, login_user, logout_user

from api.console.context import Context
from models.staff import Permission, User

P = ParamSpec("P")
R = TypeVar("R")

_ACCOUNT = "console.account.show"
#: Pages for somebody who has to change their password first.
_ALWAYS_OPEN = frozenset({_ACCOUNT, "console.account.password", "console.login.log_out"})


class Person:
    """A user in Flask-Login's terms. The stamp in the cookie ends with the account's."""

    is_authenticated = True
    is_anonymous = False

    def __init__(self, user: User) -> None:
        self.user = user

    @property
    def is_active(self) -> bool:
        """Whether the account is open."""
        return self.user.active

    def get_id(self) -> str:
        """What the session keeps."""
        return f"{self.user.id}:{self.user.stamp}"


def install(app: Flask, context: Context) -> None:
    """Has the application know who is logged in."""
    manager = LoginManager()
    manager.init_app(app)

    def load(kept: str) -> Person | None:
        user = user_of_session(context, kept)
        return None if user is None else Person(user)

    manager.user_loader(load)


def user_of_session(context: Context, kept: str) -> User | None:
    """The active user that a session belongs to, None when it has ended."""
    user_id, _, stamp = kept.partition(":")
    if not user_id.isdecimal():
        return None
    with context.store.reading() as uow:
        user = uow.users.get(int(user_id))
    return user if user is not None and user.active and user.stamp == stamp else None


def me() -> User:
    """Who is logged in. Ends the request where nobody is."""
    if not current_user.is_authenticated:
        abort(HTTPStatus.UNAUTHORIZED)
    person = current_user._get_current_object()
    if not isinstance(person, Person):
        raise TypeError("the session holds no person of ours")
    return person.user


def somebody() -> User | None:
    """Who is logged in, or None."""
    return me() if current_user.is_authenticated else None


def enter(user: User) -> None:
    """Begins a session; nothing of an earlier one stays."""
    session.clear()
    session.permanent = True
    login_user(Person(user))


def leave() -> None:
    """Ends the session."""
    logout_user()
    session.clear()


def needs(permission: Permission) -> Callable[[], ResponseReturnValue | None]:
    """What a blueprint runs before each request."""

    def check() -> ResponseReturnValue | None:
        if not current_user.is_authenticated:
            return _to_login()
        user = me()
        if user.must_change and request.endpoint not in _ALWAYS_OPEN:
            return redirect(url_for(_ACCOUNT))
        if not user.may(permission):
            abort(HTTPStatus.FORBIDDEN)
        return None

    return check


def allow(permission: Permission) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Guards one view by a further right."""

    def guard(view: Callable[P, R]) -> Callable[P, R]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
            if not me().may(permission):
                abort(HTTPStatus.FORBIDDEN)
            return view(*args, **kwargs)

        return guarded

    return guard


def take_files(routes: Blueprint, permission: Permission, most: int) -> None:
    """Has pages take forms of `most` bytes, file included, from whoever may send one.

    The limit has to be set before any form is read; from others no more is taken than on other
    pages.
    """

    @routes.url_value_preprocessor
    def allow_more(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        user = somebody()
        if user is not None and user.may(permission):
            request.max_content_length = most


def next_page(default: str = "console.front.home") -> str:
    """Where a form wants to go on: an address of the console only."""
    wanted = request.values.get("next", "")
    parts = urlsplit(wanted)
    inside = parts.path.startswith("/console/") and not parts.netloc and not parts.scheme
    return wanted if inside and "\\" not in wanted else url_for(default)


def _to_login() -> ResponseReturnValue:
    """The log-in page; a fragment's request has the whole page go there."""
    if "HX-Request" in request.headers:
        target = url_for("console.login.show")
        return Response(status=HTTPStatus.NO_CONTENT, headers={"HX-Redirect": target})
    here = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("console.login.show", next=here))
