"""The desk's figures, by day or week, as charts, tables and CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from http import HTTPStatus

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console import sheets
from api.console.access import needs
from api.console.charts import charts, share, written
from api.console.context import Context
from api.console.filters import day
from api.console.languages import page_lang
from models.errors import RuleError
from models.figures import By, Corrections, Figures, Stretch, stretches
from models.staff import Permission

#: Days from the first to the last where no period is chosen.
_USUAL = 27
#: What links offer: days back, and how they are counted.
_PERIODS = ((6, By.DAY), (_USUAL, By.DAY), (89, By.DAY), (364, By.WEEK))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """The period that an address asks for."""

    first: date
    last: date
    by: By
    browser: bool


def blueprint(context: Context) -> Blueprint:
    """`/console/figures`."""
    routes = Blueprint("figures", __name__, url_prefix="/figures")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        wanted, problem, status = _wanted(request.args, _today()), "", HTTPStatus.OK
        try:
            found, figures, corrections = _counted(wanted)
        except RuleError as error:
            problem, status = gettext(str(error)), HTTPStatus.CONFLICT
            wanted = _wanted({}, _today())
            found, figures, corrections = _counted(wanted)
        page = render_template(
            "console/figures.html",
            wanted=wanted,
            problem=problem,
            periods=[(_today() - timedelta(days=back), by) for back, by in _PERIODS],
            today=_today(),
            totals=_totals(figures),
            charts=charts(found, figures, corrections, "en" if page_lang() == "en" else "zh"),
        )
        return page, status

    @routes.get("/figures.csv")
    def as_csv() -> ResponseReturnValue:
        found, figures, _ = _counted(_wanted(request.args, _today()))
        return _csv(_table(found, figures), "figures.csv")

    @routes.get("/corrections.csv")
    def corrections_csv() -> ResponseReturnValue:
        _, _, corrections = _counted(_wanted(request.args, _today()))
        rows = [(c.field, c.by_caller, c.by_clerk) for c in corrections]
        return _csv([("field", "by_caller", "by_clerk"), *rows], "corrections.csv")

    def _today() -> date:
        return context.local(context.now()).date()

    def _counted(
        wanted: Wanted,
    ) -> tuple[Sequence[Stretch], Sequence[Figures], Sequence[Corrections]]:
        found = stretches(wanted.first, wanted.last, wanted.by, context.settings.zone)
        with context.store.reading() as uow:
            book = uow.figures(browser=wanted.browser)
            return found, book.of(found), book.corrections(found)

    return routes


def _wanted(args: Mapping[str, str], today: date) -> Wanted:
    """The period in an address; what cannot be read asks for the usual one."""
    last = day(args.get("until", "")) or today
    return Wanted(
        first=day(args.get("since", "")) or last - timedelta(days=_USUAL),
        last=last,
        by=By.WEEK if args.get("by") == By.WEEK else By.DAY,
        browser="browser" in args,
    )


def _totals(figures: Sequence[Figures]) -> Sequence[tuple[str, str, str]]:
    """The whole period in a line: what, how much, of how many."""

    def total(name: str) -> int:
        return sum(getattr(f, name) for f in figures)

    def part(title: str, some: str, whole: str) -> tuple[str, str, str]:
        of = f"{total(some)} / {total(whole)}"
        return title, written(share(total(some), total(whole)), "%"), of

    turns = total("turns") / total("ordered") if total("ordered") else None
    return (
        (gettext("Calls"), str(total("calls")), ""),
        part(gettext("Without a person"), "contained", "calls"),
        (gettext("Turns per order"), written(turns), ""),
        part(gettext("Notice heard whole"), "heard", "notices"),
        part(gettext("Messages delivered"), "delivered", "messages"),
        part(gettext("Signed within a day"), "signed", "links"),
    )


def _table(found: Sequence[Stretch], figures: Sequence[Figures]) -> list[Sequence[object]]:
    """A row for each stretch; names of columns are the same in every language."""
    head = (
        *("from", "calls", "contained", "mean_seconds", "turns_per_order", "confidence"),
        *("notices", "notices_heard_whole", "messages", "messages_delivered"),
        *("links", "signed_within_a_day"),
    )
    return [head, *(_row(stretch, f) for stretch, f in zip(found, figures, strict=True))]


def _row(stretch: Stretch, f: Figures) -> Sequence[object]:
    averages = (
        None if value is None else round(value, 3)
        for value in (f.seconds, f.turns_per_order, f.confidence)
    )
    counts = (f.notices, f.heard, f.messages, f.delivered, f.links, f.signed)
    return (stretch.day.isoformat(), f.calls, f.contained, *averages, *counts)


def _csv(table: Sequence[Sequence[object]], name: str) -> Response:
    return Response(
        sheets.written(table),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
