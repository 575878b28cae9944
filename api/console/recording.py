"""A call's recording: the sound by ranges, and its outline."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, request, send_file
from flask.typing import ResponseReturnValue

from api.console.access import me, needs
from api.console.context import Context
from models.staff import Permission
from voice.peaks import outline


def blueprint(context: Context) -> Blueprint:
    """`/console/calls/<sid>/recording.wav` and `/console/calls/<sid>/outline.json`."""
    routes = Blueprint("recording", __name__, url_prefix="/calls")
    routes.before_request(needs(Permission.VIEW))

    @routes.get("/<sid>/recording.wav")
    def sound(sid: str) -> Response:
        path = _path(sid)
        if request.range is None or request.range.ranges[0][0] == 0:
            with context.store.unit() as uow:
                uow.audit.add(me().name, "recording.play", f"call:{sid}", at=context.now())
                uow.commit()
        # The browser may keep it while the page is open: seeking asks for ranges of it.
        response = send_file(path, mimetype="audio/wav", conditional=True, max_age=0)
        response.headers["Cache-Control"] = "private, max-age=3600"
        return response

    @routes.get("/<sid>/outline.json")
    def drawing(sid: str) -> ResponseReturnValue:
        found = outline(_path(sid))
        return jsonify(duration=found.duration_s, caller=found.caller, assistant=found.assistant)

    def _path(sid: str) -> Path:
        """The recording's file, which must be among the recordings."""
        with context.store.reading() as uow:
            call = uow.calls.find(sid)
        if call is None or not call.recording:
            abort(HTTPStatus.NOT_FOUND)
        path = Path(call.recording).resolve()
        folder = (context.settings.data_dir / "recordings").resolve()
        if not path.is_relative_to(folder) or not path.is_file():
            abort(HTTPStatus.NOT_FOUND)
        return path

    return routes
