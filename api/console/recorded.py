"""A recording in place of the voice: uploaded, made fit, kept as a version of its wording."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs, take_files
from api.console.context import Context
from api.console.prompts import lang_of, wording_of
from api.wordings import sounds_folder
from models.call import Lang
from models.desk import wordings
from models.errors import RuleError
from models.staff import Permission
from models.wording import check_recorded
from nlp.dialogue.prompts import Prompts
from voice.recorded import LARGEST, for_line, keep

#: Room for the rest of the form.
_FORM = 100_000


def blueprint(context: Context) -> Blueprint:
    """`/console/prompts/<lang>/<key>/<version>/recording`."""
    routes = Blueprint("recorded", __name__, url_prefix="/prompts")
    routes.before_request(needs(Permission.ADMIN))
    own = Prompts.load()

    take_files(routes, Permission.ADMIN, LARGEST + _FORM)

    @routes.post("/<of>/<key>/<version>/recording")
    def upload(of: str, key: str, version: str) -> ResponseReturnValue:
        lang = lang_of(of)
        wording = wording_of(own, lang, key)
        texts = _texts(lang, key, version)
        if texts is None:
            abort(HTTPStatus.NOT_FOUND)
        file = request.files.get("sound")
        try:
            check_recorded(texts)
            pcm = for_line(b"" if file is None else file.read(LARGEST + 1))
            with context.store.unit() as uow:
                number = wordings.write(
                    uow,
                    lang,
                    key,
                    texts,
                    needed=wording.placeholders(),
                    own_version=wording.version,
                    note=request.form.get("note", ""),
                    by=me().name,
                    at=context.now(),
                    sound=keep(sounds_folder(context.settings), pcm),
                )
                uow.commit()
        except RuleError as error:
            flash(gettext(str(error)), "problem")
        else:
            flash(gettext("Version %(n)s is written. Hear it, then publish it.", n=number))
        return redirect(url_for("console.prompts.one", of=lang, key=key))

    def _texts(lang: Lang, key: str, version: str) -> tuple[str, ...] | None:
        if version == "own":
            return wording_of(own, lang, key).variants
        with context.store.reading() as uow:
            row = uow.wordings.get(lang, key, int(version)) if version.isdecimal() else None
        return None if row is None else tuple(row.texts)

    return routes
