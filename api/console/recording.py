"""A call's recording: the sound by ranges, and its outline."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from io import SEEK_END
from typing import BinaryIO

from flask import Blueprint, Response, abort, jsonify, request
from flask.typing import ResponseReturnValue
from werkzeug.wsgi import wrap_file

from api.console.access import me, needs
from api.console.context import Context
from api.vault.recordings import open_vault
from models.audit import HEARD
from models.staff import Permission
from voice.peaks import outline

#: A browser may keep the sound so long; whoever asks again after that is noted again.
_ONCE = timedelta(hours=1)


def blueprint(context: Context) -> Blueprint:
    """`/console/calls/<sid>/recording.wav` and `/console/calls/<sid>/outline.json`."""
    routes = Blueprint("recording", __name__, url_prefix="/calls")
    routes.before_request(needs(Permission.VIEW))
    vault = open_vault(context.store, context.settings)

    @routes.get("/<sid>/recording.wav")
    def sound(sid: str) -> Response:
        file = _open(sid)
        _note_hearing(sid)
        return sound_of(file)

    @routes.get("/<sid>/outline.json")
    def drawing(sid: str) -> ResponseReturnValue:
        with _open(sid) as file:
            found = outline(file)
        return jsonify(duration=found.duration_s, caller=found.caller, assistant=found.assistant)

    def _open(sid: str) -> BinaryIO:
        """The call's recording, all parts of it."""
        with context.store.reading() as uow:
            call = uow.calls.find(sid)
            names = [row.name for row in uow.recordings.of_call(sid)]
        if call is None or not (call.recording or names):
            abort(HTTPStatus.NOT_FOUND)
        return vault.open_parts(call.recording, names)

    def _note_hearing(sid: str) -> None:
        """Who hears which call is noted, once for the many ranges that a player asks for."""
        who, at = me().name, context.now()
        with context.store.unit() as uow:
            last = uow.audit.last(who, HEARD, f"call:{sid}")
            if last is None or at - last.at >= _ONCE:
                uow.audit.add(who, HEARD, f"call:{sid}", at=at)
                uow.commit()

    return routes


def sound_of(file: BinaryIO) -> Response:
    """A recording, whole or the range of it that was asked for."""
    size = file.seek(0, SEEK_END)
    file.seek(0)
    response = Response(
        wrap_file(request.environ, file), mimetype="audio/wav", direct_passthrough=True
    )
    response.content_length = size
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    # The browser may keep it while the page is open: seeking asks for ranges of it.
    response.headers["Cache-Control"] = f"private, max-age={int(_ONCE.total_seconds())}"
    return response
