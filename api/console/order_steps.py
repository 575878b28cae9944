"""What a clerk does with an order, each by one button. A refused step says why."""

from __future__ import annotations

from collections.abc import Callable

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import allow, me, needs
from api.console.context import Context
from models import entry
from models.desk import review
from models.errors import NotFound, RuleError
from models.order import Order
from models.staff import Permission, User
from models.store import UnitOfWork

#: What a step does with the order that somebody saw at the row's counter `lock`.
Take = Callable[[UnitOfWork, str, User, int], Order]


def blueprint(context: Context) -> Blueprint:
    """`POST /console/orders/<id>/STEP`."""
    routes = Blueprint("steps", __name__, url_prefix="/orders/<order_id>")
    routes.before_request(needs(Permission.VIEW))
    now = context.now

    def carry_out(order_id: str, step: Take, done: str) -> ResponseReturnValue:
        try:
            with context.store.unit() as uow:
                step(uow, order_id, me(), _lock())
                uow.commit()
        except NotFound:
            raise
        except RuleError as error:
            flash(gettext(str(error)), "problem")
        else:
            flash(done)
        return redirect(url_for("console.order.show", order_id=order_id))

    @routes.post("/take")
    @allow(Permission.HANDLE)
    def take(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            return review.take(uow, order_id, user=user, lock=lock, at=now())

        return carry_out(order_id, step, gettext("You answer for this order now."))

    @routes.post("/hand-over")
    def hand_over(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            to = request.form.get("to", "")
            return review.hand_over(uow, order_id, to, user=user, lock=lock, note=_note(), at=now())

        return carry_out(order_id, step, gettext("The order is handed over."))

    @routes.post("/confirm")
    @allow(Permission.HANDLE)
    def confirm(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            return review.confirm_by_call_back(
                uow,
                order_id,
                user=user,
                lock=lock,
                note=_note(),
                at=now(),
                valid_hours=context.settings.link_hours,
            )

        return carry_out(order_id, step, gettext("The customer's yes is recorded."))

    @routes.post("/link")
    @allow(Permission.HANDLE)
    def link(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            lang = "en" if request.form.get("lang") == "en" else "zh"
            return review.resend_link(
                uow,
                order_id,
                _mobile(),
                lang,
                user=user,
                lock=lock,
                at=now(),
                valid_hours=context.settings.link_hours,
            )

        return carry_out(order_id, step, gettext("The link is on its way."))

    @routes.post("/clear")
    @allow(Permission.HANDLE)
    def clear(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            return review.clear_review(uow, order_id, user=user, lock=lock, note=_note(), at=now())

        return carry_out(order_id, step, gettext("The review is ended."))

    @routes.post("/release")
    @allow(Permission.HANDLE)
    def release(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            return review.release(uow, order_id, user=user, lock=lock, at=now())

        return carry_out(order_id, step, gettext("The order is released for transport."))

    @routes.post("/reject")
    @allow(Permission.HANDLE)
    def reject(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            return review.reject(uow, order_id, user=user, lock=lock, note=_note(), at=now())

        return carry_out(order_id, step, gettext("The order is rejected."))

    @routes.post("/cancel")
    @allow(Permission.HANDLE)
    def cancel(order_id: str) -> ResponseReturnValue:
        def step(uow: UnitOfWork, order_id: str, user: User, lock: int) -> Order:
            return review.withdraw(uow, order_id, user=user, lock=lock, note=_note(), at=now())

        return carry_out(order_id, step, gettext("The order is cancelled."))

    return routes


def _lock() -> int:
    text = request.form.get("lock", "")
    return int(text) if text.isdecimal() else -1


def _note() -> str:
    return request.form.get("note", "")


def _mobile() -> str:
    """The number typed, in E.164; empty when it is none."""
    try:
        return str(entry.read("contact.phone", request.form.get("mobile", "")) or "")
    except RuleError:
        return ""
