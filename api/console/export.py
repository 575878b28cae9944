"""Orders as CSV or as an Excel sheet, by the same filters as the list."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console import filters, sheets, words
from api.console.access import me, needs
from api.console.context import Context
from api.console.labels import LABELS
from api.console.languages import page_lang
from models.fields import FIELDS
from models.repositories.board import Filter, OrderLine
from models.staff import Permission

_MOST = 20_000
_BATCH = 1000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cell = str | int | float | None
_WIDTHS = {"zh": 14, "en": 16}


def blueprint(context: Context) -> Blueprint:
    """`/console/export/orders.csv` and `.xlsx`."""
    routes = Blueprint("export", __name__, url_prefix="/export")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("/orders.csv")
    def as_csv() -> ResponseReturnValue:
        return _file(sheets.written(_table()), "text/csv; charset=utf-8", "orders.csv")

    @routes.get("/orders.xlsx")
    def as_xlsx() -> ResponseReturnValue:
        return _file(
            sheets.workbook(_table(), gettext("Orders"), width=_WIDTHS[page_lang()]),
            _XLSX,
            "orders.xlsx",
        )

    def _table() -> list[list[Cell]]:
        wanted = filters.read(request.args, context.settings.zone)
        lines = list(_lines(context, wanted))
        with context.store.unit() as uow:
            detail = {"orders": len(lines)}
            uow.audit.add(me().name, "order.export", "orders", at=context.now(), detail=detail)
            uow.commit()
        return [_head(), *(_row(context, line) for line in lines)]

    return routes


def _lines(context: Context, wanted: Filter) -> Iterator[OrderLine]:
    with context.store.reading() as uow:
        for offset in range(0, _MOST, _BATCH):
            found = uow.board.orders(wanted, limit=_BATCH, offset=offset)
            yield from found
            if len(found) < _BATCH:
                return


def _head() -> list[Cell]:
    labels = LABELS["en" if page_lang() == "en" else "zh"]
    own = [gettext("Number"), gettext("State"), gettext("Answers for it"), gettext("Begun")]
    return [*own, *(labels[name] for name in FIELDS)]


def _row(context: Context, line: OrderLine) -> list[Cell]:
    begun = context.local(line.created_at).strftime("%Y-%m-%d %H:%M")
    own: list[Cell] = [line.number, str(words.STATUS[line.status]), line.owner, begun]
    return [*own, *(_cell(line.values.get(name)) for name in FIELDS)]


def _cell(value: object) -> Cell:
    if isinstance(value, list):
        return "; ".join(str(good["name"]) for good in value)
    return value if isinstance(value, str | int | float) else None


def _file(body: bytes, kind: str, name: str) -> Response:
    disposition = f'attachment; filename="{name}"'
    return Response(body, content_type=kind, headers={"Content-Disposition": disposition})
