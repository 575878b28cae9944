"""Editing an order's values. What another clerk changed meanwhile is shown, never overwritten."""

from __future__ import annotations

from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import allow, me, needs
from api.console.carry import posted_number
from api.console.context import Context
from api.console.order_view import GROUPS, OrderView, read
from models import entry
from models.desk import review
from models.errors import NotFound, RuleError
from models.fields import FIELDS
from models.order import StaleVersion
from models.staff import Permission


@dataclass
class Form:
    """The form as it stands.

    Attributes:
        version: the order's version that the clerk looked at.
        typed, was: what the fields hold, and what they held when the clerk began.
        theirs: what somebody else stored meanwhile, by field.
        problems: what is wrong, by field; `problem` with the whole.
    """

    version: int
    typed: dict[str, str]
    was: dict[str, str]
    theirs: dict[str, str] | None = None
    problems: dict[str, str] = field(default_factory=dict)
    problem: str = ""

    @classmethod
    def of_order(cls, view: OrderView) -> Form:
        """A fresh form."""
        stored = _stored(view)
        return cls(view.order.version, stored, stored)

    @classmethod
    def of_request(cls) -> Form:
        """The form that was sent."""
        typed = {name: request.form[name] for name in FIELDS if name in request.form}
        was = {name: request.form.get(f"was.{name}", "") for name in typed}
        return cls(posted_number(), typed, was)

    def changed(self) -> dict[str, str]:
        """What the clerk changed."""
        return {n: text for n, text in self.typed.items() if not _same(text, self.was[n])}

    def onto(self, view: OrderView) -> Form:
        """The clerk's changes laid onto the order as somebody else left it."""
        stored = _stored(view)
        theirs = {n: stored[n] for n in self.was if not _same(stored[n], self.was[n])}
        return Form(view.order.version, {**stored, **self.changed()}, stored, theirs)


def blueprint(context: Context) -> Blueprint:
    """`/console/orders/<id>/edit`."""
    routes = Blueprint("edit", __name__, url_prefix="/orders")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("/<order_id>/edit")
    @allow(Permission.HANDLE)
    def form(order_id: str) -> ResponseReturnValue:
        view = _view(order_id)
        if "edit" not in view.offers:
            return redirect(url_for("console.order.show", order_id=order_id))
        return _page(view, Form.of_order(view))

    @routes.post("/<order_id>/edit")
    @allow(Permission.HANDLE)
    def save(order_id: str) -> ResponseReturnValue:
        form = Form.of_request()
        values, empty, form.problems = entry.read_all(form.changed())
        if form.problems:
            return _page(_view(order_id), form), HTTPStatus.UNPROCESSABLE_ENTITY
        try:
            with context.store.unit() as uow:
                _, voided = review.edit(
                    uow,
                    order_id,
                    version=form.version,
                    values=values,
                    empty=empty,
                    user=me(),
                    at=context.now(),
                )
                uow.commit()
        except NotFound:
            raise
        except StaleVersion:
            view = _view(order_id)
            return _page(view, form.onto(view)), HTTPStatus.CONFLICT
        except RuleError as error:
            form.problem = gettext(str(error))
            return _page(_view(order_id), form), HTTPStatus.CONFLICT
        flash(_what_follows(voided=voided))
        return redirect(url_for("console.order.show", order_id=order_id))

    def _view(order_id: str) -> OrderView:
        with context.store.reading() as uow:
            return read(uow, order_id, me(), context.now())

    return routes


def _what_follows(*, voided: bool) -> str:
    if voided:
        return str(
            gettext(
                "Saved. The customer's yes and any signature were for the earlier values and are "
                "void: call back, record the yes, and send a new link."
            )
        )
    return str(gettext("Saved."))


def _stored(view: OrderView) -> dict[str, str]:
    return {name: entry.typed(name, view.order.value(name)) for name in FIELDS}


def _same(one: str, other: str) -> bool:
    """Whether two texts differ in spaces and ends of lines at most, as browsers make them."""
    return one.split() == other.split()


def _page(view: OrderView, form: Form) -> str:
    return render_template(
        "console/edit.html", view=view, order=view.order, groups=GROUPS, form=form
    )
