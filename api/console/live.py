"""Calls in progress: transcripts growing, fields filling, alarms, taking a call over."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, abort, jsonify, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import allow, me, needs
from api.console.carry import carry_out
from api.console.context import Context
from api.console.listen_line import ticket
from api.office import office_now
from models.alarms import Alarm, alarms
from models.call import Call
from models.desk import live
from models.desk.running import LIVE_FOR
from models.errors import NotFound
from models.order import Order
from models.staff import Permission
from models.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveCall:
    """A call in progress as pages show it."""

    call: Call
    order: Order | None
    customer: str | None
    alarms: tuple[Alarm, ...]
    transfer_to: str | None


def blueprint(context: Context) -> Blueprint:
    """`/console/live`. Pages are told of changes by `api.console.stream`."""
    routes = Blueprint("live", __name__, url_prefix="/live")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def board() -> ResponseReturnValue:
        return render_template("console/live.html", calls=_calls())

    @routes.get("/calls")
    def calls() -> ResponseReturnValue:
        return render_template("console/live_calls.html", calls=_calls())

    @routes.get("/<sid>")
    def one(sid: str) -> ResponseReturnValue:
        at = context.now()
        with context.store.unit() as uow:
            uow.audit.add(me().name, "call.watch", f"call:{sid}", at=at)
            shown = _live_call(uow, sid)
            uow.commit()
        return render_template(
            "console/live_one.html", shown=shown, now=at, listening=context.tokens is not None
        )

    @routes.get("/<sid>/now")
    def one_now(sid: str) -> ResponseReturnValue:
        with context.store.reading() as uow:
            shown = _live_call(uow, sid)
        return render_template("console/live_call.html", shown=shown)

    @routes.post("/<sid>/listen")
    @allow(Permission.HANDLE)
    def listen(sid: str) -> ResponseReturnValue:
        """Lets the person hear the call; `api.console.listen_line` writes it in the audit log."""
        if context.tokens is None:
            abort(HTTPStatus.NOT_FOUND)
        with context.store.reading() as uow:
            call = uow.calls.find(sid)
        if call is None or call.ended_at is not None:
            abort(HTTPStatus.NOT_FOUND)
        token = context.tokens.issue(ticket(sid, me().id), context.now())
        return jsonify(call=sid, token=token)

    @routes.post("/<sid>/take-over")
    @allow(Permission.HANDLE)
    def take_over(sid: str) -> ResponseReturnValue:
        user, at = me(), context.now()
        number = user.phone or office_now(context.store, context.settings).clerk

        def told(first: bool) -> str:
            if first:
                return str(gettext("Your telephone rings in a moment."))
            return str(gettext("Somebody took this call over already."))

        return carry_out(
            context.store,
            lambda uow: live.take_over(uow, sid, user=user, number=number, at=at),
            told,
            url_for(".one", sid=sid),
        )

    def _calls() -> list[LiveCall]:
        with context.store.reading() as uow:
            rows = uow.board.live(context.now() - LIVE_FOR)
            return [_live_call(uow, row.sid) for row in rows]

    def _live_call(uow: UnitOfWork, sid: str) -> LiveCall:
        call, row = uow.calls.get(sid), uow.calls.find(sid)
        if call is None or row is None:
            raise NotFound("There is no such call.")
        order = uow.orders.get(call.order_id) if call.order_id else None
        known = uow.customers.by_phone(call.caller) if call.caller else None
        named = order.value("customer.name") if order else None
        return LiveCall(
            call=call,
            order=order,
            customer=str(named) if named else (known.name if known else None),
            alarms=() if call.ended_at else alarms(call, order, context.now(), uow.calls.mood(sid)),
            transfer_to=row.transfer_to,
        )

    return routes
