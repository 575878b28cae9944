"""Programs' keys to the JSON API: made with what they may read, shown once, ended."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from models.desk import staff
from models.errors import RuleError
from models.staff import Permission, Scope

#: How long a token may be valid, days; 0 is without end.
_DAYS = (30, 90, 365, 0)


def blueprint(context: Context) -> Blueprint:
    """`/console/tokens`."""
    routes = Blueprint("tokens", __name__, url_prefix="/tokens")
    routes.before_request(needs(Permission.ADMIN))

    @routes.get("")
    def show() -> ResponseReturnValue:
        return _page()

    @routes.post("")
    def add() -> ResponseReturnValue:
        scopes = [scope for scope in Scope if scope.value in request.form.getlist("scope")]
        at = context.now()
        text = request.form.get("days", "")
        days = int(text) if text.isdecimal() and int(text) in _DAYS else _DAYS[0]
        try:
            with context.store.unit() as uow:
                token = staff.add_token(
                    uow,
                    name=request.form.get("name", ""),
                    scopes=scopes,
                    expires_at=at + timedelta(days=days) if days else None,
                    by=me().name,
                    at=at,
                )
                uow.commit()
        except RuleError as error:
            flash(gettext(str(error)), "problem")
            return redirect(url_for(".show"))
        return _page(token)

    @routes.post("/<int:token_id>/revoke")
    def revoke(token_id: int) -> ResponseReturnValue:
        with context.store.unit() as uow:
            staff.revoke_token(uow, token_id, by=me().name, at=context.now())
            uow.commit()
        return redirect(url_for(".show"))

    def _page(made: str = "") -> str:
        with context.store.reading() as uow:
            tokens = uow.api_tokens.all()
        return render_template(
            "console/tokens.html",
            tokens=tokens,
            made=made,
            days=_DAYS,
            scopes=list(Scope),
            now=context.now(),
        )

    return routes
