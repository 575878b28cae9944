"""Logging in and out: a password, then a one-time code where the account asks for one."""

from __future__ import annotations

from datetime import datetime, timedelta
from http import HTTPStatus

import pyotp
from flask import Blueprint, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import enter, leave, next_page, somebody
from api.console.context import Context
from api.limits import SharedLimits
from models import passwords
from models.desk import staff
from models.repositories.staff import user as user_of
from models.staff import User

#: How long the second step may take.
_CODE_WITHIN = timedelta(minutes=5)
#: Tries from one address, in all processes. Each costs the hasher time that calls need too.
_TRIES = {"password": "20 per minute", "totp": "10 per minute"}


def blueprint(context: Context) -> Blueprint:
    """`/console/login` and `/console/logout`."""
    routes = Blueprint("login", __name__)
    tries = SharedLimits(context.store, _TRIES, context.now)

    def count(what: str) -> None:
        if not tries.allows(what, request.remote_addr or ""):
            abort(HTTPStatus.TOO_MANY_REQUESTS)

    @routes.get("/login")
    def show() -> ResponseReturnValue:
        if somebody() is not None:
            return redirect(url_for("console.front.home"))
        return _form()

    @routes.post("/login")
    def log_in() -> ResponseReturnValue:
        count("password")
        user = _check_password(context, context.now())
        if user is None:
            problem = gettext("Name or password is wrong, or the account rests for a while.")
            return _form(problem), HTTPStatus.UNAUTHORIZED
        if not user.totp:
            return _entered(user)
        session["half"] = {"user": user.id, "stamp": user.stamp, "at": context.now().timestamp()}
        return render_template("console/code.html", next=next_page())

    @routes.post("/login/code")
    def code() -> ResponseReturnValue:
        count("totp")
        user = _half_in(context)
        if user is None:
            return redirect(url_for(".show"))
        if not _check_code(context, user):
            problem = gettext("This code is wrong or was used already.")
            page = render_template("console/code.html", next=next_page(), problem=problem)
            return page, HTTPStatus.UNAUTHORIZED
        return _entered(user)

    @routes.post("/logout")
    def log_out() -> ResponseReturnValue:
        leave()
        return redirect(url_for(".show"))

    def _entered(user: User) -> ResponseReturnValue:
        with context.store.unit() as uow:
            ip = request.remote_addr or ""
            fresh = staff.note_success(uow, user.name, ip=ip, at=context.now())
            uow.commit()
        target = next_page()
        enter(fresh)
        return redirect(target)

    return routes


def _form(problem: str = "") -> str:
    name = request.form.get("name", "")
    return render_template("console/login.html", next=next_page(), name=name, problem=problem)


def _check_password(context: Context, at: datetime) -> User | None:
    """The user whose password was given. Hashing is done outside of any transaction."""
    name = request.form.get("name", "").strip().lower()
    with context.store.reading() as uow:
        row = uow.users.find(name)
        resting = row is not None and staff.locked(row, at)
        hashed = row.password if row is not None and row.active and not resting else None
        user = user_of(row) if row is not None else None
    if passwords.matches(request.form.get("password", ""), hashed):
        return user
    if hashed is not None:
        _note_failure(context, name, at)
    return None


def _note_failure(context: Context, name: str, at: datetime) -> None:
    with context.store.unit() as uow:
        staff.note_failure(uow, name, ip=request.remote_addr or "", at=at)
        uow.commit()


def _half_in(context: Context) -> User | None:
    """Who gave their password a moment ago."""
    half = session.get("half")
    if not isinstance(half, dict):
        return None
    if context.now().timestamp() - float(half["at"]) > _CODE_WITHIN.total_seconds():
        return None
    with context.store.reading() as uow:
        user = uow.users.get(int(half["user"]))
        row = None if user is None else uow.users.find(user.name)
        resting = row is not None and staff.locked(row, context.now())
    fresh = user is not None and user.active and user.stamp == half["stamp"] and not resting
    return user if fresh else None


def _check_code(context: Context, user: User) -> bool:
    at = context.now()
    with context.store.unit() as uow:
        secret = context.strongbox.open(uow.users.row(user.name).totp_secret or "")
        step = matching_step(secret, request.form.get("code", ""), at)
        good = step is not None and staff.use_code(uow, user.name, step)
        if not good:
            staff.note_failure(uow, user.name, ip=request.remote_addr or "", at=at)
        uow.commit()
    return good


def matching_step(secret: str, code: str, at: datetime) -> int | None:
    """The time step whose one-time code this is: now, or half a minute either way."""
    totp = pyotp.TOTP(secret)
    now = totp.timecode(at)
    steps = (now, now - 1, now + 1)
    plain = code.replace(" ", "")
    return next((s for s in steps if pyotp.utils.strings_equal(totp.generate_otp(s), plain)), None)
