"""Handover forms of new customers: who waits for whom, the form, its papers, its chain."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console import onboarding_papers
from api.console import onboarding_words as terms
from api.console.access import me, needs, take_files
from api.console.carry import posted_number
from api.console.context import Context
from api.console.onboarding_view import chained, prefilled, read
from api.vault.filetypes import LARGEST
from models import entry_onboarding as entry
from models.desk import onboarding
from models.errors import NotFound, RuleError
from models.onboarding import Form, FormState, Onboarding
from models.staff import Permission, User

#: Room for the rest of the form.
_FORM = 100_000
#: Of so many calls the recorded ones are offered as a leader's word.
_RECENT = 50


def blueprint(context: Context) -> Blueprint:
    """`/console/onboarding`."""
    routes = Blueprint("onboarding", __name__, url_prefix="/onboarding")
    routes.before_request(needs(Permission.VIEW))

    take_files(routes, Permission.CUSTOMERS, LARGEST + _FORM)

    @routes.context_processor
    def words() -> dict[str, Any]:
        return {"terms": terms}

    @routes.get("")
    def show() -> ResponseReturnValue:
        with context.store.reading() as uow:
            forms = uow.onboardings.all()
        mine = [form for form, _ in forms if _waits_for(form, me())]
        return render_template("console/onboarding.html", forms=forms, mine=mine)

    @routes.get("/<form_id>")
    def one(form_id: str) -> ResponseReturnValue:
        with context.store.reading() as uow:
            view = read(uow, form_id, me(), context.now())
            recorded = [call for call in uow.board.calls(limit=_RECENT) if call.recording]
        return render_template(
            "console/onboarding_one.html",
            view=view,
            recorded=recorded,
            form=view.onboarding.form,
            now=context.local(context.now()),
        )

    @routes.get("/<form_id>/print")
    def printed(form_id: str) -> ResponseReturnValue:
        """The form for the file, with who approved it when and with which comment."""
        at = context.now()
        with context.store.unit() as uow:
            view = read(uow, form_id, me(), at)
            names = {user.name: user.display for user in uow.users.all()}
            uow.audit.add(me().name, "onboarding.print", f"onboarding:{form_id}", at=at)
            uow.commit()
        return render_template(
            "console/onboarding_print.html", view=view, chain=chained(view), names=names, now=at
        )

    _forms(routes, context)
    onboarding_papers.add(routes, context)
    return routes


def _waits_for(form: Onboarding, user: User) -> bool:
    """Whether this person is asked next: to approve, or to mend what came back."""
    returned = form.state is FormState.RETURNED and form.author == user.name
    return returned or form.next_role() is user.role


def _forms(routes: Blueprint, context: Context) -> None:
    """Forms written and changed."""

    @routes.get("/new")
    def new() -> ResponseReturnValue:
        with context.store.reading() as uow:
            form = prefilled(uow, request.args.get("customer", ""), request.args.get("order", ""))
        return _edit("", entry.typed(form), frozenset(form.business), 0)

    @routes.post("/new")
    def begin() -> ResponseReturnValue:
        try:
            form = entry.read(request.form, request.form.getlist("business"))
            with context.store.unit() as uow:
                wanted = request.form.get("customer", "")
                begun = onboarding.begin(uow, form, user=me(), at=context.now(), customer_id=wanted)
                uow.commit()
        except NotFound:
            raise
        except RuleError as error:
            return _again("", 0, str(error))
        flash(gettext("The form is begun. Add its papers, then submit it."))
        return redirect(url_for(".one", form_id=begun.id))

    @routes.get("/<form_id>/edit")
    def edit(form_id: str) -> ResponseReturnValue:
        with context.store.reading() as uow:
            known = read(uow, form_id, me(), context.now()).onboarding
        form = known.form
        return _edit(form_id, entry.typed(form), frozenset(form.business), known.version)

    @routes.post("/<form_id>/edit")
    def change(form_id: str) -> ResponseReturnValue:
        version = posted_number()
        try:
            with context.store.unit() as uow:
                known = uow.onboardings.locked(form_id)
                form = entry.read(request.form, request.form.getlist("business"), known.form.papers)
                onboarding.change(uow, form_id, version, form, user=me(), at=context.now())
                uow.commit()
        except NotFound:
            raise
        except RuleError as error:
            return _again(form_id, version, str(error))
        flash(gettext("Saved."))
        return redirect(url_for(".one", form_id=form_id))


def _again(form_id: str, version: int, problem: str) -> ResponseReturnValue:
    business = frozenset(request.form.getlist("business"))
    typed = {name: request.form.get(name, "") for name in entry.typed(Form(company=""))}
    return _edit(form_id, typed, business, version, problem), HTTPStatus.CONFLICT


def _edit(
    form_id: str,
    typed: dict[str, str],
    business: frozenset[str],
    version: int,
    problem: str = "",
) -> str:
    return render_template(
        "console/onboarding_edit.html",
        form_id=form_id,
        customer=request.values.get("customer", ""),
        typed=typed,
        business=business,
        version=version,
        problem=problem,
    )
