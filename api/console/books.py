"""A customer's address book: places, receivers, people and goods, entry by entry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from models import address_book as book
from models.address_book import Part
from models.customer import Customer
from models.desk import books
from models.errors import NotFound, RuleError
from models.staff import Permission


@dataclass(slots=True)
class Again:
    """What somebody sent that was refused, to be put right.

    Attributes:
        key: of the entry it was to replace, empty for a new one.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    key: str = ""
    problems: list[str] = field(default_factory=list)


def blueprint(context: Context) -> Blueprint:
    """`/console/customers/<id>/book/<part>`."""
    routes = Blueprint("books", __name__, url_prefix="/customers/<customer_id>/book")
    routes.before_request(needs(Permission.CUSTOMERS))

    @routes.get("/<part>")
    def show(customer_id: str, part: str) -> ResponseReturnValue:
        return page(context, customer_id, part_of(part), Again())

    @routes.post("/<part>/add")
    def add(customer_id: str, part: str) -> ResponseReturnValue:
        which = part_of(part)

        def step(customer: Customer) -> Customer:
            changed, new = book.add(customer, which, [book.read(which, request.form)])
            if not new:
                raise book.UnfitEntry("This is in the address book already.")
            return changed

        return _changed(context, customer_id, which, "add", step)

    @routes.post("/<part>/<key>")
    def correct(customer_id: str, part: str, key: str) -> ResponseReturnValue:
        which, wanted = part_of(part), request.form.get("do", "save")
        steps: Mapping[str, Callable[[Customer], Customer]] = {
            "save": lambda c: book.correct(c, which, key, book.read(which, request.form)),
            "remove": lambda c: book.remove(c, which, key),
            "front": lambda c: book.to_front(c, which, key),
        }
        if wanted not in steps:
            abort(HTTPStatus.BAD_REQUEST)
        return _changed(context, customer_id, which, wanted, steps[wanted], key)

    return routes


def page(context: Context, customer_id: str, part: Part, again: Again) -> str:
    """A part of a customer's book. Raises NotFound."""
    with context.store.reading() as uow:
        customer = uow.customers.get(customer_id)
        if customer is None:
            raise NotFound("There is no such customer.")
        past = uow.customers.past_orders(customer)
    return render_template(
        "console/book.html",
        customer=customer,
        part=part,
        columns=book.COLUMNS[part],
        entries=[(book.key(one), book.typed(part, one)) for one in book.entries(customer, part)],
        used=[(one, book.typed(part, one.entry)) for one in book.used(customer, part, past)],
        again=again,
    )


def part_of(name: str) -> Part:
    """The part of an address; there is no page for any other."""
    try:
        return Part(name)
    except ValueError:
        abort(HTTPStatus.NOT_FOUND)


def _changed(
    context: Context,
    customer_id: str,
    part: Part,
    did: str,
    step: Callable[[Customer], Customer],
    key: str = "",
) -> ResponseReturnValue:
    try:
        with context.store.unit() as uow:
            books.change(uow, customer_id, part, step, did=did, by=me().name, at=context.now())
            uow.commit()
    except NotFound:
        raise
    except RuleError as error:
        again = Again(dict(request.form), key, [gettext(str(error))])
        return page(context, customer_id, part, again), HTTPStatus.CONFLICT
    flash(gettext("Calls that begin from now on go by this."))
    return redirect(url_for("console.books.show", customer_id=customer_id, part=part.value))
