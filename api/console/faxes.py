"""Faxes: what came in, one fax with its pages, each field beside the piece it was read from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.attachments import attachment
from api.console import filters
from api.console.access import allow, me, needs, next_page
from api.console.context import Context
from api.console.order_view import GROUPS
from api.intake import fax
from api.intake.limits import Refused
from models.desk import daycounts
from models.desk.faxes import fax_sender
from models.errors import RuleError
from models.order import FieldValue, Order
from models.rows_fax import FaxRow
from models.staff import Permission
from nlp.written.certainty import is_sure
from nlp.written.crops import Crop, crop_of, upright
from nlp.written.source import Box, Part, from_code, part_from

_PAGE = 50
#: A fax never changes, so its pictures need not be asked for again, seconds.
_KEPT_S = 86_400
_LARGEST = 300


@dataclass(frozen=True, slots=True)
class Seen:
    """A field of an order, and the place on the fax where it stands.

    Attributes:
        code: names the place; empty where it is on no page, such as what a clerk changed.
    """

    name: str
    known: FieldValue
    code: str
    sure: bool


@dataclass(frozen=True, slots=True)
class Frame:
    """A place on an upright page, and the fields that were read from it."""

    names: tuple[str, ...]
    code: str
    box: Box
    sure: bool


def blueprint(context: Context) -> Blueprint:
    """`/console/faxes`."""
    routes = Blueprint("faxes", __name__, url_prefix="/faxes")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        page = filters.page_number(request.args)
        with context.store.reading() as uow:
            found = uow.faxes.latest(_PAGE + 1, (page - 1) * _PAGE)
            senders = {row.id: fax_sender(uow, row) for row in found}
        return render_template(
            "console/faxes.html", faxes=found[:_PAGE], senders=senders, page=page,
            more=len(found) > _PAGE, name_of=name_of,
        )  # fmt: skip

    @routes.get("/<fax_id>")
    def one(fax_id: str) -> ResponseReturnValue:
        with context.store.unit() as uow:
            row = uow.faxes.get(fax_id)
            orders = [order for order in map(uow.orders.get, row.orders) if order is not None]
            counts = {order.id: daycounts.standing(uow, order.id) for order in orders}
            sender = fax_sender(uow, row)
            customers = uow.customers.all() if me().may(Permission.HANDLE) else []
            uow.audit.add(me().name, "fax.view", f"fax:{fax_id}", at=context.now())
            uow.commit()
        part = _part(row)
        fields = [(order, _seen(fax_id, order)) for order in orders]
        return render_template(
            "console/fax.html",
            fax=row,
            part=part,
            fields=fields,
            frames=_frames(part, [seen for _, every in fields for seen in every]),
            counts=counts,
            sender=sender,
            customers=customers,
            name_of=name_of,
        )

    @routes.get("/<fax_id>/file")
    def file(fax_id: str) -> ResponseReturnValue:
        with context.store.unit() as uow:
            row = uow.faxes.get(fax_id)
            raw = uow.faxes.raw(fax_id)
            uow.audit.add(me().name, "fax.file", f"fax:{fax_id}", at=context.now())
            uow.commit()
        # Whatever a stranger sent, it is never opened as a page of this site.
        return attachment(
            raw, name=name_of(row) or "fax.tif", media_type="application/octet-stream"
        )

    @routes.post("/<fax_id>/sender")
    @allow(Permission.HANDLE)
    def belongs(fax_id: str) -> ResponseReturnValue:
        customer_id = request.form.get("customer", "")
        with context.store.unit() as uow:
            row = uow.faxes.get(fax_id)
            if uow.customers.get(customer_id) is None or not row.number:
                abort(HTTPStatus.BAD_REQUEST)
            uow.faxes.belongs(row.number, customer_id)
            uow.audit.add(me().name, "fax.sender", f"customer:{customer_id}", at=context.now())
            uow.commit()
        flash(gettext("Faxes from this number belong to this customer from now on."))
        return redirect(url_for("console.faxes.one", fax_id=fax_id))

    @routes.post("/count/<order_id>")
    @allow(Permission.HANDLE)
    def count(order_id: str) -> ResponseReturnValue:
        sent = None if "unknown" in request.form else _number(request.form.get("sent", ""))
        with context.store.unit() as uow:
            kept = daycounts.keep_count(
                uow, order_id, sent, by=f"clerk:{me().name}", at=context.now()
            )
            if kept is None:
                abort(HTTPStatus.NOT_FOUND)
            uow.audit.add(me().name, "fax.count", f"order:{order_id}", at=context.now())
            uow.commit()
        flash(gettext("The day's number is kept."))
        return redirect(next_page("console.faxes.show"))

    _pictures(routes, context)
    return routes


def _pictures(routes: Blueprint, context: Context) -> None:
    """Pages and pieces of them, upright."""

    @routes.get("/<fax_id>/pages/<int:page>")
    def picture(fax_id: str, page: int) -> ResponseReturnValue:
        row, raw = _kept(fax_id)
        turn = _turn(_part(row), page)
        return _png(lambda: fax.page_png(raw, page, turn))

    @routes.get("/<fax_id>/crops/<code>")
    def crop(fax_id: str, code: str) -> ResponseReturnValue:
        found = _crop(code)
        if found is None:
            abort(HTTPStatus.NOT_FOUND)
        row, raw = _kept(fax_id)
        turn = _turn(_part(row), found.page)
        return _png(lambda: fax.crop_png(raw, found.page, found.box, turn))

    def _kept(fax_id: str) -> tuple[FaxRow, bytes]:
        with context.store.reading() as uow:
            return uow.faxes.get(fax_id), uow.faxes.raw(fax_id)


def name_of(fax: FaxRow) -> str:
    """The file's name, where a file is what came."""
    return fax.reference.rpartition(":")[0] if fax.source == "folder" else ""


