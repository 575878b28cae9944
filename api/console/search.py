"""Search: orders by number, company or telephone, and everything that was said."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup, escape

from api.console.access import needs
from api.console.context import Context
from models.repositories.board import Filter, Queue
from models.staff import Permission

_MOST = 50
_LONGEST = 100


def blueprint(context: Context) -> Blueprint:
    """`/console/search`."""
    routes = Blueprint("search", __name__, url_prefix="/search")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("")
    def find() -> ResponseReturnValue:
        query = request.args.get("q", "").strip()[:_LONGEST]
        with context.store.reading() as uow:
            wanted = Filter(queue=Queue.ALL, text=query)
            orders = uow.board.orders(wanted, limit=_MOST) if query else []
            turns = uow.board.said(query, limit=_MOST) if query else []
        return render_template("console/search.html", query=query, orders=orders, turns=turns)

    @routes.app_template_filter("marked")
    def marked(text: str, query: str) -> Markup:
        """The text with what was searched for marked."""
        at = text.lower().find(query.lower()) if query else -1
        if at < 0:
            return escape(text)
        end = at + len(query)
        return Markup("{}<mark>{}</mark>{}").format(text[:at], text[at:end], text[end:])

    return routes
