"""The course of the handbook's rules: worded as a draft, read, published, taken back."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.console.prompts import compared, lang_of
from api.console.versions import version_of
from models.call import Lang
from models.course import USUAL_PASS, chapters
from models.course_text import UnfitCourse, read, typed
from models.courses import own_course
from models.desk import courses, texts
from models.desk.courses import KIND, course_in_force
from models.errors import NotFound, RuleError
from models.staff import Permission


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
        text = form.get("course", "")
        try:
            with context.store.unit() as uow:
                version = texts.write(
                    uow,
                    KIND,
                    lang,
                    lambda number: read(text, f"desk-{number}"),
                    note=form.get("note", ""),
                    by=me().name,
                    at=context.now(),
                )
                uow.commit()
        except UnfitCourse as error:
            reason = gettext(str(error))
            problem = gettext("Line %(n)s: %(reason)s", n=error.line, reason=reason)
            return _page(lang, text, problem, form.get("note", "")), HTTPStatus.CONFLICT
        flash(gettext("Version %(n)s is written. Read it, then publish it.", n=version))
        return redirect(url_for(".one", of=lang, version=version))

    @routes.get("/<of>/<version>")
    def one(of: str, version: str) -> ResponseReturnValue:
        """One version as clerks read it, with the right answers."""
        lang = lang_of(of)
        with context.store.reading() as uow:
            row = uow.texts.get(KIND, lang, version_of(version)) if version != "own" else None
            now = uow.texts.in_force(KIND, lang)
            said = course_in_force(uow, lang)
        if version != "own" and row is None:
            raise NotFound("There is no such version.")
        body = own_course(lang) if row is None else row.body
        before, after = typed(said), typed(body)
        return render_template(
            "console/course.html",
            of=lang,
            row=row,
            in_force=now == (None if row is None else row.version),
            chapters=chapters(body),
            mark=body.get("pass", USUAL_PASS),
            difference=compared(before, after) if before != after else "",
        )

    @routes.post("/<of>/publish")
    def publish(of: str) -> ResponseReturnValue:
        lang, text = lang_of(of), request.form.get("version", "")
        version = version_of(text) if text else None
        try:
            with context.store.unit() as uow:
                both = courses.publish(uow, lang, version, by=me().name, at=context.now())
                uow.commit()
        except NotFound:
            raise
        except RuleError as error:
            return _page(lang, problem=gettext(str(error))), HTTPStatus.CONFLICT
        flash(
            gettext("Both languages are in force. Chapters that are opened from now on are theirs.")
            if both
            else gettext("Chapters that are opened from now on are of this course.")
        )
        return redirect(url_for(".show", of=lang))

    def _page(lang: Lang, text: str | None = None, problem: str = "", note: str = "") -> str:
        with context.store.reading() as uow:
            draft = uow.texts.draft(KIND, lang)
            begun = typed(course_in_force(uow, lang) if draft is None else draft.body)
            return render_template(
                "console/courses.html",
                of=lang,
                typed=begun if text is None else text,
                note=note,
                draft=draft,
                problem=problem,
                versions=uow.texts.of(KIND, lang),
                releases=uow.texts.releases(KIND, lang),
                in_force=uow.texts.in_force(KIND, lang),
                own=own_course(lang),
            )

    return routes
