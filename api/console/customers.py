"""The customer register: who may order, from which numbers, with which usual addresses."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from models import entry_customer
from models.customer import Customer
from models.desk import customers
from models.errors import NotFound, RuleError
from models.staff import Permission


def blueprint(context: Context) -> Blueprint:
    """`/console/customers`."""
    routes = Blueprint("customers", __name__, url_prefix="/customers")
    routes.before_request(needs(Permission.CUSTOMERS))

    @routes.get("")
    def show() -> ResponseReturnValue:
        query = request.args.get("q", "").strip()
        with context.store.reading() as uow:
            found = [c for c in uow.customers.all() if _fits(c, query)]
            ending = uow.contracts.ending(uow.local_day(context.now()))
        return render_template(
            "console/customers.html", customers=found, wanted=query, ending=ending
        )

    @routes.get("/new")
    def new() -> ResponseReturnValue:
        nobody = Customer(id="", name="")
        return _form(nobody, entry_customer.typed(nobody))

    @routes.get("/<customer_id>")
    def one(customer_id: str) -> ResponseReturnValue:
        customer = _of(customer_id)
        return _form(customer, entry_customer.typed(customer))

    @routes.post("/new")
    def add() -> ResponseReturnValue:
        return _save(Customer(id="", name=""))

    @routes.post("/<customer_id>")
    def change(customer_id: str) -> ResponseReturnValue:
        return _save(_of(customer_id))

    def _of(customer_id: str) -> Customer:
        with context.store.reading() as uow:
            customer = uow.customers.get(customer_id)
        if customer is None:
            raise NotFound("There is no such customer.")
        return customer

    def _save(known: Customer) -> ResponseReturnValue:
        try:
            with context.store.unit() as uow:
                now = uow.customers.locked(known.id) if known.id else known
                customer = entry_customer.read(request.form, now)
                saved = customers.save(uow, customer, by=me().name, at=context.now())
                uow.commit()
        except NotFound:
            raise
        except RuleError as error:
            return _form(known, dict(request.form), str(error)), HTTPStatus.CONFLICT
        flash(gettext("Saved."))
        if known.id:
            return redirect(url_for(".show"))
        return redirect(url_for("console.books.show", customer_id=saved.id, part="people"))

    return routes


def _fits(customer: Customer, query: str) -> bool:
    texts = (*customer.names(), customer.account or "", *(p.number for p in customer.phones))
    return any(query.lower() in text.lower() for text in texts)


def _form(customer: Customer, typed: dict[str, str], problem: str = "") -> str:
    return render_template("console/customer.html", customer=customer, typed=typed, problem=problem)
