"""The course as clerks take it: read a chapter, answer its questions, see what was right."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from api.console.course import KIND
from api.console.languages import page_lang
from api.console.prompts import lang_of
from models.call import Lang
from models.course import Chapter, chapters, points
from models.courses import own_course
from models.errors import RuleError
from models.rows_training import QuizRow
from models.staff import Permission
from models.store import UnitOfWork

#: Results on the page.
_MOST = 100


def blueprint(context: Context) -> Blueprint:
    """`/console/training/course`, its chapters and results below it."""
    routes = Blueprint("quiz", __name__, url_prefix="/training/course")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        lang = lang_of(page_lang())
        heads = me().may(Permission.LEAD)
        with context.store.reading() as uow:
            body = _in_force(uow, lang)
            mine = uow.quizzes.of(me().name, _MOST)
            rows = uow.quizzes.of(None, _MOST) if heads else mine
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
        )

    @routes.get("/<int:number>")
    def read(number: int) -> ResponseReturnValue:
        lang = lang_of(page_lang())
        with context.store.reading() as uow:
            body = _in_force(uow, lang)
        return _chapter(lang, body, number)

    @routes.post("/<int:number>")
    def answer(number: int) -> ResponseReturnValue:
        form = request.form
        lang = lang_of(form.get("lang", ""))
        with context.store.unit() as uow:
            body = _in_force(uow, lang)
            if form.get("version") != body["version"]:
                problem = gettext(
                    "The course was changed meanwhile. Read the chapter again, then answer."
                )
                return _chapter(lang, body, number, problem), HTTPStatus.CONFLICT
            entry = _entry(body, number)
            one = Chapter.from_json(entry)
            answers = [form.get(f"q{n}", -1, type=int) for n in range(len(one.questions))]
            try:
                row = QuizRow(
                    clerk=me().name,
                    at=context.now(),
                    lang=lang,
                    version=body["version"],
                    chapter=number,
                    asked=entry,
                    answers=answers,
                    points=points(one, answers),
                )
            except RuleError as error:
                return _chapter(lang, body, number, gettext(str(error))), HTTPStatus.CONFLICT
            uow.quizzes.add(row)
            done = row.id
            uow.commit()
        return redirect(url_for(".result", number=done))

    @routes.get("/results/<int:number>")
    def result(number: int) -> ResponseReturnValue:
        with context.store.reading() as uow:
            row = uow.quizzes.get(number)
            body = _in_force(uow, lang_of(row.lang))
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


def _in_force(uow: UnitOfWork, lang: Lang) -> Mapping[str, Any]:
    """The course that clerks read now."""
    return uow.texts.published(KIND, lang) or own_course(lang)


def _entry(body: Mapping[str, Any], number: int) -> dict[str, Any]:
    """A chapter of a course; ends the request where there is none."""
    if number >= len(body["chapters"]):
        abort(HTTPStatus.NOT_FOUND)
    return dict(body["chapters"][number])


def _chapter(lang: Lang, body: Mapping[str, Any], number: int, problem: str = "") -> str:
    """The page of a chapter; what was chosen already stays chosen."""
    entry = _entry(body, number)
    return render_template(
        "console/chapter.html",
        of=lang,
        version=body["version"],
        number=number,
        count=len(body["chapters"]),
        chapter=Chapter.from_json(entry),
        chosen=request.form if request.form.get("version") == body["version"] else {},
        problem=problem,
    )
