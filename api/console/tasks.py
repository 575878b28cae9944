"""What people have to do: call back, mend a message, look at dangerous goods."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console import words
from api.console.access import allow, me, needs, next_page
from api.console.context import Context
from models.desk import review
from models.rows import TaskRow
from models.staff import Permission
from models.store import UnitOfWork


def blueprint(context: Context) -> Blueprint:
    """`/console/tasks`."""
    routes = Blueprint("tasks", __name__, url_prefix="/tasks")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        kind = request.args.get("kind", "")
        state = "done" if request.args.get("state") == "done" else "open"
        with context.store.reading() as uow:
            rows = uow.board.tasks(kind=kind, state=state)
            people = {user.name: user.display for user in uow.users.all()}
            lines = [
                (task, *_about(uow, task), people.get(task.clerk or "", task.clerk))
                for task in rows
            ]
            counts = uow.board.counts()
        kinds = list(words.TASKS)
        return render_template(
            "console/tasks.html", lines=lines, counts=counts, kinds=kinds, kind=kind, state=state
        )

    @routes.post("/<int:task_id>/done")
    @allow(Permission.HANDLE)
    def done(task_id: int) -> ResponseReturnValue:
        with context.store.unit() as uow:
            note = request.form.get("note", "")
            review.finish_task(uow, task_id, user=me(), note=note, at=context.now())
            uow.commit()
        flash(gettext("The task is done."))
        return redirect(next_page("console.tasks.show"))

    return routes


def _about(uow: UnitOfWork, task: TaskRow) -> tuple[str | None, str | None]:
    """Whose task it is: the company or else the caller's number."""
    order = uow.board.order_row(task.order_id) if task.order_id else None
    call = uow.calls.find(task.call_sid) if task.call_sid else None
    customer = uow.customers.get(task.customer_id) if task.customer_id else None
    caller = call.caller if call else None
    if order is None:
        return (customer.name if customer else None), caller
    return order.customer, order.caller or caller
