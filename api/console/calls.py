"""The list of calls, and one call's transcript."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.console import filters
from api.console.access import me, needs
from api.console.context import Context
from api.console.scores import cards_of
from models.audit import HEARD
from models.order import Order
from models.staff import Permission

_PAGE = 50


def blueprint(context: Context) -> Blueprint:
    """`/console/calls`."""
    routes = Blueprint("calls", __name__, url_prefix="/calls")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def show() -> ResponseReturnValue:
        page = filters.page_number(request.args)
        with context.store.reading() as uow:
            found = uow.board.calls(limit=_PAGE + 1, offset=(page - 1) * _PAGE)
        return render_template(
            "console/calls.html", calls=found[:_PAGE], more=len(found) > _PAGE, page=page
        )

    @routes.get("/<sid>")
    def one(sid: str) -> ResponseReturnValue:
        with context.store.unit() as uow:
            call = uow.calls.get(sid)
            if call is None:
                abort(HTTPStatus.NOT_FOUND)
            uow.audit.add(me().name, "call.view", f"call:{sid}", at=context.now())
            heard = uow.audit.about(f"call:{sid}", HEARD)
            deleted = uow.deletions.of(f"call:{sid}")
            again = uow.second_hearings.of_call(sid)
            uow.commit()
        order = _with_content(call.order_id)
        if order is not None and request.args.get("alone") is None:
            turn = request.args.get("turn", "")
            anchor = f"turn-{sid}-{turn}" if turn else None
            return redirect(url_for("console.order.show", order_id=order.id, _anchor=anchor))
        return render_template(
            "console/call.html",
            call=call,
            card=cards_of(context, [(call, order)]).get(sid),
            heard=heard,
            deleted=deleted,
            again=again,
        )

    def _with_content(order_id: str | None) -> Order | None:
        """The call's order, unless it is an empty draft."""
        with context.store.reading() as uow:
            order = uow.orders.get(order_id) if order_id else None
        return order if order is not None and order.version > 0 else None

    return routes
