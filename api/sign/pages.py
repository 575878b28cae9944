"""The signing page, written out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, make_response, render_template, request

from api.config import Settings
from api.sign.shown import describe
from api.sign.words import WORDS
from models.desk import LinkState, SigningView
from models.drawing import LONGEST_TEXT, from_json
from models.errors import ExternalError, NotFound
from models.reach import by_mail
from nlp.dialogue.phrases import national
from nlp.dialogue.prompts import Prompts

_MASKED = slice(3, 7)
_FIRST = 2

_UNKNOWN = {
    HTTPStatus.NOT_FOUND: (
        ("链接无效", "请检查短信中的链接，或致电我们。"),
        ("Unknown link", "Please check the link in the message, or call us."),
    ),
    HTTPStatus.TOO_MANY_REQUESTS: (
        ("操作过于频繁", "请稍等几分钟再试。"),
        ("Too many requests", "Please wait a few minutes and try again."),
    ),
    HTTPStatus.SERVICE_UNAVAILABLE: (
        ("系统繁忙", "暂时无法处理，请稍后再试。您的链接仍然有效。"),
        ("Busy", "Please try again in a moment. Your link stays valid."),
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Remarks:
    """What a page says beside what it shows: a problem, or what was done."""

    problem: str = ""
    said: str = ""
    code_out: bool = False
    status: HTTPStatus = HTTPStatus.OK


class Pages:
    """Writes the pages of one installation."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._prompts = Prompts.load()

    def shown(self, view: SigningView) -> dict[str, Any]:
        """What the page shows of the view's order; the signature keeps it."""
        settings = self._settings
        company = settings.company_zh if view.lang == "zh" else settings.company_en
        return describe(self._prompts, view, company)

    def page(self, view: SigningView, token: str, remarks: Remarks) -> Response:
        """The page of a link, with what the signer already filled in."""
        gone = view.state is LinkState.EXPIRED
        signature = view.signature
        drawing = signature.drawing if signature else None
        page = render_template(
            "sign.html",
            view=view,
            lang=view.lang,
            token=token,
            words=WORDS[view.lang],
            shown=self.shown(view),
            expires=self._moment(view.expires_at),
            signed_at=self._moment(signature.at) if signature else "",
            drawing=from_json(drawing) if drawing else None,
            code_needed=self._settings.sign_code,
            mobile=_masked(view.mobile),
            problem=remarks.problem,
            said=remarks.said,
            code_out=remarks.code_out,
            form={
                "name": request.form.get("name", ""),
                "consents": request.form.getlist("consent"),
                "drawing": request.form.get("drawing", "")[:LONGEST_TEXT],
            },
        )
        return make_response(page, HTTPStatus.GONE if gone else remarks.status)

    def _moment(self, at: datetime) -> str:
        return at.astimezone(self._settings.zone).strftime("%Y-%m-%d %H:%M")


def plain(status: HTTPStatus) -> Response:
    """A page that shows nothing of any order."""
    (title_zh, text_zh), (title_en, text_en) = _UNKNOWN[status]
    page = render_template(
        "unknown.html",
        title_zh=title_zh,
        text_zh=text_zh,
        title_en=title_en,
        text_en=text_en,
    )
    return make_response(page, status)


def plain_errors(routes: Blueprint) -> None:
    """Has pages of links show such a page for what is not there, or cannot be had now."""

    @routes.errorhandler(NotFound)
    def unknown(_error: NotFound) -> Response:
        return plain(HTTPStatus.NOT_FOUND)

    @routes.errorhandler(ExternalError)
    def busy(_error: ExternalError) -> Response:
        return plain(HTTPStatus.SERVICE_UNAVAILABLE)


def _masked(mobile: str) -> str:
    """Enough of an address to know it by: 138****8000, wa****@firm.example."""
    if by_mail(mobile):
        name, _, domain = mobile.rpartition("@")
        return f"{name[:_FIRST]}****@{domain}"
    written = national(mobile)
    return written[: _MASKED.start] + "****" + written[_MASKED.stop :]
