"""The day's report: orders by customer and channel, sent, received, confirmed, signed, missing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.attachments import attachment
from api.console import sheets, words
from api.console.access import me, needs
from api.console.context import Context
from models.desk import dayreport
from models.desk.dayreport import Line
from models.staff import Permission

_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def blueprint(context: Context) -> Blueprint:
    """`/console/day`."""
    routes = Blueprint("day", __name__, url_prefix="/day")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        day = _day()
        return render_template(
            "console/day.html", day=day, lines=_lines(day), today=_today(),
            before=day - timedelta(days=1), after=day + timedelta(days=1),
        )  # fmt: skip

    @routes.get("/report.csv")
    def as_csv() -> ResponseReturnValue:
        day = _day()
        name = f"orders-{day}.csv"
        return attachment(sheets.written(_table(day)), name=name, media_type=_CSV)

    @routes.get("/report.xlsx")
    def as_xlsx() -> ResponseReturnValue:
        day = _day()
        body = sheets.workbook(_table(day), str(day))
        return attachment(body, name=f"orders-{day}.xlsx", media_type=_XLSX)

    def _today() -> date:
        return context.local(context.now()).date()

    def _day() -> date:
        """The day that is asked for; today where none is."""
        try:
            return min(date.fromisoformat(request.args.get("day", "")), _today())
        except ValueError:
            return _today()

    def _lines(day: date) -> Sequence[Line]:
        with context.store.reading() as uow:
            return dayreport.report(uow, day)

    def _table(day: date) -> list[list[object]]:
        with context.store.unit() as uow:
            uow.audit.add(me().name, "day.export", f"day:{day}", at=context.now())
            uow.commit()
        return [_head(), *(_row(line) for line in _lines(day))]

    return routes


def _head() -> list[object]:
    return [
        gettext("Customer"),
        gettext("Channel"),
        gettext("Sent"),
        gettext("Orders received"),
        gettext("Confirmed"),
        gettext("Signed"),
        gettext("Missing"),
        gettext("Not called back"),
    ]


def _row(line: Line) -> list[object]:
    counts = (line.sent, line.received, line.confirmed, line.signed, line.missing, line.waiting)
    return [line.customer, str(words.ORDER_CHANNELS.get(line.channel, line.channel)), *counts]
