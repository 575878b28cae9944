"""The audit log: who saw or changed what."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from api.console import filters
from api.console.access import needs
from api.console.context import Context
from models.audit import first_fault
from models.staff import Permission

_PAGE = 100


def blueprint(context: Context) -> Blueprint:
    """`/console/audit`."""
    routes = Blueprint("audit", __name__, url_prefix="/audit")
    routes.before_request(needs(Permission.AUDIT))

    @routes.get("")
    def show() -> ResponseReturnValue:
        page = filters.page_number(request.args)
        args = {k: v for k, v in request.args.items() if k in ("who", "subject", "action") and v}
        with context.store.reading() as uow:
            found = uow.audit.page(**args, limit=_PAGE + 1, offset=(page - 1) * _PAGE)
            people = [user.name for user in uow.users.all()]
        return render_template(
            "console/audit.html",
            entries=found[:_PAGE],
            more=len(found) > _PAGE,
            page=page,
            args=args,
            people=[*people, "cli"],
        )

    @routes.post("/verify")
    def verify() -> ResponseReturnValue:
        with context.store.reading() as uow:
            fault = first_fault(uow.audit.entries())
            last = uow.audit.page(limit=1, offset=0)
        return render_template("console/audit_verified.html", fault=fault, last=last)

    return routes
