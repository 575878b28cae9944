"""The course as clerks take it: read a chapter, answer its questions, see what was right."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.console.languages import page_lang
from api.console.prompts import lang_of
from models.call import Lang
from models.course import Chapter, chapters
from models.desk import courses
from models.desk.courses import CourseChanged, course_in_force
from models.errors import NotFound, RuleError
from models.staff import Permission

#: Results on the page.
_MOST = 100
_ATTEMPT = re.compile(r"[0-9a-f]{32}")


def blueprint(context: Context) -> Blueprint:
    """`/console/training/course`, its chapters and results below it."""
    routes = Blueprint("quiz", __name__, url_prefix="/training/course")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        lang = lang_of(page_lang())
        heads = me().may(Permission.LEAD)
        with context.store.reading() as uow:
            body = course_in_force(uow, lang)
            mine = uow.quizzes.of(me().name, _MOST)
            rows = uow.quizzes.of(None, _MOST) if heads else mine
            people = [
                user
                for user in uow.users.all()
                if user.name == me().name or (heads and user.active and user.may(Permission.HANDLE))
            ]
            learners = courses.learners(uow, [user.name for user in people])
        last = {
            row.chapter: row
            for row in reversed(mine)
            if (row.lang, row.version) == (lang, body["version"])
        }
        return render_template(
            "console/course_taken.html",
            chapters=[(one, last.get(n)) for n, one in enumerate(chapters(body))],
            version=body["version"],
            results=rows,
            everybody=heads,
            own=learners[me().name],
            people=[(user, learners[user.name]) for user in people] if heads else [],
        )

    @routes.get("/<int:number>")
    def read(number: int) -> ResponseReturnValue:
        lang = lang_of(page_lang())
        with context.store.reading() as uow:
            body = course_in_force(uow, lang)
        return _chapter(lang, body, number, secrets.token_hex(16))

    @routes.post("/<int:number>")
    def answer(number: int) -> ResponseReturnValue:
        form = request.form
        lang, attempt = lang_of(form.get("lang", "")), form.get("attempt", "")
        if not _ATTEMPT.fullmatch(attempt):
            abort(HTTPStatus.BAD_REQUEST)
        answers = [form.get(f"q{n}", -1, type=int) for n in range(_questions(form))]
        try:
            with context.store.unit() as uow:
                body = course_in_force(uow, lang)
                done = courses.answer(
                    uow,
                    clerk=me().name,
                    attempt=attempt,
                    lang=lang,
                    version=form.get("version", ""),
                    number=number,
                    answers=answers,
                    at=context.now(),
                )
                uow.commit()
        except NotFound:
            raise
        except RuleError as error:
            again = secrets.token_hex(16) if isinstance(error, CourseChanged) else attempt
            page = _chapter(lang, body, number, again, gettext(str(error)))
            return page, HTTPStatus.CONFLICT
        return redirect(url_for(".result", number=done))

    @routes.get("/results/<int:number>")
    def result(number: int) -> ResponseReturnValue:
        with context.store.reading() as uow:
            row = uow.quizzes.get(number)
            body = course_in_force(uow, lang_of(row.lang))
        if row.clerk != me().name and not me().may(Permission.LEAD):
            abort(HTTPStatus.NOT_FOUND)
        current = row.version == body["version"]
        further = row.chapter + 1
        return render_template(
            "console/quiz_result.html",
            row=row,
            chapter=Chapter.from_json(row.asked),
            current=current,
            further=further if current and further < len(body["chapters"]) else None,
        )

    return routes


def _questions(form: Mapping[str, str]) -> int:
    """How many questions the form showed."""
    asked = form.get("questions", "")
    return int(asked) if re.fullmatch(r"\d", asked) else 0


def _chapter(
    lang: Lang, body: Mapping[str, Any], number: int, attempt: str, problem: str = ""
) -> str:
    """The page of a chapter; what was chosen already stays chosen."""
    return render_template(
        "console/chapter.html",
        of=lang,
        version=body["version"],
        number=number,
        count=len(body["chapters"]),
        chapter=courses.asked(body, number, attempt),
        attempt=attempt,
        chosen=request.form if request.form.get("attempt") == attempt else {},
        problem=problem,
    )
