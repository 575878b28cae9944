"""The course of the handbook's rules: worded as a draft, read, published, taken back."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.console.notices import version_of
from api.console.prompts import compared, lang_of
from models import course
from models.call import Lang
from models.course import UnfitCourse
from models.courses import own_course
from models.desk import texts
from models.errors import NotFound
from models.staff import Permission

#: What the table of texts calls it.
KIND = "course"


def blueprint(context: Context) -> Blueprint:
    """`/console/course/<lang>`."""
    routes = Blueprint("course", __name__, url_prefix="/course")
    routes.before_request(needs(Permission.ADMIN))

    @routes.get("/<of>")
    def show(of: str) -> ResponseReturnValue:
        return _page(lang_of(of))

    @routes.post("/<of>")
    def write(of: str) -> ResponseReturnValue:
        lang, form = lang_of(of), request.form
        typed = form.get("course", "")
        try:
            with context.store.unit() as uow:
                version = texts.write(
                    uow,
                    KIND,
                    lang,
                    lambda number: course.read(typed, f"desk-{number}"),
                    note=form.get("note", ""),
                    by=me().name,
                    at=context.now(),
                )
                uow.commit()
        except UnfitCourse as error:
            reason = gettext(str(error))
            problem = gettext("Line %(n)s: %(reason)s", n=error.line, reason=reason)
            return _page(lang, typed, problem, form.get("note", "")), HTTPStatus.CONFLICT
        flash(gettext("Version %(n)s is written. Read it, then publish it.", n=version))
        return redirect(url_for(".one", of=lang, version=version))

    @routes.get("/<of>/<version>")
    def one(of: str, version: str) -> ResponseReturnValue:
        """One version as clerks read it, with the right answers."""
        lang = lang_of(of)
        with context.store.reading() as uow:
            row = uow.texts.get(KIND, lang, version_of(version)) if version != "own" else None
            now = uow.texts.in_force(KIND, lang)
            said = uow.texts.published(KIND, lang) or own_course(lang)
        if version != "own" and row is None:
            raise NotFound("There is no such version.")
        body = own_course(lang) if row is None else row.body
        before, after = course.typed(said), course.typed(body)
        return render_template(
            "console/course.html",
            of=lang,
            row=row,
            in_force=now == (None if row is None else row.version),
            chapters=course.chapters(body),
            difference=compared(before, after) if before != after else "",
        )

    @routes.post("/<of>/publish")
    def publish(of: str) -> ResponseReturnValue:
        lang, text = lang_of(of), request.form.get("version", "")
        version = version_of(text) if text else None
        with context.store.unit() as uow:
            texts.publish(uow, KIND, lang, version, by=me().name, at=context.now())
            uow.commit()
        flash(gettext("Chapters that are opened from now on are of this course."))
        return redirect(url_for(".show", of=lang))

    def _page(lang: Lang, typed: str | None = None, problem: str = "", note: str = "") -> str:
        with context.store.reading() as uow:
            draft = uow.texts.draft(KIND, lang)
            now = uow.texts.published(KIND, lang) or own_course(lang)
            begun = course.typed(now if draft is None else draft.body)
            return render_template(
                "console/courses.html",
                of=lang,
                typed=begun if typed is None else typed,
                note=note,
                draft=draft,
                problem=problem,
                versions=uow.texts.of(KIND, lang),
                releases=uow.texts.releases(KIND, lang),
                in_force=uow.texts.in_force(KIND, lang),
                own=own_course(lang),
            )

    return routes
