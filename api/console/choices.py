"""Dialogue settings: what is asked for, how often, and how sure a value has to be."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.wordings import ASKABLE, chosen
from models import choices
from models.choices import BadChoice
from models.desk import wordings
from models.errors import RuleError
from models.staff import Permission
from nlp.dialogue.settings import DialogueSettings


def blueprint(context: Context) -> Blueprint:
    """`/console/dialogue`."""
    routes = Blueprint("choices", __name__, url_prefix="/dialogue")
    routes.before_request(needs(Permission.ADMIN))
    own = DialogueSettings(accept_unknown=context.settings.accept_unknown)

    @routes.get("")
    def show() -> ResponseReturnValue:
        with context.store.reading() as uow:
            history = uow.choices.history()
        now = chosen(own, history[0].values) if history else own
        return _page(asdict(now))

    @routes.post("")
    def save() -> ResponseReturnValue:
        try:
            values = {} if "own" in request.form else _typed(request.form)
            with context.store.unit() as uow:
                wordings.choose(uow, values, slots=ASKABLE, by=me().name, at=context.now())
                uow.commit()
        except RuleError as error:
            typed = {**asdict(own), **request.form.to_dict()}
            typed.update({name: request.form.get(name, "").split() for name in choices.LISTS})
            typed["accept_unknown"] = "accept_unknown" in request.form
            return _page(typed, gettext(str(error))), HTTPStatus.CONFLICT
        flash(gettext("Calls that begin from now on go by this."))
        return redirect(url_for(".show"))

    def _page(values: Mapping[str, Any], problem: str = "") -> str:
        with context.store.reading() as uow:
            history = uow.choices.history()
        return render_template(
            "console/choices.html",
            values=values,
            own=asdict(own),
            problem=problem,
            history=history,
            numbers=choices.NUMBERS,
            lists=choices.LISTS,
            slots=ASKABLE,
        )

    return routes


def _typed(form: Mapping[str, str]) -> dict[str, Any]:
    """The form's values. Raises BadChoice where a number is none."""
    numbers = {name: _number(form.get(name, ""), name) for name in choices.NUMBERS}
    lists = {name: form.get(name, "").split() for name in choices.LISTS}
    return {**numbers, **lists, "accept_unknown": "accept_unknown" in form}


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise BadChoice("A number is out of its bounds.") from error
    if not math.isfinite(value):
        raise BadChoice("A number is out of its bounds.")
    return value if name == "check_below" else int(value)
