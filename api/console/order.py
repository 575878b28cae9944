"""The page of one order: values with their sources, transcript, recording, history."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from api.console import order_view, ownership_words
from api.console.access import me, needs
from api.console.carriage import carriage_of
from api.console.context import Context
from api.console.faxes import crop_code
from api.console.onboarding_words import ADMISSION, RISKS
from api.console.scores import cards_of
from api.office import office_in_force
from models.desk import daycounts
from models.desk.waits import waits_of
from models.staff import Permission
from nlp.written.certainty import is_sure


def blueprint(context: Context) -> Blueprint:
    """`/console/orders/<id>` and its printable form."""
    routes = Blueprint("order", __name__, url_prefix="/orders")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("/<order_id>")
    def show(order_id: str) -> ResponseReturnValue:
        view = _seen(order_id, "order.view")
        with context.store.reading() as uow:
            clerks = [user for user in uow.users.all() if user.may(Permission.HANDLE)]
            named = view.order.value("dangerous")
            count = daycounts.standing(uow, order_id)
            office = office_in_force(uow, context.settings)
            clocks = waits_of(uow, context.now(), office, [order_id])[order_id]
            carriage = carriage_of(uow, named if isinstance(named, tuple) else ())
        return render_template(
            "console/order.html",
            view=view,
            order=view.order,
            clerks=clerks,
            admissions=ADMISSION,
            risks=RISKS,
            ownership=ownership_words,
            carriage=carriage,
            cards=cards_of(context, [(call, view.order) for call in view.calls]),
            number=order_view.number_to_call(view),
            can_ring=context.settings.can_ring,
            crops={name: crop_code(view.order, name) for name in view.order.fields},
            sure=is_sure,
            count=count,
            mobile=order_view.mobile_to_text(view),
            clocks=clocks,
            channel=request.args.get("channel", ""),
        )

    @routes.get("/<order_id>/print")
    def printed(order_id: str) -> ResponseReturnValue:
        view = _seen(order_id, "order.print")
        return render_template("console/print.html", view=view, order=view.order, now=context.now())

    def _seen(order_id: str, action: str) -> order_view.OrderView:
        """The order; who saw it is noted."""
        user, at = me(), context.now()
        with context.store.unit() as uow:
            view = order_view.read(uow, order_id, user, at)
            uow.audit.add(user.name, action, f"order:{order_id}", at=at)
            uow.commit()
        return view

    return routes
