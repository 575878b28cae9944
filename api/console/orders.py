"""The lists of orders: queues, filters."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from api.console import filters, ownership_words
from api.console.access import needs
from api.console.context import Context
from api.office import office_in_force
from models.repositories.board import QUEUES
from models.sla import Wait, clock
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
        with context.store.reading() as uow:
            found = uow.board.orders(wanted, limit=_PAGE + 1, offset=(page - 1) * _PAGE)
            counts = uow.board.counts()
            office = office_in_force(uow, context.settings)
            waits = uow.board.waits([line.id for line in found[:_PAGE]])
            owners = [user for user in uow.users.all() if user.may(Permission.HANDLE)]
        now = context.local(context.now())
        clocks = {
            order: [
                clock(Wait(wait), context.local(since), now=now, office=office)
                for wait, since in begun.items()
            ]
            for order, begun in waits.items()
        }
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
            ownership=ownership_words,
        )

    return routes
