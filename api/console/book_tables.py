"""A customer's address book as a table: taken home, and taken in."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext

from api.console import sheets
from api.console.access import me, needs, somebody
from api.console.books import Again, page, part_of
from api.console.context import Context
from api.console.labels import LABELS
from api.console.languages import page_lang
from models import address_book as book
from models.address_book import Part
from models.desk import books
from models.errors import NotFound, RuleError
from models.staff import Permission

#: Room for the rest of the form.
_FORM = 10_000
_SHOWN_PROBLEMS = 10


def blueprint(context: Context) -> Blueprint:
    """`/console/customers/<id>/book/<part>/table.csv` and `/import`."""
    routes = Blueprint("book_tables", __name__, url_prefix="/customers/<customer_id>/book")
    routes.before_request(needs(Permission.CUSTOMERS))

    @routes.url_value_preprocessor
    def allow_more(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
        # Before any form is read; from others no more is taken than on other pages.
        user = somebody()
        if user is not None and user.may(Permission.CUSTOMERS):
            request.max_content_length = sheets.LARGEST + _FORM

    @routes.get("/<part>/table.csv")
    def table(customer_id: str, part: str) -> ResponseReturnValue:
        """What the part holds, as a table is taken in; an empty one shows how."""
        which = part_of(part)
        with context.store.unit() as uow:
            customer = uow.customers.get(customer_id)
            if customer is None:
                raise NotFound("There is no such customer.")
            detail = {"part": which.value}
            subject = f"customer:{customer_id}"
            uow.audit.add(me().name, "book.export", subject, at=context.now(), detail=detail)
            uow.commit()
        labels = LABELS["en" if page_lang() == "en" else "zh"]
        head = [labels[name] for name in book.COLUMNS[which]]
        rows = [book.typed(which, one).values() for one in book.entries(customer, which)]
        headers = {"Content-Disposition": f'attachment; filename="{which.value}.csv"'}
        return Response(sheets.written([head, *rows]), mimetype="text/csv", headers=headers)

    @routes.post("/<part>/import")
    def take(customer_id: str, part: str) -> ResponseReturnValue:
        """Adds what an uploaded table holds: all of it, or nothing and what is wrong."""
        which = part_of(part)
        try:
            found, problems = _uploaded(which)
            if not problems:
                return _take(customer_id, which, found)
        except NotFound:
            raise
        except RuleError as error:
            problems = [gettext(str(error))]
        return page(context, customer_id, which, Again(problems=problems)), HTTPStatus.CONFLICT

    def _take(customer_id: str, part: Part, found: list[book.Entry]) -> ResponseReturnValue:
        with context.store.unit() as uow:
            before = len(book.entries(uow.customers.locked(customer_id), part))
            changed = books.change(
                uow,
                customer_id,
                part,
                lambda customer: book.add(customer, part, found)[0],
                did="import",
                by=me().name,
                at=context.now(),
            )
            uow.commit()
        new = len(book.entries(changed, part)) - before
        added = ngettext("%(num)s entry was added.", "%(num)s entries were added.", new)
        flash(added + " " + gettext("There already: %(n)s.", n=len(found) - new))
        return redirect(url_for("console.books.show", customer_id=customer_id, part=part.value))

    return routes


def _uploaded(part: Part) -> tuple[list[book.Entry], list[str]]:
    """The entries of the uploaded table, and what is wrong with which line; the head is line 1."""
    file = request.files.get("table")
    content = b"" if file is None else file.read(sheets.LARGEST + 1)
    found: list[book.Entry] = []
    problems: list[str] = []
    for line, row in sheets.columns(sheets.read_table(content), _names(part)):
        try:
            found.append(book.read(part, row))
        except RuleError as error:
            problems.append(gettext("Line %(n)s: %(why)s", n=line, why=gettext(str(error))))
    if len(problems) > _SHOWN_PROBLEMS:
        more = gettext("and %(n)s more", n=len(problems) - _SHOWN_PROBLEMS)
        problems = [*problems[:_SHOWN_PROBLEMS], more]
    return found, problems


def _names(part: Part) -> dict[str, list[str]]:
    """What a column may be called: as a page calls it in any language, or by its flat name."""
    return {
        name: [name, *(labels[name] for labels in LABELS.values())] for name in book.COLUMNS[part]
    }
