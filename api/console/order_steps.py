"""What a clerk does with an order, each by one button. A refused step says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from api.console.access import allow, me, needs
from api.console.carry import carry_out, posted_number
from api.console.context import Context
from models import entry
from models.desk import call_review, releasing, review
from models.entry_onboarding import mail_address
from models.errors import RuleError
from models.order import Order
from models.reach import by_mail
from models.staff import Permission, User
from models.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed on an order's page.

    Attributes:
        lock: the row's counter as the page showed it.
        valid_hours: how long a link is valid that the step sends.
    """

    order_id: str
    user: User
    lock: int
    at: datetime
    valid_hours: float


def _take(uow: UnitOfWork, by: Press) -> Order:
    return review.take(uow, by.order_id, user=by.user, lock=by.lock, at=by.at)


def _hand_over(uow: UnitOfWork, by: Press) -> Order:
    to = request.form.get("to", "")
    return review.hand_over(
        uow, by.order_id, to, user=by.user, lock=by.lock, note=_note(), at=by.at
    )


def _confirm(uow: UnitOfWork, by: Press) -> Order:
    return review.confirm_by_call_back(
        uow,
        by.order_id,
        user=by.user,
        lock=by.lock,
        note=_note(),
        at=by.at,
        valid_hours=by.valid_hours,
    )


def _link(uow: UnitOfWork, by: Press) -> Order:
    lang = "en" if request.form.get("lang") == "en" else "zh"
    return review.resend_link(
        uow,
        by.order_id,
        _mobile(),
        lang,
        user=by.user,
        lock=by.lock,
        at=by.at,
        valid_hours=by.valid_hours,
    )


def _clear(uow: UnitOfWork, by: Press) -> Order:
    return review.clear_review(uow, by.order_id, user=by.user, lock=by.lock, note=_note(), at=by.at)


def _settle(uow: UnitOfWork, by: Press) -> Order:
    return review.settle_doubts(uow, by.order_id, user=by.user, lock=by.lock, at=by.at)


def _release(uow: UnitOfWork, by: Press) -> Order:
    return review.release(uow, by.order_id, user=by.user, lock=by.lock, at=by.at)


def _approve_release(uow: UnitOfWork, by: Press) -> Order:
    return releasing.approve_release(
        uow, by.order_id, posted_number(), user=by.user, comment=_note(), at=by.at
    )


def _reject(uow: UnitOfWork, by: Press) -> Order:
    return review.reject(uow, by.order_id, user=by.user, lock=by.lock, note=_note(), at=by.at)


def _cancel(uow: UnitOfWork, by: Press) -> Order:
    return review.withdraw(uow, by.order_id, user=by.user, lock=by.lock, note=_note(), at=by.at)


def _call_back(uow: UnitOfWork, by: Press) -> Order:
    who = request.form.get("who", "")
    if who == "me":
        return call_review.call_myself(uow, by.order_id, user=by.user, lock=by.lock, at=by.at)
    return call_review.call_by_assistant(
        uow,
        by.order_id,
        request.form.get("number", ""),
        request.form.get("lang", ""),
        user=by.user,
        lock=by.lock,
        when=_moment(uow) if who == "later" else None,
        at=by.at,
    )


def _call_off(uow: UnitOfWork, by: Press) -> Order:
    return call_review.call_off(uow, by.order_id, user=by.user, lock=by.lock, at=by.at)


Step = Callable[[UnitOfWork, Press], Order]
_P = Permission
#: Address, who may press, what it does, what is said when it is done.
_STEPS: tuple[tuple[str, Permission, Step, LazyString], ...] = (
    ("take", _P.HANDLE, _take, _("You answer for this order now.")),
    ("hand-over", _P.VIEW, _hand_over, _("The order is handed over.")),
    ("confirm", _P.HANDLE, _confirm, _("The customer's yes is recorded.")),
    ("link", _P.HANDLE, _link, _("The link is on its way.")),
    ("clear", _P.HANDLE, _clear, _("The review is ended.")),
    ("settle", _P.HANDLE, _settle, _("Noted that you listened.")),
    ("release", _P.HANDLE, _release, _("The order is released for transport.")),
    ("call-back", _P.HANDLE, _call_back, _("The call-back is arranged.")),
    ("call-off", _P.HANDLE, _call_off, _("Nobody will call.")),
    ("approve-release", _P.VIEW, _approve_release, _("The release is approved.")),
    ("reject", _P.HANDLE, _reject, _("The order is rejected.")),
    ("cancel", _P.HANDLE, _cancel, _("The order is cancelled.")),
)


def blueprint(context: Context) -> Blueprint:
    """`POST /console/orders/<id>/STEP`."""
    routes = Blueprint("steps", __name__, url_prefix="/orders/<order_id>")
    routes.before_request(needs(Permission.VIEW))
    for address, permission, step, done in _STEPS:
        view = allow(permission)(_view(context, step, done))
        name = address.replace("-", "_")
        routes.add_url_rule(f"/{address}", name, view, methods=["POST"])
    return routes


def _view(context: Context, step: Step, done: LazyString) -> Callable[[str], ResponseReturnValue]:
    def press(order_id: str) -> ResponseReturnValue:
        hours = context.settings.link_hours
        by = Press(order_id, me(), posted_number("lock"), context.now(), hours)
        target = url_for("console.order.show", order_id=order_id)
        return carry_out(context.store, lambda uow: step(uow, by), lambda _order: str(done), target)

    return press


def _note() -> str:
    return request.form.get("note", "")


def _moment(uow: UnitOfWork) -> datetime:
    """The local time typed. Raises RuleError."""
    try:
        found = datetime.fromisoformat(request.form.get("when", ""))
        return found.replace(tzinfo=uow.zone)
    except ValueError as error:
        raise RuleError("Say when to call.") from error


def _mobile() -> str:
    """The number typed, in E.164, or the e-mail address; empty when it is none."""
    typed = request.form.get("mobile", "")
    try:
        if by_mail(typed):
            return mail_address(typed)
        return str(entry.read("contact.phone", typed) or "")
    except RuleError:
        return ""
