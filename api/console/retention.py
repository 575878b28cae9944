"""What is kept how long, what is deleted next, legal holds, and a person's own data."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.jobs.retention import periods
from api.personal import SCOPES, Archive
from api.vault.recordings import open_vault
from models.desk import holds
from models.errors import RuleError
from models.retention import Kind, due_at, held
from models.staff import Permission
from models.store import UnitOfWork

#: How far ahead the page looks.
_AHEAD = timedelta(days=30)
#: An archive up to this size is made in memory.
_IN_MEMORY = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Line:
    """One kind of data: how many of it go within 30 days, the first of them when, how many wait."""

    kind: Kind
    days: int
    soon: int
    first: datetime | None
    held: int


def blueprint(context: Context) -> Blueprint:
    """`/console/retention`."""
    routes = Blueprint("retention", __name__, url_prefix="/retention")
    routes.before_request(needs(Permission.PRIVACY))
    archive = Archive(context.store, open_vault(context.store, context.settings))
    kept_for = periods(context.settings)

    @routes.get("")
    def show() -> ResponseReturnValue:
        return _page()

    @routes.post("/holds")
    def hold() -> ResponseReturnValue:
        form = request.form
        try:
            with context.store.unit() as uow:
                holds.hold(
                    uow,
                    form.get("scope", ""),
                    form.get("name", ""),
                    reason=form.get("reason", ""),
                    by=me().name,
                    at=context.now(),
                )
                uow.commit()
        except RuleError as error:
            return _page(gettext(str(error)), form), HTTPStatus.CONFLICT
        flash(gettext("It is kept until the hold is released."))
        return redirect(url_for(".show"))

    @routes.post("/holds/<int:hold_id>/release")
    def release(hold_id: int) -> ResponseReturnValue:
        with context.store.unit() as uow:
            holds.release(uow, hold_id, by=me().name, at=context.now())
            uow.commit()
        flash(gettext("The hold is released; what is due is deleted within the hour."))
        return redirect(url_for(".show"))

    @routes.post("/export")
    def export() -> ResponseReturnValue:
        scope, name = request.form.get("scope", ""), request.form.get("name", "")
        file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - closed by the response
        try:
            archive.write(file, scope, name, by=me().name, at=context.now())
        except RuleError as error:
            file.close()
            return _page(gettext(str(error)), request.form), HTTPStatus.CONFLICT
        file.seek(0)
        day = context.local(context.now()).strftime("%Y-%m-%d")
        answer: Response = send_file(
            file, mimetype="application/zip", as_attachment=True, download_name=f"{day}.zip"
        )
        return answer

    def _page(problem: str = "", typed: Mapping[str, str] | None = None) -> str:
        with context.store.reading() as uow:
            active = uow.holds.active()
            lines = _lines(uow, kept_for, context.now())
            deleted = uow.deletions.latest()
        return render_template(
            "console/retention.html",
            lines=lines,
            holds=active,
            deleted=deleted,
            problem=problem,
            typed=typed or {},
            hold_scopes=holds.SCOPES,
            scopes=SCOPES,
        )

    return routes


def _lines(uow: UnitOfWork, kept_for: Mapping[Kind, timedelta], now: datetime) -> list[Line]:
    subjects = uow.holds.subjects()
    found: list[Line] = []
    for kind, period in kept_for.items():
        items = uow.lifespans.items(kind, now + _AHEAD - period)
        free = [due_at(item, kept_for) for item in items if not held(item, subjects)]
        waiting = len(items) - len(free)
        found.append(Line(kind, period.days, len(free), min(free, default=None), waiting))
    return found
