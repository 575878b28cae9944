"""The Dangerous Goods Notice that customers sign: written as a draft, read, published."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.console.prompts import compared, lang_of
from api.console.versions import put_into_force, version_of
from models import notice_text
from models.call import Lang
from models.desk import texts
from models.errors import NotFound, RuleError
from models.fields import Mode
from models.notices import notice_for, own_text
from models.staff import Permission

#: What the table of texts calls it.
KIND = "notice"


def blueprint(context: Context) -> Blueprint:
    """`/console/notices/<lang>`."""
    routes = Blueprint("notices", __name__, url_prefix="/notices")
    routes.before_request(needs(Permission.ADMIN))

    @routes.get("/<of>")
    def show(of: str) -> ResponseReturnValue:
        return _page(lang_of(of))

    @routes.post("/<of>")
    def write(of: str) -> ResponseReturnValue:
        lang = lang_of(of)
        form = request.form
        try:
            with context.store.unit() as uow:
                now = uow.texts.published(KIND, lang) or own_text(lang)
                version = texts.write(
                    uow,
                    KIND,
                    lang,
                    lambda number: notice_text.read(form, now, f"desk-{number}"),
                    note=form.get("note", ""),
                    by=me().name,
                    at=context.now(),
                )
                uow.commit()
        except RuleError as error:
            return _page(lang, dict(form), gettext(str(error))), HTTPStatus.CONFLICT
        flash(gettext("Version %(n)s is written. Read it, then publish it.", n=version))
        return redirect(url_for(".one", of=lang, version=version))

    @routes.get("/<of>/<version>")
    def one(of: str, version: str) -> ResponseReturnValue:
        """One version, mode by mode, as customers see it."""
        lang = lang_of(of)
        with context.store.reading() as uow:
            row = uow.texts.get(KIND, lang, version_of(version)) if version != "own" else None
            now = uow.texts.in_force(KIND, lang)
            said = uow.texts.published(KIND, lang) or own_text(lang)
        if version != "own" and row is None:
            raise NotFound("There is no such version.")
        body = own_text(lang) if row is None else row.body
        return render_template(
            "console/notice.html",
            of=lang,
            row=row,
            in_force=now == (None if row is None else row.version),
            notices=[notice_for(mode.value, lang, body) for mode in Mode],
            changes=_changes(said, body),
        )

    @routes.post("/<of>/publish")
    def publish(of: str) -> ResponseReturnValue:
        lang = lang_of(of)
        put_into_force(context, KIND, lang)
        flash(gettext("Pages that are opened from now on show this notice."))
        return redirect(url_for(".show", of=lang))

    def _page(lang: Lang, form: Mapping[str, str] | None = None, problem: str = "") -> str:
        with context.store.reading() as uow:
            versions = uow.texts.of(KIND, lang)
            now = uow.texts.published(KIND, lang) or own_text(lang)
            draft = uow.texts.draft(KIND, lang)
            return render_template(
                "console/notices.html",
                of=lang,
                typed=form or notice_text.typed(now if draft is None else draft.body),
                draft=draft,
                problem=problem,
                versions=[(row, len(_changes(now, row.body))) for row in versions],
                releases=uow.texts.releases(KIND, lang),
                in_force=uow.texts.in_force(KIND, lang),
                own=own_text(lang),
            )

    return routes


def _changes(now: Mapping[str, Any], then: Mapping[str, Any]) -> list[tuple[str, Any]]:
    """The parts that differ from the text in force, with their marks."""
    before, after = notice_text.typed(now), notice_text.typed(then)
    return [
        (name, compared(before.get(name, ""), value))
        for name, value in after.items()
        if value != before.get(name, "")
    ]
