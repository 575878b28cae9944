"""Training: the lessons, and how clerks did in them."""

from __future__ import annotations

from dataclasses import replace
from http import HTTPStatus

from flask import Blueprint, Response, abort, jsonify, render_template
from flask.typing import ResponseReturnValue

from api.console.access import me, needs
from api.console.context import Context
from api.console.recording import sound_of
from api.vault.recordings import open_vault
from models.audit import HEARD
from models.call import Call
from models.codec import values_json
from models.desk import courses
from models.repositories.trainings import turns_of
from models.rows_training import TrainingRow
from models.staff import Permission
from nlp.training.path import following, passed_lessons
from nlp.training.scenario import highest, lesson, lessons
from nlp.training.scorecard import Card
from voice.peaks import outline

#: Results on the page, and those that tell what comes next.
_MOST, _ALL = 50, 1_000


def blueprint(context: Context) -> Blueprint:
    """`/console/training` and one result below it."""
    routes = Blueprint("training", __name__, url_prefix="/training")
    routes.before_request(needs(Permission.VIEW))
    practice = context.tokens is not None
    vault = open_vault(context.store, context.settings)

    @routes.get("")
    def show() -> ResponseReturnValue:
        whose = None if me().may(Permission.LEAD) else me().name
        with context.store.reading() as uow:
            rows = uow.trainings.graded(whose, _MOST)
            mine = uow.trainings.graded(me().name, _ALL)
            course = courses.learners(uow, [me().name])[me().name]
        today = context.local(context.now()).date()
        found = {one.name: one for one in lessons(today=today)}
        results = [(row, found.get(row.lesson), Card.from_json(row.card or {})) for row in rows]
        done = passed_lessons((row.lesson, Card.from_json(row.card or {})) for row in mine)
        return render_template(
            "console/training.html",
            lessons=found.values(),
            highest=highest(),
            passed=done,
            following=following(found.values(), done),
            course=course,
            results=results,
            everybody=whose is None,
            practice=practice,
        )

    @routes.get("/<sid>")
    def result(sid: str) -> ResponseReturnValue:
        row = own(context, sid)
        if row.card is None:
            abort(HTTPStatus.NOT_FOUND)
        one = lesson(row.lesson, today=context.local(row.started_at).date())
        call = Call(
            sid=sid,
            caller=None,
            called=None,
            started_at=row.started_at,
            turns=tuple(replace(turn, values={}) for turn in turns_of(row)),
            recording=row.recording,
        )
        return render_template(
            "console/training_result.html",
            row=row,
            lesson=one,
            practice=practice,
            card=Card.from_json(row.card),
            call=call,
            wanted=values_json({**one.goal.values, "dangerous": one.goal.dangerous}),
            written=row.form or {},
        )

    @routes.get("/<sid>/recording.wav")
    def sound(sid: str) -> Response:
        row = own(context, sid)
        if not row.recording:
            abort(HTTPStatus.NOT_FOUND)
        if row.clerk != me().name:
            with context.store.unit() as uow:
                uow.audit.add(me().name, HEARD, f"training:{sid}", at=context.now())
                uow.commit()
        return sound_of(vault.open(row.recording))

    @routes.get("/<sid>/outline.json")
    def drawing(sid: str) -> ResponseReturnValue:
        row = own(context, sid)
        if not row.recording:
            abort(HTTPStatus.NOT_FOUND)
        with vault.open(row.recording) as file:
            found = outline(file)
        return jsonify(duration=found.duration_s, caller=found.caller, assistant=found.assistant)

    return routes


def own(context: Context, sid: str) -> TrainingRow:
    """A practice call of one's own; heads see everybody's."""
    with context.store.reading() as uow:
        row = uow.trainings.get(sid)
    if row.clerk != me().name and not me().may(Permission.LEAD):
        abort(HTTPStatus.NOT_FOUND)
    return row
