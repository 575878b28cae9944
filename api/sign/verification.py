"""`/verify`: anyone may have a signed document checked."""

from __future__ import annotations

from datetime import datetime
from http import HTTPStatus

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from api.config import Settings
from api.limits import Limits
from api.sign import asked
from api.sign.pages import plain
from api.sign.verify_words import VERIFY
from api.signed.check import LARGEST, Genuine, NotGenuine, check
from api.signed.seal import known_authorities, known_chains
from models import desk
from models.store import Store

_LIMITS = {"read": "60/minute", "check": "20/minute"}
#: The form's own lines round the file.
_FORM = 16 * 1024


def blueprint(store: Store, settings: Settings) -> Blueprint:
    """The page, and the check of one uploaded file."""
    routes = Blueprint("verify", __name__, url_prefix="/verify", template_folder="templates")
    limits = Limits(_LIMITS)
    routes.after_request(asked.protect)

    @routes.before_request
    def guard() -> Response | None:
        request.max_content_length = LARGEST + _FORM
        name = "check" if request.method == "POST" else "read"
        if not limits.allows(name, request.remote_addr or ""):
            return plain(HTTPStatus.TOO_MANY_REQUESTS)
        return None

    @routes.errorhandler(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    def too_large(_error: Exception) -> ResponseReturnValue:
        return _page(problem="too_large", status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)

    @routes.get("")
    def show() -> ResponseReturnValue:
        return _page()

    @routes.post("")
    def verify() -> ResponseReturnValue:
        file = request.files.get("file")
        data = file.stream.read(LARGEST + 1) if file else b""
        request.close()  # large uploads wait in temporary files
        if not data:
            return _page(problem="no_file", status=HTTPStatus.BAD_REQUEST)
        try:
            genuine = check(data, known_chains(settings), known_authorities(settings))
        except NotGenuine:
            return _page(problem="not_genuine", status=HTTPStatus.UNPROCESSABLE_ENTITY)
        return _page(genuine=genuine, standing=_standing(store, genuine))

    def _page(
        *,
        genuine: Genuine | None = None,
        standing: str = "",
        problem: str = "",
        status: HTTPStatus = HTTPStatus.OK,
    ) -> Response:
        lang = asked.lang() or "zh"
        words = VERIFY[lang]
        page = render_template(
            "verify.html",
            lang=lang,
            words=words,
            company=settings.company_zh if lang == "zh" else settings.company_en,
            genuine=genuine,
            signed_at=_moment(genuine.signed_at, settings) if genuine else "",
            stamped_at=_moment(genuine.stamped_at, settings) if genuine else "",
            standing=words.get(standing, ""),
            superseded=standing == "superseded",
            problem=words[problem] if problem else "",
        )
        return make_response(page, status)

    return routes


def _standing(store: Store, genuine: Genuine) -> str:
    """Whether the document is still the order's present signature."""
    with store.reading() as uow:
        paper = uow.papers.by_hash(genuine.sha256)
        if paper is None:
            return "not_on_file"
        standing = desk.signature_stands(uow, paper.order_id, paper.order_version)
    return "in_force" if standing else "superseded"


def _moment(moment: datetime | None, settings: Settings) -> str:
    return (
        "" if moment is None else moment.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M:%S %z")
    )
