"""Files that pages load from npm packages: these and no others."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

#: Where `npm ci` puts packages.
_PACKAGES = Path(__file__).parents[2] / "node_modules"
FILES = {
    "pico.css": "@picocss/pico/css/pico.min.css",
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "sse.js": "htmx-ext-sse/dist/sse.min.js",
    "wavesurfer.js": "wavesurfer.js/dist/wavesurfer.min.js",
    "chart.js": "chart.js/dist/chart.umd.min.js",
}
#: Addresses carry no version: a browser asks again after a while, by ETag.
_KEPT_S = 3600


def blueprint() -> Blueprint:
    """`/console/assets/`: for everybody, as the log-in page needs them."""
    routes = Blueprint("assets", __name__, url_prefix="/assets")

    @routes.get("/<name>")
    def file(name: str) -> Response:
        path = FILES.get(name)
        if path is None or not (_PACKAGES / path).exists():
            abort(HTTPStatus.NOT_FOUND)
        response = send_from_directory(_PACKAGES, path, max_age=_KEPT_S)
        response.headers["Cache-Control"] = f"public, max-age={_KEPT_S}"
        return response

    return routes
