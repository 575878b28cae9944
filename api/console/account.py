"""One's own account: language, password, one-time codes."""

from __future__ import annotations

from http import HTTPStatus

import pyotp
import segno
from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_limiter import Limiter
from markupsafe import Markup

from api.console.access import enter, me, needs, next_page, somebody
from api.console.context import Context
from api.console.languages import LANGUAGES
from api.console.login import matching_step
from models import passwords
from models.desk import staff
from models.passwords import WeakPassword
from models.staff import Permission, User

_TRIES = "10 per minute"


def blueprint(context: Context, limiter: Limiter) -> Blueprint:
    """`/console/account`."""
    routes = Blueprint("account", __name__, url_prefix="/account")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        return _page()

    @routes.post("/password")
    @limiter.limit(_TRIES)
    def password() -> ResponseReturnValue:
        user = me()
        problem, hashed = _new_password(context, user)
        if hashed is None:
            return _page(problem), HTTPStatus.UNPROCESSABLE_ENTITY
        with context.store.unit() as uow:
            at = context.now()
            by = user.name
            changed = staff.set_password(uow, user.name, hashed, by=by, at=at, must_change=False)
            uow.commit()
        enter(changed)
        flash(gettext("Your password is changed. Other sessions of yours have ended."))
        return redirect(url_for("console.front.home"))

    @routes.post("/totp")
    @limiter.limit(_TRIES)
    def totp() -> ResponseReturnValue:
        """Shows a new secret, and keeps it once its first code was given."""
        secret = str(session.setdefault("totp", pyotp.random_base32()))
        code = request.form.get("code")
        if code is None:
            return _page(secret=secret)
        if matching_step(secret, code, context.now()) is None:
            problem = gettext("This code is wrong or was used already.")
            return _page(problem, secret=secret), HTTPStatus.UNPROCESSABLE_ENTITY
        _keep(secret)
        flash(gettext("From now on a one-time code is asked for."))
        return redirect(url_for(".show"))

    @routes.post("/totp/off")
    @limiter.limit(_TRIES)
    def totp_off() -> ResponseReturnValue:
        if not _knows_password(context, me()):
            problem = gettext("The present password is wrong.")
            return _page(problem), HTTPStatus.UNPROCESSABLE_ENTITY
        _keep(None)
        return redirect(url_for(".show"))

    def _keep(secret: str | None) -> None:
        user = me()
        with context.store.unit() as uow:
            sealed = None if secret is None else context.strongbox.seal(secret)
            changed = staff.set_totp(uow, user.name, sealed, by=user.name, at=context.now())
            uow.commit()
        enter(changed)

    return routes


def language_blueprint(context: Context) -> Blueprint:
    """`/console/lang`: for everybody, logged in or not."""
    routes = Blueprint("lang", __name__)

    @routes.post("/lang")
    def choose() -> ResponseReturnValue:
        lang = request.form.get("lang", "")
        if lang in LANGUAGES:
            session["lang"] = lang
            user = somebody()
            if user is not None:
                with context.store.unit() as uow:
                    staff.set_lang(uow, user.name, lang)
                    uow.commit()
        return redirect(next_page())

    return routes


def _new_password(context: Context, user: User) -> tuple[str, str | None]:
    """What is wrong with the form, or the new password's hash."""
    new = request.form.get("new", "")
    if new != request.form.get("again", ""):
        return gettext("The two new passwords differ."), None
    if not _knows_password(context, user):
        return gettext("The present password is wrong."), None
    try:
        return "", passwords.hash_password(new, name=user.name)
    except WeakPassword as error:
        return gettext(str(error)), None


def _knows_password(context: Context, user: User) -> bool:
    with context.store.reading() as uow:
        row = uow.users.find(user.name)
        hashed = None if row is None else row.password
    return passwords.matches(request.form.get("password", ""), hashed)


def _page(problem: str = "", secret: str = "") -> str:
    code = ""
    if secret:
        uri = pyotp.TOTP(secret).provisioning_uri(name=me().name, issuer_name="Voice intake")
        svg = segno.make(uri).svg_inline(scale=4, border=2, light="#ffffff")
        code = Markup(svg)  # noqa: S704 - made here, from nothing of anyone else's
    return render_template("console/account.html", problem=problem, secret=secret, qr=code)
