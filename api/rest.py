"""The JSON API: calls, orders, messages, and its own description."""

from __future__ import annotations

from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from api.config import Settings
from api.keys import Access, access
from api.openapi import description
from models.call import Call, Turn
from models.codec import fields_json, values_json
from models.order import Order
from models.rows import MessageRow
from models.staff import Scope
from models.store import Store, UnitOfWork

_LATEST = 100


def blueprint(store: Store, settings: Settings) -> Blueprint:
    """The routes below `/api/v1`."""
    routes = Blueprint("rest", __name__, url_prefix="/api/v1")

    @routes.before_request
    def check_access() -> Response | None:
        if "\x00" in request.path:
            return _problem(HTTPStatus.NOT_FOUND, "There is nothing of this name.")
        given = access(store, settings, _SCOPES.get(request.endpoint or ""))
        if given is Access.GIVEN:
            return None
        if given is Access.LACKING:
            return _problem(HTTPStatus.FORBIDDEN, "This token may not read this.")
        refused = _problem(HTTPStatus.UNAUTHORIZED, _HOW_TO_ENTER)
        refused.headers["WWW-Authenticate"] = "Bearer"
        return refused

    @routes.get("/openapi.json")
    def openapi() -> ResponseReturnValue:
        return jsonify(description(settings.base_url))

    @routes.get("/calls/<call_sid>")
    def call(call_sid: str) -> ResponseReturnValue:
        with store.reading() as uow:
            found = uow.calls.get(call_sid)
            if found is None:
                return _problem(HTTPStatus.NOT_FOUND, "There is no such call.")
            return jsonify(call_json(found, uow.calls.row(call_sid).status))

    @routes.get("/orders")
    def orders() -> ResponseReturnValue:
        with store.reading() as uow:
            found = uow.orders.search(limit=_LATEST)
            return jsonify(orders=[order_json(uow, order) for order in found])

    @routes.get("/orders/<order_id>")
    def order(order_id: str) -> ResponseReturnValue:
        with store.reading() as uow:
            found = uow.orders.get(order_id)
            if found is None:
                return _problem(HTTPStatus.NOT_FOUND, "There is no such order.")
            return jsonify(order_json(uow, found))

    @routes.get("/messages")
    def messages() -> ResponseReturnValue:
        with store.reading() as uow:
            return jsonify(messages=[_message_json(row) for row in uow.messages.latest()])

    return routes


#: What a token must be allowed to read for each address.
_SCOPES = {
    "rest.call": Scope.CALLS,
    "rest.order": Scope.ORDERS,
    "rest.orders": Scope.ORDERS,
    "rest.messages": Scope.MESSAGES,
}
_HOW_TO_ENTER = (
    "Send 'Authorization: Bearer TOKEN' with a token from the console, or with the server's "
    "INTAKE_API_TOKEN. Where that is not set, direct requests from the same machine need none."
)


def _problem(status: HTTPStatus, detail: str) -> Response:
    """An error as RFC 9457 describes it."""
    response = jsonify(type="about:blank", title=status.phrase, status=status, detail=detail)
    response.status_code = status
    response.content_type = "application/problem+json"
    return response


def call_json(call: Call, status: str) -> dict[str, Any]:
    """A call with its transcript so far."""
    return {
        "call_sid": call.sid,
        "caller": call.caller,
        "called": call.called,
        "lang": call.lang,
        "status": status,
        "disposition": call.disposition,
        "started_at": call.started_at.isoformat(),
        "ended_at": call.ended_at.isoformat() if call.ended_at else None,
        "order_id": call.order_id,
        "recording": call.recording,
        "turns": [_turn_json(turn) for turn in call.turns],
    }


def _turn_json(turn: Turn) -> dict[str, Any]:
    return {**asdict(turn), "values": values_json(turn.values)}


def order_json(uow: UnitOfWork, order: Order) -> dict[str, Any]:
    """An order with each field's provenance and what belongs to it."""
    return {
        "id": order.id,
        "number": order.number,
        "channel": order.channel,
        "call_sid": order.call_sid,
        "status": order.status,
        "version": order.version,
        "values": values_json(order.values()),
        "fields": fields_json(order),
        "confirmed_version": order.confirmed_version,
        "confirmed_by": order.confirmed_by,
        "link_version": order.link_version,
        "signed_version": order.signed_version,
        "review_reasons": list(order.review_reasons),
        "notices": [
            {
                "order_version": played.order_version,
                "notice": played.notice,
                "heard_ratio": played.heard_ratio,
            }
            for played in uow.notices.of_order(order.id)
        ],
        "messages": [_message_json(row) for row in uow.messages.of_order(order.id)],
        "tasks": [
            {"kind": task.kind, "reason": task.reason, "state": task.state}
            for task in uow.tasks.of_order(order.id)
        ],
    }


def _message_json(row: MessageRow) -> dict[str, Any]:
    return {
        "sid": row.sid,
        "order_id": row.order_id,
        "order_version": row.order_version,
        "mobile": row.mobile,
        "body": row.body,
        "encoding": row.encoding,
        "segments": row.segments,
        "status": row.status,
        "error_code": row.error_code,
        "created_at": row.created_at.isoformat(),
    }
