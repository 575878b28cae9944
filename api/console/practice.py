"""Practice: a simulated customer calls, and the clerk takes the order down on a form."""

from __future__ import annotations

import secrets
from http import HTTPStatus

from flask import Blueprint, abort, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.console.access import me, needs
from api.console.context import Context
from api.console.order_view import GROUPS
from api.console.phone_line import ticket
from api.console.training import own
from api.stream_token import StreamTokens
from models import entry
from models.call import TRAINING_PREFIX
from models.codec import values_json
from models.fields import FIELDS
from models.repositories.trainings import turns_of
from models.staff import Permission
from nlp.training.scenario import lesson
from nlp.training.scorecard import score

#: What the customers of the lessons do not talk about is not on the form.
_ASIDE = frozenset({"customer.account", "consignor.name", "consignor.phone", "declared_value_cny"})
_GROUPS = [[name for name in group if name not in _ASIDE] for group in GROUPS]


def blueprint(context: Context, tokens: StreamTokens) -> Blueprint:
    """`/console/training/lessons`. The audio goes through `api.console.phone_line`."""
    routes = Blueprint("practice", __name__, url_prefix="/training")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("/lessons/<name>")
    def practise(name: str) -> ResponseReturnValue:
        one = lesson(name, today=context.local(context.now()).date())
        return _form(one.name, "", {}, {})

    @routes.post("/lessons/<name>/calls")
    def dial(name: str) -> ResponseReturnValue:
        user, at, sid = me(), context.now(), f"{TRAINING_PREFIX}{secrets.token_hex(16)}"
        lesson(name, today=at.date())
        with context.store.unit() as uow:
            uow.trainings.begin(sid, clerk=user.name, lesson=name, at=at)
            uow.commit()
        return jsonify(call=sid, caller="", token=tokens.issue(ticket(sid, None, user.id), at))

    @routes.get("/<sid>/now")
    def now(sid: str) -> ResponseReturnValue:
        if own(context, sid).ended_at is None:
            return "", HTTPStatus.NO_CONTENT
        return render_template("console/training_over.html", sid=sid)

    @routes.post("/<sid>")
    def hand_in(sid: str) -> ResponseReturnValue:
        row = own(context, sid)
        if row.clerk != me().name or row.card is not None:
            abort(HTTPStatus.FORBIDDEN)
        typed = {name: request.form[name] for name in FIELDS if name in request.form}
        values, _, problems = entry.read_all(typed)
        if problems:
            return _form(row.lesson, sid, typed, problems), HTTPStatus.UNPROCESSABLE_ENTITY
        one = lesson(row.lesson, today=context.local(row.started_at).date())
        card = score(turns_of(row), values, one.goal, one.lang)
        with context.store.unit() as uow:
            uow.trainings.grade(sid, values_json(values), card.as_json())
            uow.commit()
        return redirect(url_for("console.training.result", sid=sid))

    def _form(name: str, sid: str, typed: dict[str, str], problems: dict[str, str]) -> str:
        one = lesson(name, today=context.local(context.now()).date())
        return render_template(
            "console/training_call.html",
            lesson=one,
            sid=sid,
            groups=_GROUPS,
            typed=typed,
            problems=problems,
        )

    return routes