def crop_code(order: Order, name: str) -> tuple[str, str] | None:
    """The fax and the place of a field that was read from one; None for others."""
    known = order.fields.get(name)
    if order.channel != "fax" or known is None or not known.source.place:
        return None
    fax_id, _, code = known.source.place.partition("/")
    return None if _crop(code) is None else (fax_id, code)


def _number(text: str) -> int:
    """A number as posted. Raises RuleError."""
    if not text.strip().isdecimal() or int(text) > _LARGEST:
        raise RuleError("The number of orders is from 0 to 300.")
    return int(text)


def _crop(code: str) -> Crop | None:
    try:
        return crop_of(from_code(code))
    except ValueError:
        return None


def _seen(fax_id: str, order: Order) -> Sequence[Seen]:
    found = []
    for name in (name for group in GROUPS for name in group if name in order.fields):
        known = order.fields[name]
        place = crop_code(order, name)
        here = place[1] if place is not None and place[0] == fax_id else ""
        sure = known.source.changed_by != "fax" or is_sure(known.source.confidence)
        found.append(Seen(name, known, here, sure))
    return found


def _part(row: FaxRow) -> Part | None:
    return part_from(row.parts[0]) if row.parts else None


def _turn(part: Part | None, page: int) -> int:
    turns = () if part is None else part.turns
    return turns[page - 1] if 0 < page <= len(turns) else 0


def _frames(part: Part | None, fields: Sequence[Seen]) -> dict[int, list[Frame]]:
    """Where fields stand, by page; each place once."""
    at: dict[str, list[Seen]] = {}
    for seen in fields:
        if seen.code:
            at.setdefault(seen.code, []).append(seen)
    found: dict[int, list[Frame]] = {}
    for code, here in at.items():
        place = from_code(code)
        if place.box is not None and place.page is not None:
            box = upright(place.box, _turn(part, place.page))
            names = tuple(dict.fromkeys(seen.name for seen in here))
            frame = Frame(names, code, box, all(seen.sure for seen in here))
            found.setdefault(place.page, []).append(frame)
    return found


def _png(draw: Callable[[], bytes]) -> Response:
    try:
        picture = draw()
    except Refused:
        abort(HTTPStatus.NOT_FOUND)
    answer = Response(picture, mimetype="image/png")
    answer.headers["Cache-Control"] = f"private, max-age={_KEPT_S}"
    return answer
