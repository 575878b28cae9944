"""`/approve/<token>`: a manager decides on a handover form by the link in an e-mail."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from api.approve.words import WORDS
from api.attachments import attachment
from api.config import Settings
from api.limits import Limits, SharedLimits
from api.sign import asked
from api.sign.pages import plain, plain_errors
from api.vault.customer_papers import open_papers
from models import links
from models.desk import onboarding_links
from models.desk.onboarding_links import LinkUse, LinkView
from models.errors import NotFound, RuleError
from models.onboarding import chain
from models.store import Store
from nlp.dialogue.phrases import national

_READ = {"read": "120/minute"}
#: Counted for all processes together: these are what somebody would guess with.
_FORMS = {"decide": "20/minute"}


def blueprint(store: Store, settings: Settings) -> Blueprint:
    """The link's page, its papers and its two buttons. Opening the page decides nothing: mail
    filters open links, too."""
    routes = Blueprint("approve", __name__, url_prefix="/approve", template_folder="templates")
    reads, forms = Limits(_READ), SharedLimits(store, _FORMS)
    vault = open_papers(settings)
    routes.after_request(asked.protect)
    plain_errors(routes)

    @routes.before_request
    def guard() -> Response | None:
        token = (request.view_args or {}).get("token", "")
        posts = request.method == "POST"
        if not links.TOKEN.fullmatch(token) or (posts and not asked.from_here()):
            return plain(HTTPStatus.NOT_FOUND)
        who = request.remote_addr or ""
        if not (forms.allows("decide", who) if posts else reads.allows("read", who)):
            return plain(HTTPStatus.TOO_MANY_REQUESTS)
        return None

    @routes.get("/<token>")
    def show(token: str) -> ResponseReturnValue:
        return _page(token)

    @routes.post("/<token>")
    def decide(token: str) -> ResponseReturnValue:
        approved = request.form.get("decision") == "approve"
        comment = request.form.get("comment", "")[:300]
        if not approved and not comment.strip():
            return _page(token, problem="reason", status=HTTPStatus.CONFLICT)
        try:
            with store.unit() as uow:
                onboarding_links.decide_by_link(
                    uow, token, _now(), approved=approved, comment=comment
                )
                uow.commit()
        except NotFound:
            raise
        except RuleError:
            return _page(token, problem="late", status=HTTPStatus.CONFLICT)
        # Another address, so that loading the page anew decides nothing again.
        return redirect(url_for(".show", token=token, lang=asked.lang()), HTTPStatus.SEE_OTHER)

    @routes.get("/<token>/papers/<int:paper_id>")
    def paper(token: str, paper_id: int) -> ResponseReturnValue:
        with store.reading() as uow:
            view = onboarding_links.view_link(uow, token, _now())
            row = uow.onboardings.paper(paper_id)
        if view.use is not LinkUse.OPEN or row.onboarding_id != view.onboarding.id:
            raise NotFound("There is no such paper.")
        content = vault.get(row.object, row.sha256)
        return attachment(content, name=row.name, media_type=row.media_type)

    def _page(token: str, *, problem: str = "", status: HTTPStatus = HTTPStatus.OK) -> Response:
        with store.reading() as uow:
            view = onboarding_links.view_link(uow, token, _now())
            rows = {row.sha256: row for row in uow.onboardings.papers(view.onboarding.id)}
        lang = asked.lang() or ("en" if view.user.lang == "en" else "zh")
        page = render_template(
            "approve.html",
            lang=lang,
            token=token,
            words=WORDS[lang],
            company=settings.company_zh if lang == "zh" else settings.company_en,
            view=view,
            form=view.onboarding.form,
            roles=chain(view.onboarding.form.business),
            rows=rows,
            problem=WORDS[lang][problem] if problem else "",
            closed=_closed(view, lang),
            national=national,
            moment=lambda at: at.astimezone(settings.zone).strftime("%Y-%m-%d %H:%M"),
            comment=request.form.get("comment", "")[:300],
        )
        gone = view.use is LinkUse.EXPIRED
        return make_response(page, HTTPStatus.GONE if gone else status)

    return routes


def _closed(view: LinkView, lang: str) -> str:
    return "" if view.use is LinkUse.OPEN else WORDS[lang][view.use.value]


def _now() -> datetime:
    return datetime.now(UTC)
