"""The customer's signing page: the order, the notice, a typed name and explicit consents."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from http import HTTPStatus
from typing import cast
from urllib.parse import urlsplit

from flask import Blueprint, Response, make_response, render_template, request
from flask.typing import ResponseReturnValue

from api.config import Settings
from api.sign.words import LABELS, WORDS
from models import desk
from models.call import Lang
from models.desk import LinkClosed, LinkState, SigningView
from models.errors import NotFound
from models.notice import NotConsented
from models.store import Store
from nlp.dialogue.phrases import Phrases
from nlp.dialogue.prompts import Prompts

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
_POLICY = "; ".join(
    (
        "default-src 'none'",
        "style-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_AGENT_LENGTH = 300


def blueprint(store: Store, settings: Settings) -> Blueprint:
    """`/sign/<token>`. The token is the customer's key: unguessable, expiring, never logged."""
    routes = Blueprint(
        "sign",
        __name__,
        url_prefix="/sign",
        template_folder="templates",
        static_folder="static",
    )
    prompts = Prompts.load()

    @routes.after_request
    def protect(response: Response) -> Response:
        response.headers.update(_HEADERS)
        return response

    @routes.get("/<token>")
    def show(token: str) -> ResponseReturnValue:
        if not _TOKEN.fullmatch(token):
            return _unknown()
        try:
            with store.reading() as uow:
                view = desk.view_link(uow, token, _now(), lang=_asked_lang())
        except NotFound:
            return _unknown()
        return _page(view)

    @routes.post("/<token>")
    def sign(token: str) -> ResponseReturnValue:
        if not _TOKEN.fullmatch(token) or not _same_origin():
            return _unknown()
        try:
            with store.unit() as uow:
                view = desk.sign(
                    uow,
                    token,
                    request.form.get("name", ""),
                    request.form.getlist("consent"),
                    _now(),
                    request.remote_addr or "",
                    request.headers.get("User-Agent", "")[:_AGENT_LENGTH],
                    lang=_asked_lang(),
                )
                uow.commit()
        except NotFound:
            return _unknown()
        except (LinkClosed, NotConsented) as error:
            return _refused(token, error)
        return _page(view)

    def _refused(token: str, error: LinkClosed | NotConsented) -> ResponseReturnValue:
        with store.reading() as uow:
            view = desk.view_link(uow, token, _now(), lang=_asked_lang())
        problem = WORDS[view.lang]["incomplete"] if isinstance(error, NotConsented) else ""
        return _page(view, problem=problem, status=HTTPStatus.CONFLICT)

    def _page(
        view: SigningView, *, problem: str = "", status: HTTPStatus = HTTPStatus.OK
    ) -> Response:
        shown = HTTPStatus.GONE if view.state is LinkState.EXPIRED else status
        page = render_template(
            "sign.html",
            view=view,
            words=WORDS[view.lang],
            company=settings.company_zh if view.lang == "zh" else settings.company_en,
            items=_items(prompts, view),
            expires=view.expires_at.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M"),
            problem=problem,
            name=request.form.get("name", ""),
            given=request.form.getlist("consent"),
        )
        return make_response(page, shown)

    def _now() -> datetime:
        return datetime.now(UTC)

    return routes


def _items(prompts: Prompts, view: SigningView) -> list[tuple[str, str]]:
    """The order's values with their labels, in the order in which they were read out."""
    phrases = Phrases(prompts, view.lang)
    labels = LABELS[view.lang]
    return [
        (labels[name], phrases.value(name, value))
        for name, value in view.order.values().items()
        if name in labels
    ]


def _asked_lang() -> Lang | None:
    asked = request.args.get("lang")
    return cast(Lang, asked) if asked in WORDS else None


def _same_origin() -> bool:
    """Whether the form came from this very page: another site cannot post it."""
    origin = request.headers.get("Origin")
    return origin in (None, "null") or urlsplit(origin).netloc == request.host


def _unknown() -> Response:
    return make_response(render_template("unknown.html"), HTTPStatus.NOT_FOUND)
