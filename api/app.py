"""The web application: webhooks, JSON API, signing page, and the server's own health."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

from flask import Blueprint, Flask, Response, jsonify
from flask.json.provider import DefaultJSONProvider
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST

from api.metrics import Metrics
from models.errors import ExternalError

#: Twilio's forms are small, and so is everything else this server takes.
_LARGEST_BODY = 256 * 1024

#: Name to a check that raises `ExternalError` while something is missing.
Checks = Mapping[str, Callable[[], None]]


class _ReadableJson(DefaultJSONProvider):
    """JSON with Chinese as it is, not as escapes."""

    ensure_ascii = False


def create_app(
    blueprints: Iterable[Blueprint],
    *,
    checks: Checks,
    metrics: Metrics,
    notes: Checks = MappingProxyType({}),
) -> Flask:
    """The Flask application.

    Args:
        blueprints: the doors, each made by its own factory.
        checks: what `/readyz` asks, such as the database and the speech models.
        notes: what it tells besides: troubles in which this process still serves.
    """
    app = Flask("api")
    app.config["MAX_CONTENT_LENGTH"] = _LARGEST_BODY
    app.json = _ReadableJson(app)
    for door in blueprints:
        app.register_blueprint(door)
    app.register_blueprint(_health(checks, notes, metrics))
    return app


def _health(checks: Checks, notes: Checks, metrics: Metrics) -> Blueprint:
    routes = Blueprint("health", __name__)

    @routes.get("/healthz")
    def healthz() -> ResponseReturnValue:
        return jsonify(status="ok")

    @routes.get("/readyz")
    def readyz() -> ResponseReturnValue:
        answers = {name: _ask(check) for name, check in checks.items()}
        ready = all(answer == "ok" for answer in answers.values())
        told = {name: _ask(note) for name, note in notes.items()}
        return jsonify(ready=ready, **answers, **told), 200 if ready else 503

    @routes.get("/metrics")
    def figures() -> ResponseReturnValue:
        return Response(metrics.text(), content_type=CONTENT_TYPE_LATEST)

    return routes


def _ask(check: Callable[[], None]) -> str:
    try:
        check()
    except ExternalError as error:
        return str(error)
    return "ok"
