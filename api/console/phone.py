"""The telephone in the browser: its page, and what lets a call in."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from flask import Blueprint, abort, jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.console.phone_line import ticket
from api.stream_token import StreamTokens
from models.call import BROWSER_PREFIX
from models.staff import Permission
from nlp.normalize.phones import to_e164


def blueprint(context: Context, tokens: StreamTokens) -> Blueprint:
    """`/console/phone`. The audio goes through `api.console.phone_line`."""
    routes = Blueprint("phone", __name__, url_prefix="/phone")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        return render_template("console/phone.html")

    @routes.post("/calls")
    def dial() -> ResponseReturnValue:
        written = request.form.get("caller", "").strip()
        caller = to_e164(written) if written else None
        if written and caller is None:
            problem = gettext("This is no telephone number.")
            return jsonify(problem=problem), HTTPStatus.UNPROCESSABLE_ENTITY
        user, at, sid = me(), context.now(), f"{BROWSER_PREFIX}{secrets.token_hex(16)}"
        drafts = "drafts" in request.form
        if drafts and not user.may(Permission.ADMIN):
            abort(HTTPStatus.FORBIDDEN)
        with context.store.unit() as uow:
            detail = {"drafts": True} if drafts else {}
            uow.audit.add(user.name, "phone.call", f"call:{sid}", at=at, detail=detail)
            uow.commit()
        token = tokens.issue(ticket(sid, caller, user.id, drafts=drafts), at)
        return jsonify(call=sid, caller=caller or "", token=token)

    return routes
