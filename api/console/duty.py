"""Duty: who is given orders in which hours, who is away, and customers' own clerks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.carry import carry_out
from api.console.context import Context
from models.assignment import Absence
from models.desk import courses, duties
from models.errors import RuleError
from models.onboarding import APPROVERS
from models.staff import Permission
from models.store import UnitOfWork


def blueprint(context: Context) -> Blueprint:
    """`/console/duty`."""
    routes = Blueprint("duty", __name__, url_prefix="/duty")
    routes.before_request(needs(Permission.LEAD))

    @routes.get("")
    def show() -> ResponseReturnValue:
        local = context.local(context.now())
        with context.store.reading() as uow:
            people = [user for user in uow.users.all() if user.may(Permission.HANDLE)]
            managers = [u for u in uow.users.all() if u.active and u.role in APPROVERS]
            clerks = uow.duties.clerks([user.name for user in people], local.date())
            return render_template(
                "console/duty.html",
                people=people,
                away=[*people, *(one for one in managers if one not in people)],
                shifts=uow.duties.shifts(),
                loads={name: len(ids) for name, ids in uow.duties.open_orders().items()},
                on_shift={clerk.name for clerk in clerks if clerk.on_shift(local)},
                absences=uow.duties.absences(local.date()),
                customers=uow.customers.all(),
                own=uow.duties.customers(),
                learners=courses.learners(uow, [user.name for user in people]),
                today=local.date(),
            )

    @routes.post("/shift/<name>")
    def shift(name: str) -> ResponseReturnValue:
        hours = request.form.get("shift", "") if "takes" in request.form else None

        def step(uow: UnitOfWork) -> bool:
            duties.set_shift(uow, name, hours, user=me(), at=context.now())
            return hours is None or courses.learners(uow, [name])[name].standing.passed

        def told(learned: bool) -> str:
            if learned:
                return str(gettext("Saved."))
            return str(
                gettext("Saved. %(name)s has not passed the course in force yet.", name=name)
            )

        return carry_out(context.store, step, told, url_for("console.duty.show"))

    @routes.post("/absences")
    def away() -> ResponseReturnValue:
        form = request.form

        def step(uow: UnitOfWork) -> None:
            absence = Absence(_day("first"), _day("last"), form.get("stand_in") or None)
            name = form.get("user", "")
            duties.add_absence(uow, name, absence, user=me(), at=context.now())

        return _carried(step)

    @routes.post("/absences/<int:absence_id>/over")
    def back(absence_id: int) -> ResponseReturnValue:
        return _carried(
            lambda uow: duties.end_absence(uow, absence_id, user=me(), at=context.now())
        )

    @routes.post("/customers")
    def own_clerk() -> ResponseReturnValue:
        customer, name = request.form.get("customer", ""), request.form.get("user") or None
        return _carried(
            lambda uow: duties.set_own_clerk(uow, customer, name, user=me(), at=context.now())
        )

    def _carried(step: Callable[[UnitOfWork], None]) -> ResponseReturnValue:
        target = url_for("console.duty.show")
        return carry_out(context.store, step, lambda _none: gettext("Saved."), target)

    return routes


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError as error:
        raise RuleError("Write the days as dates.") from error
