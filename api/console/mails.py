"""E-mails: what came in, and one mail with the place of each field that was read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.attachments import attachment
from api.console import filters
from api.console.access import allow, me, needs
from api.console.context import Context
from api.intake import mail
from api.vault.filetypes import plain_type
from models.desk.mails import sender_of
from models.desk.proofs import doubtful
from models.order import Order
from models.staff import Permission
from models.store import UnitOfWork
from nlp.written.source import Part, Place, Text, from_code, part_from

_PAGE = 50


@dataclass(frozen=True, slots=True)
class Mark:
    """A field that was read at a place, and for which of the mail's orders; empty for all."""

    name: str
    orders: str


Marks = Mapping[str, Sequence[Mark]]


def blueprint(context: Context) -> Blueprint:
    """`/console/mails`."""
    routes = Blueprint("mails", __name__, url_prefix="/mails")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        page = filters.page_number(request.args)
        with context.store.reading() as uow:
            found = uow.mails.latest(_PAGE + 1, (page - 1) * _PAGE)
            senders = {row.id: sender_of(uow, row) for row in found}
        return render_template(
            "console/mails.html", mails=found[:_PAGE], senders=senders, page=page,
            more=len(found) > _PAGE,
        )  # fmt: skip

    @routes.get("/<mail_id>")
    def one(mail_id: str) -> ResponseReturnValue:
        with context.store.unit() as uow:
            row = uow.mails.get(mail_id)
            orders = _orders(uow, row.orders)
            sender = sender_of(uow, row)
            customers = uow.customers.all() if me().may(Permission.HANDLE) else []
            uow.audit.add(me().name, "mail.view", f"mail:{mail_id}", at=context.now())
            uow.commit()
        parts = [part_from(part) for part in row.parts or ()]
        return render_template(
            "console/mail.html",
            mail=row,
            orders=orders,
            parts=parts,
            marks=_marks(mail_id, orders),
            shown=_with_pictures(parts),
            sender=sender,
            customers=customers,
            doubtful=doubtful(row.checks),
            code=_code,
        )

    @routes.get("/<mail_id>/parts/<int:index>")
    def part(mail_id: str, index: int) -> ResponseReturnValue:
        with context.store.unit() as uow:
            uow.mails.get(mail_id)
            found = mail.part_data(mail.parse(uow.mails.raw(mail_id)), index)
            uow.audit.add(me().name, "mail.part", f"mail:{mail_id}", at=context.now())
            uow.commit()
        if found is None:
            abort(404)
        name, data = found
        kind = plain_type(data)
        if kind.startswith("image/"):
            return Response(data, mimetype=kind)
        # Whatever a stranger sent, it is never opened as a page of this site.
        return attachment(data, name=name or "part", media_type="application/octet-stream")

    @routes.post("/<mail_id>/sender")
    @allow(Permission.HANDLE)
    def belongs(mail_id: str) -> ResponseReturnValue:
        customer_id = request.form.get("customer", "")
        with context.store.unit() as uow:
            row = uow.mails.get(mail_id)
            if uow.customers.get(customer_id) is None or not row.sender:
                abort(400)
            uow.mails.belongs(row.sender, customer_id)
            uow.audit.add(me().name, "mail.sender", f"customer:{customer_id}", at=context.now())
            uow.commit()
        flash(gettext("E-mails from this address belong to this customer from now on."))
        return redirect(url_for("console.mails.one", mail_id=mail_id))

    return routes


def _orders(uow: UnitOfWork, ids: Sequence[str]) -> list[Order]:
    return [order for order in map(uow.orders.get, ids) if order is not None]


def _marks(mail_id: str, orders: Sequence[Order]) -> Marks:
    """What was read at each place, by the place's code without its box."""
    read: dict[str, dict[str, list[int]]] = {}
    for number, order in enumerate(orders, 1):
        for name, known in order.fields.items():
            mail_of, _, code = (known.source.place or "").partition("/")
            if mail_of == mail_id:
                here = read.setdefault(_plain(from_code(code)), {})
                here.setdefault(name, []).append(number)
    return {
        code: [
            Mark(name, "" if len(said) == len(orders) else ", ".join(map(str, said)))
            for name, said in names.items()
        ]
        for code, names in read.items()
    }


def _code(text: Text) -> str:
    return _plain(text.place)


def _plain(place: Place) -> str:
    return Place(
        part=place.part, page=place.page, table=place.table, row=place.row, column=place.column,
        line=place.line,
    ).code()  # fmt: skip


def _with_pictures(parts: Sequence[Part]) -> frozenset[int]:
    """Parts that are shown as the picture that they are, with their places framed."""
    return frozenset(part.index for part in _pictures(parts))


def _pictures(parts: Sequence[Part]) -> Iterator[Part]:
    for part in parts:
        texts = list(part.texts())
        pages = {text.place.page for text in texts if text.place.page}
        if part.kind == "picture" and not part.refused and pages == {1}:
            yield part
