"""Settings of the talk and the office: what is asked for, how sure a value has to be, when
persons can be reached and whom a call rings."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console import choice_words
from api.console.access import me, needs
from api.console.context import Context
from api.console.languages import page_lang
from api.console.prompts import compared
from api.console.versions import version_of
from api.office import own_values
from api.wordings import ASKABLE
from models import choices, office
from models.choices import BadChoice
from models.desk import wordings
from models.errors import NotFound, RuleError
from models.rows_wording import ChoicesRow
from models.staff import Permission
from nlp.dialogue.settings import DialogueSettings

#: What of the talk is chosen here.
_TALK = (*choices.NUMBERS, *choices.SWITCHES, *choices.LISTS)
_WEEK = range(7)
#: More digits are no place in a list.
_DIGITS = 4


def blueprint(context: Context) -> Blueprint:
    """`/console/dialogue`."""
    routes = Blueprint("choices", __name__, url_prefix="/dialogue")
    routes.before_request(needs(Permission.ADMIN))
    settings = context.settings
    talk = asdict(DialogueSettings(accept_unknown=settings.accept_unknown))
    own = {**{name: talk[name] for name in _TALK}, **own_values(settings)}

    @routes.get("")
    def show() -> ResponseReturnValue:
        history = _history()
        return _page({**own, **history[0].values} if history else own, history)

    @routes.post("")
    def save() -> ResponseReturnValue:
        try:
            _choose({} if "own" in request.form else _changed(_typed(request.form), own))
        except RuleError as error:
            shown = _page({**own, **_as_typed(request.form)}, _history(), gettext(str(error)))
            return shown, HTTPStatus.CONFLICT
        return _done()

    @routes.post("/back")
    def back() -> ResponseReturnValue:
        """Has the settings of an earlier moment hold again."""
        with context.store.reading() as uow:
            row = uow.choices.get(version_of(request.form.get("version", "")))
        if row is None:
            raise NotFound("There is no such version.")
        try:
            _choose(row.values)
        except RuleError as error:
            return _page(
                {**own, **row.values}, _history(), gettext(str(error))
            ), HTTPStatus.CONFLICT
        return _done()

    def _choose(values: Mapping[str, Any]) -> None:
        with context.store.unit() as uow:
            wordings.choose(
                uow,
                values,
                slots=ASKABLE,
                own_office=own_values(settings),
                link_hours=settings.link_hours,
                by=me().name,
                at=context.now(),
            )
            uow.commit()

    def _done() -> ResponseReturnValue:
        flash(gettext("Calls that begin from now on go by this."))
        return redirect(url_for(".show"))

    def _history() -> Sequence[ChoicesRow]:
        with context.store.reading() as uow:
            return uow.choices.history()

    def _page(values: Mapping[str, Any], history: Sequence[ChoicesRow], problem: str = "") -> str:
        return render_template(
            "console/choices.html",
            values=values,
            problem=problem,
            history=[(row, _differing(row.values, own)) for row in history],
            numbers=choices.NUMBERS,
            slots=_slots(values),
            always=choices.ALWAYS,
            ways=choice_words.WAYS,
            slot_names=choice_words.SLOTS,
            texts=office.TEXTS,
            waits=list(office.WAITS),
            names=choice_words.NAMES,
            help=choice_words.HELP,
            weekdays=choice_words.WEEKDAYS,
        )

    return routes


def _typed(form: Mapping[str, str]) -> dict[str, Any]:
    """The form's values. Raises BadChoice where a number is none."""
    numbers = {name: _number(form.get(name, ""), name) for name in choices.NUMBERS}
    return {**_as_typed(form), **numbers}


def _as_typed(form: Mapping[str, str]) -> dict[str, Any]:
    """The form's values as they were written, numbers too."""
    return {
        **{name: form.get(name, "") for name in (*choices.NUMBERS, *office.TEXTS, *office.WAITS)},
        **_asked(form),
        "accept_unknown": "accept_unknown" in form,
        "week": [form.get(f"week.{day}", "") for day in _WEEK],
        "exceptions": [line for line in form.get("exceptions", "").splitlines() if line.strip()],
    }


def _asked(form: Mapping[str, str]) -> dict[str, list[str]]:
    """The slots of each list, by the place that was typed; those without one come last."""
    placed = sorted(ASKABLE, key=lambda slot: _place(form.get(f"place.{slot}", "")))
    return {
        name: [slot for slot in placed if form.get(f"ask.{slot}") == name] for name in choices.LISTS
    }


def _place(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < _DIGITS else 10**_DIGITS


def _slots(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Every slot and how it is asked for: the required in their order, the optional, the rest."""
    required, optional = (list(values[name]) for name in choices.LISTS)
    rest = [slot for slot in ASKABLE if slot not in {*required, *optional}]
    return [
        *((slot, choices.REQUIRED) for slot in required),
        *((slot, choices.OPTIONAL) for slot in optional if slot not in required),
        *((slot, choices.NEVER) for slot in rest),
    ]


def _changed(typed: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """What differs from the installation's own, which stays in force for all the rest."""
    return {name: value for name, value in typed.items() if _plain(value) != _plain(own[name])}


def _differing(values: Mapping[str, Any], own: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What differs, name by name, as people read it; lists of slots with what is in and out."""
    found = _changed({name: value for name, value in values.items() if name in own}, own)
    return [
        (name, compared(_named(own[name]), _named(value)))
        if name in choices.LISTS
        else (name, _plain(value) or office.CLOSED)
        for name, value in found.items()
    ]


def _named(slots: Iterable[str]) -> str:
    """Slots by what people call them."""
    divider = "、" if page_lang() == "zh" else ", "
    return divider.join(str(choice_words.SLOTS.get(slot, slot)) for slot in slots)


def _plain(value: Any) -> str:
    return "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _number(text: str, name: str) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise BadChoice("A number is out of its bounds.") from error
    if not math.isfinite(value):
        raise BadChoice("A number is out of its bounds.")
    return value if name == "check_below" else int(value)
