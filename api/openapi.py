"""The JSON API's description (OpenAPI 3.1), kept in one place."""

from __future__ import annotations

from typing import Any

from apispec import APISpec

_TEXT: dict[str, Any] = {"type": "string"}
_MAYBE_TEXT: dict[str, Any] = {"type": ["string", "null"]}
_WHOLE: dict[str, Any] = {"type": "integer"}
_MAYBE_WHOLE: dict[str, Any] = {"type": ["integer", "null"]}
_MAYBE_NUMBER: dict[str, Any] = {"type": ["number", "null"]}
_VALUES: dict[str, Any] = {"type": "object", "description": "Flat field name to value."}

_PROBLEM: dict[str, Any] = {
    "content": {
        "application/problem+json": {
            "schema": {
                "type": "object",
                "properties": {
                    "type": _TEXT,
                    "title": _TEXT,
                    "status": _WHOLE,
                    "detail": _TEXT,
                },
                "required": ["type", "title", "status", "detail"],
            }
        }
    }
}

_TURN = {
    "index": _WHOLE,
    "speaker": {"enum": ["assistant", "caller", "clerk"]},
    "text": _TEXT,
    "started_ms": _WHOLE,
    "ended_ms": _MAYBE_WHOLE,
    "confidence": _MAYBE_NUMBER,
    "prompt": _MAYBE_TEXT,
    "order_version": _MAYBE_WHOLE,
    "values": _VALUES,
    "heard_ratio": _MAYBE_NUMBER,
}
_CALL = {
    "call_sid": _TEXT,
    "caller": _MAYBE_TEXT,
    "called": _MAYBE_TEXT,
    "lang": {"enum": ["zh", "en"]},
    "status": _TEXT,
    "disposition": _MAYBE_TEXT,
    "started_at": _TEXT,
    "ended_at": _MAYBE_TEXT,
    "order_id": _MAYBE_TEXT,
    "recording": _MAYBE_TEXT,
    "turns": {"type": "array", "items": {"$ref": "#/components/schemas/Turn"}},
}
_MESSAGE = {
    "sid": _TEXT,
    "order_id": _MAYBE_TEXT,
    "order_version": _MAYBE_WHOLE,
    "mobile": _TEXT,
    "body": _TEXT,
    "encoding": {"enum": ["GSM-7", "UCS-2", "MIME"]},
    "segments": _WHOLE,
    "status": _TEXT,
    "error_code": _MAYBE_TEXT,
    "created_at": _TEXT,
}
_ORDER = {
    "id": _TEXT,
    "number": _MAYBE_TEXT,
    "channel": _TEXT,
    "call_sid": _MAYBE_TEXT,
    "status": _TEXT,
    "version": _WHOLE,
    "values": _VALUES,
    "fields": {"type": "object", "description": "Flat field name to value and provenance."},
    "confirmed_version": _MAYBE_WHOLE,
    "confirmed_by": _MAYBE_TEXT,
    "link_version": _MAYBE_WHOLE,
    "signed_version": _MAYBE_WHOLE,
    "review_reasons": {"type": "array", "items": _TEXT},
    "notices": {"type": "array", "items": {"type": "object"}},
    "messages": {"type": "array", "items": {"$ref": "#/components/schemas/Message"}},
    "tasks": {"type": "array", "items": {"type": "object"}},
}


def description(base_url: str) -> dict[str, Any]:
    """The whole description."""
    spec = APISpec(
        title="Voice intake",
        version="1",
        openapi_version="3.1.0",
        servers=[{"url": f"{base_url}/api/v1"}],
        security=[{"token": []}],
    )
    spec.components.security_scheme("token", {"type": "http", "scheme": "bearer"})
    for name, parts in (("Turn", _TURN), ("Call", _CALL), ("Message", _MESSAGE), ("Order", _ORDER)):
        schema = {"type": "object", "properties": parts, "required": list(parts)}
        spec.components.schema(name, schema)
    _get(spec, "/calls/{call_sid}", "A call and its transcript, also while it runs.", "Call")
    _get(spec, "/orders/{id}", "An order with each field's provenance.", "Order")
    _get(spec, "/orders", "The latest orders.", "Order", listed="orders")
    _get(spec, "/messages", "The latest text messages.", "Message", listed="messages")
    return dict(spec.to_dict())


def _get(spec: APISpec, path: str, summary: str, schema: str, listed: str = "") -> None:
    one: dict[str, Any] = {"$ref": f"#/components/schemas/{schema}"}
    many = {"type": "object", "properties": {listed: {"type": "array", "items": one}}}
    name = path.partition("{")[2].rstrip("}")
    wanted = [{"name": name, "in": "path", "required": True, "schema": _TEXT}] if name else []
    found = {"content": {"application/json": {"schema": many if listed else one}}}
    spec.path(
        path=path,
        operations={
            "get": {
                "summary": summary,
                "parameters": wanted,
                "responses": {
                    "200": {"description": summary, **found},
                    "401": {"description": "No access.", **_PROBLEM},
                    "403": {"description": "This token may not read this.", **_PROBLEM},
                    "404": {"description": "There is none.", **_PROBLEM},
                },
            }
        },
    )
