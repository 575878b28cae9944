"""Customers' contracts: their terms, their sealed copies, and which of them end soon."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from io import BytesIO
from typing import Any

from flask import (
    Blueprint,
    flash,
    redirect,
    render_template,
    request,
    send_file,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs, somebody
from api.console.carry import carry_out
from api.console.context import Context
from api.vault import documents
from api.vault.documents import open_documents
from models import contract
from models.desk import contracts
from models.errors import NotFound, RuleError
from models.fields import Payment
from models.repositories.contracts import terms_of
from models.rows_contract import ContractRow
from models.staff import Permission
from models.store import UnitOfWork

#: Room for the rest of the form.
_FORM = 10_000
#: More digits are no contract, and no number of databases.
_DIGITS = 9


def blueprint(context: Context) -> Blueprint:
    """`/console/customers/<id>/contracts`."""
    routes = Blueprint("contracts", __name__, url_prefix="/customers/<customer_id>/contracts")
    routes.before_request(needs(Permission.CUSTOMERS))
    vault = open_documents(context.settings)

    @routes.url_value_preprocessor
    def allow_more(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        # Before any form is read; from others no more is taken than on other pages.
        user = somebody()
        if user is not None and user.may(Permission.CUSTOMERS):
            request.max_content_length = documents.LARGEST + _FORM

    @routes.get("")
    def show(customer_id: str) -> ResponseReturnValue:
        return _page(context, customer_id)

    @routes.post("")
    def add(customer_id: str) -> ResponseReturnValue:
        return _kept(context, vault, customer_id, None)

    @routes.post("/<int:number>")
    def change(customer_id: str, number: int) -> ResponseReturnValue:
        return _kept(context, vault, customer_id, number)

    @routes.post("/<int:number>/remove")
    def remove(customer_id: str, number: int) -> ResponseReturnValue:
        def step(uow: UnitOfWork) -> Mapping[str, Any] | None:
            row = contracts.of_customer(uow, customer_id, number)
            contracts.remove(uow, row, version=_version(), by=me().name, at=context.now())
            return row.file

        def done(file: Mapping[str, Any] | None) -> str:
            vault.delete(file)
            return str(gettext("The contract is removed."))

        return carry_out(context.store, step, done, url_for(".show", customer_id=customer_id))

    @routes.get("/<int:number>/file")
    def file(customer_id: str, number: int) -> ResponseReturnValue:
        """The sealed copy, opened for who may see it; the audit log tells who did."""
        with context.store.unit() as uow:
            row = contracts.of_customer(uow, customer_id, number)
            if row.file is None:
                raise NotFound("There is no such contract.")
            uow.audit.add(me().name, "contract.open", f"contract:{number}", at=context.now())
            kept = row.file
            uow.commit()
        return send_file(
            BytesIO(vault.read(kept)),
            mimetype=kept["type"],
            as_attachment=True,
            download_name=kept["name"],
        )

    return routes


def _kept(
    context: Context, vault: documents.Documents, customer_id: str, number: int | None
) -> ResponseReturnValue:
    """Stores what the form says. A file that the database does not come to know is deleted."""
    file = None
    try:
        terms = contract.read(request.form)
        file = _uploaded(vault)
        with context.store.unit() as uow:
            old = _store(uow, context, customer_id, number, terms, file)
            uow.commit()
    except NotFound:
        vault.delete(file)
        raise
    except RuleError as error:
        vault.delete(file)
        problem = gettext(str(error))
        return _page(context, customer_id, number, problem), HTTPStatus.CONFLICT
    vault.delete(old)
    flash(gettext("Saved."))
    return redirect(url_for("console.contracts.show", customer_id=customer_id))


def _store(
    uow: UnitOfWork,
    context: Context,
    customer_id: str,
    number: int | None,
    terms: contract.Terms,
    file: Mapping[str, Any] | None,
) -> Mapping[str, Any] | None:
    """Stores a new contract or other terms of a known one; gives the copy that was replaced."""
    by, at = me().name, context.now()
    old = None
    if number is None:
        contracts.add(uow, customer_id, terms, by=by, at=at, file=file)
    else:
        row = contracts.of_customer(uow, customer_id, number)
        old = row.file if file is not None else None
        contracts.change(uow, row, terms, version=_version(), by=by, at=at, file=file)
    contracts.warn_of_ends(uow, at)
    return old


def _uploaded(vault: documents.Documents) -> dict[str, Any] | None:
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        return None
    return vault.keep(upload.read(documents.LARGEST + 1), upload.filename)


def _page(context: Context, customer_id: str, number: int | None = None, problem: str = "") -> str:
    """A customer's contracts; with what was refused, where something was."""
    with context.store.reading() as uow:
        customer = uow.customers.get(customer_id)
        if customer is None:
            raise NotFound("There is no such customer.")
        today = uow.local_day(context.now())
        rows = uow.contracts.of_customer(customer_id)
        clerks = {u.name: u.display for u in uow.users.all() if u.may(Permission.HANDLE)}
    typed: Mapping[str, str] = request.form if problem else {}
    return render_template(
        "console/contracts.html",
        customer=customer,
        contracts=[(row, _standing(row, today), _typed(row, number, typed)) for row in rows],
        typed=typed if number is None else {},
        tried=number,
        problem=problem,
        kinds=list(contract.Kind),
        settlements=list(Payment),
        clerks=clerks,
        today=today,
    )


def _standing(row: ContractRow, today: date) -> str:
    return terms_of(row).standing(today).value


def _typed(row: ContractRow, number: int | None, typed: Mapping[str, str]) -> Mapping[str, str]:
    """A contract's form: as it is, or as somebody typed it and was refused."""
    return typed if number == row.id else contract.typed(terms_of(row))


def _version() -> int:
    text = request.form.get("version", "")
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else 0
