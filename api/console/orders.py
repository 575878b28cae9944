"""The lists of orders: queues, filters."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from api.console import filters, ownership_words
from api.console.access import me, needs
from api.console.context import Context
from api.office import office_in_force
from models.desk.waits import waits_of
from models.repositories.board import QUEUES
from models.sla import Clock, Light
from models.staff import Permission

_PAGE = 50


def blueprint(context: Context) -> Blueprint:
    """`/console/orders`."""
    routes = Blueprint("orders", __name__, url_prefix="/orders")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def queue() -> ResponseReturnValue:
        wanted = filters.read(request.args, context.settings.zone)
        page = filters.page_number(request.args)
        by_due = request.args.get("sort") == "due"
        first = (page - 1) * _PAGE
        with context.store.reading() as uow:
            office = office_in_force(uow, context.settings)
            if by_due:
                clocks = waits_of(uow, context.now(), office)
                urgent = sorted(
                    (ids for ids, c in clocks.items() if c), key=lambda i: clocks[i][0].due
                )
                found = uow.board.of_these(wanted, urgent)[first : first + _PAGE + 1]
            else:
                found = uow.board.orders(wanted, limit=_PAGE + 1, offset=first)
                clocks = waits_of(uow, context.now(), office, [line.id for line in found[:_PAGE]])
            counts = uow.board.counts()
            owners = [user for user in uow.users.all() if user.may(Permission.HANDLE)]
            mine = _lights(waits_of(uow, context.now(), office, uow.board.ids_owned_by(me().name)))
        args = {name: value for name, value in request.args.items() if name != "page" and value}
        return render_template(
            "console/orders.html",
            orders=found[:_PAGE],
            more=len(found) > _PAGE,
            page=page,
            args=args,
            wanted=wanted,
            queues=[queue.value for queue in QUEUES],
            counts=counts,
            owners=owners,
            clocks=clocks,
            by_due=by_due,
            mine=mine,
            ownership=ownership_words,
        )

    return routes


def _lights(waits: Mapping[str, Sequence[Clock]]) -> Counter[str]:
    """How many orders are late, and how many soon will be; each by its worst wait."""
    worst = (max(list(Light).index(c.light) for c in clocks) for clocks in waits.values() if clocks)
    return Counter(list(Light)[rank].value for rank in worst)
