"""A draft's replay against past calls: started, watched, read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from threading import Thread
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from pydantic import ValidationError

from api import rehearsals
from api.console.access import me, needs
from api.console.context import Context
from api.console.filters import day, page_number
from api.console.prompts import compared, lang_of, wording_of
from api.rehearsals import Stage, events_of, lost, rehearse, stage
from api.wordings import dialogue_settings
from models.errors import NotFound, RuleError
from models.rows_wording import RehearsalRow
from models.staff import Permission
from nlp.dialogue.prompts import Prompts

#: Calls on a page; each is replayed again to show its words.
_PAGE = 10
#: More digits are no version, and no number of databases.
_DIGITS = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A call as the page shows it."""

    sid: str
    seconds: float
    steps: Sequence[str]
    stopped: bool
    said: Sequence[tuple[str, str, Markup, float]]


def blueprint(context: Context) -> Blueprint:
    """`/console/rehearsals`."""
    routes = Blueprint("rehearsals", __name__, url_prefix="/rehearsals")
    routes.before_request(needs(Permission.ADMIN))
    own = Prompts.load()
    settings = dialogue_settings(context.settings)

    @routes.post("")
    def start() -> ResponseReturnValue:
        form = request.form
        lang, key = lang_of(form.get("of", "")), form.get("key", "")
        wording_of(own, lang, key)
        first, last, version = (
            day(form.get("since", "")),
            day(form.get("until", "")),
            form["version"],
        )
        if first is None or last is None or not version.isdecimal() or len(version) > _DIGITS:
            abort(HTTPStatus.BAD_REQUEST)
        with context.store.unit() as uow:
            number = rehearsals.begin(
                uow,
                lang,
                key,
                int(version),
                period=(first, last),
                by=me().name,
                at=context.now(),
            )
            uow.commit()
        Thread(
            target=rehearse,
            args=(context.store, number),
            kwargs={"own": own, "settings": settings, "now": context.now},
            name=f"rehearsal-{number}",
            daemon=True,
        ).start()
        return redirect(url_for(".show", number=number))

    @routes.get("/<int(max=2147483647):number>")
    def show(number: int) -> ResponseReturnValue:
        row = _row(number)
        page = page_number(request.args)
        shown = row.found[(page - 1) * _PAGE : page * _PAGE] if row.state == "done" else []
        return render_template(
            "console/rehearsal.html",
            row=row,
            lost=lost(row, context.now()),
            sums=_sums(row.found),
            calls=list(_read(stage(context.store, own, settings, row), shown)) if shown else [],
            page=page,
            more=len(row.found) > page * _PAGE,
            most=rehearsals.MOST_CALLS,
        )

    @routes.get("/<int(max=2147483647):number>/progress")
    def progress(number: int) -> ResponseReturnValue:
        row = _row(number)
        body = render_template("console/progress.html", row=row, lost=lost(row, context.now()))
        # What is done is shown by the whole page.
        headers = {} if row.state == "running" else {"HX-Refresh": "true"}
        return body, headers

    def _row(number: int) -> RehearsalRow:
        with context.store.reading() as uow:
            row = uow.rehearsals.get(number)
        if row is None:
            raise NotFound("There is no such replay.")
        return row

    def _read(theatre: Stage, found: Sequence[Mapping[str, Any]]) -> Iterator[Seen]:
        for seen in found:
            try:
                comparison = theatre.compare(events_of(context.store, seen["sid"]))
            except (ValidationError, RuleError):
                comparison = None
            changes = comparison.said if comparison is not None else ()
            yield Seen(
                sid=seen["sid"],
                seconds=seen["seconds"],
                steps=seen["steps"],
                stopped=seen["stopped"],
                said=[_shown(c.old, c.new, c.seconds) for c in changes],
            )

    return routes


def _shown(old: Any, new: Any, seconds: float) -> tuple[str, str, Markup, float]:
    """A change as its row shows it: what is said now, whose key, the draft with its marks."""
    before, after = ("" if say is None else say.text for say in (old, new))
    return before, (new or old).prompt, compared(before, after), seconds


def _sums(found: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    touched = [seen for seen in found if seen["said"]]
    longer = sum(seen["seconds"] for seen in touched)
    return {
        "touched": len(touched),
        "said": sum(seen["said"] for seen in touched),
        "seconds": longer / len(touched) if touched else 0.0,
        "otherwise": sum(bool(seen["steps"]) for seen in found),
        "stopped": sum(seen["stopped"] for seen in found),
    }
