"""What people do with a handover form, each by one button. A refused step says why."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from api.console.access import me, needs
from api.console.carry import carry_out, posted_number
from api.console.context import Context
from models.admission import Means, PhoneException
from models.desk import exceptions, onboarding
from models.errors import RuleError
from models.staff import Permission, User
from models.store import UnitOfWork


@dataclass(frozen=True, slots=True)
class Press:
    """A button that somebody pressed on a form's page; `version` is what the page showed."""

    form_id: str
    version: int
    user: User
    at: datetime
    context: Context


def _submit(uow: UnitOfWork, by: Press) -> None:
    onboarding.submit(uow, by.form_id, by.version, user=by.user, at=by.at)


def _approve(uow: UnitOfWork, by: Press) -> None:
    onboarding.approve(uow, by.form_id, by.version, user=by.user, at=by.at, comment=_note())


def _return(uow: UnitOfWork, by: Press) -> None:
    onboarding.give_back(uow, by.form_id, by.version, user=by.user, at=by.at, reason=_note())


def _ask_again(uow: UnitOfWork, by: Press) -> None:
    onboarding.ask_again(uow, by.form_id, by.version, user=by.user, at=by.at)


def _withdraw(uow: UnitOfWork, by: Press) -> None:
    onboarding.withdraw(uow, by.form_id, user=by.user, at=by.at, reason=_note())


def _first_period_over(uow: UnitOfWork, by: Press) -> None:
    onboarding.end_first_period(uow, by.form_id, user=by.user, at=by.at)


def _exception(uow: UnitOfWork, by: Press) -> None:
    form = request.form
    sid = form.get("call", "").strip()
    call = uow.calls.get(sid) if sid else None
    if sid and (call is None or not call.recording):
        raise RuleError("There is no such recording.")
    means = form.get("means", "")
    given = PhoneException(
        leader=form.get("leader", ""),
        noted_by=by.user.name,
        means=Means(means) if means in set(Means) else Means.PHONE,
        what=form.get("what", "").strip(),
        given_at=_moment(form.get("given_at", ""), by.context),
        due=_moment(form.get("due", ""), by.context),
        recording=sid,
    )
    exceptions.record(uow, by.form_id, given, user=by.user, at=by.at)


def _exception_over(uow: UnitOfWork, by: Press) -> None:
    exceptions.take_back(uow, posted_number("exception"), user=by.user, at=by.at)


Step = Callable[[UnitOfWork, Press], None]
#: Address, what it does, what is said when it is done.
_STEPS: tuple[tuple[str, Step, LazyString], ...] = (
    ("submit", _submit, _("The form is on its way through the approvals.")),
    ("ask-again", _ask_again, _("A new link is on its way to whoever is asked now.")),
    ("approve", _approve, _("Approved.")),
    ("return", _return, _("The form is back at its author.")),
    ("withdraw", _withdraw, _("The form is given up.")),
    ("exception", _exception, _("The exception is recorded; its papers are watched.")),
    ("exception-over", _exception_over, _("The exception is over.")),
    ("first-period-over", _first_period_over, _("Everybody takes this customer's orders now.")),
)


def blueprint(context: Context) -> Blueprint:
    """`POST /console/onboarding/<id>/STEP`. Who may do what, the models decide."""
    routes = Blueprint("onboarding_steps", __name__, url_prefix="/onboarding/<form_id>")
    routes.before_request(needs(Permission.VIEW))
    for address, step, done in _STEPS:
        view = _view(context, step, done)
        routes.add_url_rule(f"/{address}", address.replace("-", "_"), view, methods=["POST"])
    return routes


def _view(context: Context, step: Step, done: LazyString) -> Callable[[str], ResponseReturnValue]:
    def press(form_id: str) -> ResponseReturnValue:
        by = Press(form_id, posted_number(), me(), context.now(), context)
        target = url_for("console.onboarding.one", form_id=form_id)
        return carry_out(context.store, lambda uow: step(uow, by), lambda _none: str(done), target)

    return press


def _note() -> str:
    return request.form.get("note", "")


def _moment(text: str, context: Context) -> datetime:
    """A moment on the desk's clock, as the browser writes it."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError as error:
        raise RuleError("Write the moment as date and time.") from error
    return local.replace(tzinfo=context.settings.zone)
