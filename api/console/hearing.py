"""Hearing a wording in the assistant's own voice before it is published."""

from __future__ import annotations

import io
import wave
from http import HTTPStatus

from flask import Blueprint, Response, abort
from flask.typing import ResponseReturnValue

from api.console.access import needs
from api.console.context import Context
from api.console.prompts import lang_of, wording_of
from api.wordings import sounds_folder
from models.call import Lang
from models.staff import Permission
from nlp.dialogue.prompts import Prompts
from voice.ports import LINE_HZ
from voice.recorded import load

#: What previews fill in.
_SAMPLES: dict[Lang, dict[str, str]] = {
    "zh": {
        "name": "王经理",
        "value": "16件",
        "items": "耳机16件，总重120.5公斤",
        "heard": "张江路88号",
        "choices": "张江路还是长江路",
        "goods": "锂电池",
        "tail": "8000",
        "mobile": "13800138000",
        "number": "2611240001",
        "count": "3",
    },
    "en": {
        "name": "Mr Wang",
        "value": "16 pieces",
        "items": "headphones, 16 pieces, 120.5 kg in all",
        "heard": "88 Zhangjiang Road",
        "choices": "Zhangjiang Road or Changjiang Road",
        "goods": "lithium batteries",
        "tail": "8000",
        "mobile": "13800138000",
        "number": "2611240001",
        "count": "3",
    },
}


def blueprint(context: Context) -> Blueprint:
    """`/console/prompts/<lang>/<key>/<version>.wav`."""
    routes = Blueprint("hearing", __name__, url_prefix="/prompts")
    routes.before_request(needs(Permission.ADMIN))
    own = Prompts.load()

    @routes.get("/<of>/<key>/<version>.wav")
    def hear(of: str, key: str, version: str) -> ResponseReturnValue:
        lang = lang_of(of)
        texts, sound = _version(lang, key, version)
        if sound is not None:
            return Response(_wav(_recorded(sound)), content_type="audio/wav")
        if context.speak is None or texts is None:
            abort(HTTPStatus.NOT_FOUND)
        company = context.settings.company_zh if lang == "zh" else context.settings.company_en
        sample = {**_SAMPLES[lang], "company": company}
        pause = b"\0\0" * LINE_HZ
        spoken = pause.join(context.speak(text.format(**sample), lang) for text in texts)
        return Response(_wav(spoken), content_type="audio/wav")

    def _version(lang: Lang, key: str, version: str) -> tuple[tuple[str, ...] | None, str | None]:
        """A version's texts and the name of its recording, where there are any."""
        wording = wording_of(own, lang, key)
        if version == "own":
            return wording.variants, None
        with context.store.reading() as uow:
            row = uow.wordings.get(lang, key, int(version)) if version.isdecimal() else None
        return (None, None) if row is None else (tuple(row.texts), row.sound)

    def _recorded(sound: str) -> bytes:
        try:
            return load(sounds_folder(context.settings), sound)
        except FileNotFoundError:
            abort(HTTPStatus.NOT_FOUND)

    return routes


def _wav(pcm: bytes) -> bytes:
    body = io.BytesIO()
    with wave.open(body, "wb") as file:
        file.setparams((1, 2, LINE_HZ, 0, "NONE", "not compressed"))
        file.writeframes(pcm)
    return body.getvalue()
