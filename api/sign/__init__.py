"""The customer's signing page: the order, the notice, a signature, the signed document."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from http import HTTPStatus

from flask import Blueprint, Response, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue

from api.assets import asset
from api.config import Settings
from api.limits import Limits, SharedLimits
from api.sign import asked
from api.sign.pages import Pages, Remarks, plain, plain_errors
from api.sign.words import WORDS
from api.signed.papers import Papers
from models import desk, drawing, links
from models.desk import LinkClosed, LinkState, NotWhatWasShown, Signing
from models.drawing import BadDrawing
from models.errors import IntakeError, NotFound
from models.notice import NotConsented
from models.onecode import CodeNeeded, CodeTooSoon, TooManyCodes
from models.store import Conflict, Store, UnitOfWork

_READ = {"read": "120/minute"}
#: Counted for all processes together: these are what somebody would guess with.
_FORMS = {"sign": "20/minute", "code": "10/minute"}
#: What a refused signature is told; other errors are no one's fault on the page.
_PROBLEMS: tuple[tuple[type[IntakeError], str], ...] = (
    (NotConsented, "incomplete"),
    (BadDrawing, "bad_drawing"),
    (NotWhatWasShown, "not_shown"),
    (CodeNeeded, "code_wrong"),
    (TooManyCodes, "code_many"),
    (Conflict, "again"),
)
_REFUSALS: tuple[type[IntakeError], ...] = (LinkClosed, *(kind for kind, _ in _PROBLEMS))


def _now() -> datetime:
    return datetime.now(UTC)


def blueprint(store: Store, settings: Settings, now: Callable[[], datetime] = _now) -> Blueprint:
    """`/sign/<token>`. The token is the customer's key: unguessable, expiring, never logged."""
    routes = Blueprint(
        "sign",
        __name__,
        url_prefix="/sign",
        template_folder="templates",
        static_folder="static",
    )
    link = _Link(store, settings, now)
    reads, forms = Limits(_READ), SharedLimits(store, _FORMS, now)
    routes.after_request(asked.protect)
    plain_errors(routes)

    @routes.before_request
    def guard() -> Response | None:
        token = (request.view_args or {}).get("token")
        if token is None:
            return None
        if not links.TOKEN.fullmatch(token) or (request.method == "POST" and not asked.from_here()):
            return plain(HTTPStatus.NOT_FOUND)
        form = {"sign.sign": "sign", "sign.send_code": "code"}.get(request.endpoint or "")
        who = request.remote_addr or ""
        if not (forms.allows(form, who) if form else reads.allows("read", who)):
            return plain(HTTPStatus.TOO_MANY_REQUESTS)
        return None

    @routes.get("/pad.js")
    def pad() -> ResponseReturnValue:
        file = asset("signature_pad/dist/signature_pad.umd.min.js")
        return send_file(file, mimetype="text/javascript", max_age=86_400)

    @routes.get("/<token>")
    def show(token: str) -> ResponseReturnValue:
        return link.show(token)

    @routes.post("/<token>")
    def sign(token: str) -> ResponseReturnValue:
        return link.sign(token)

    @routes.get("/<token>/code")
    def code_page(token: str) -> ResponseReturnValue:
        return redirect(url_for("sign.show", token=token, lang=asked.lang()))

    @routes.post("/<token>/code")
    def send_code(token: str) -> ResponseReturnValue:
        return link.send_code(token)

    @routes.get("/<token>/paper.pdf")
    def paper(token: str) -> ResponseReturnValue:
        return link.paper(token)

    return routes


class _Link:
    """Answers the current request to a link."""

    def __init__(self, store: Store, settings: Settings, now: Callable[[], datetime]) -> None:
        self._store, self._now = store, now
        self._code_needed = settings.sign_code
        self._pages = Pages(settings)
        self._papers = Papers(store, settings)

    def show(self, token: str, remarks: Remarks | None = None) -> Response:
        visit = asked.visit()
        with self._store.reading() as uow:
            view = desk.view_link(uow, token, self._now(), lang=asked.lang())
            code_out = desk.code_is_out(uow, token, self._now())
            new = request.method == "GET" and desk.is_new_visit(uow, token, visit)
        if new:
            with self._store.unit() as uow:
                desk.note_opened(uow, token, self._now(), visit)
                uow.commit()
        return self._pages.page(view, token, remarks or Remarks(code_out=code_out))

    def sign(self, token: str) -> ResponseReturnValue:
        try:
            with self._store.unit() as uow:
                proven = not self._code_needed or self._prove(uow, token)
                if proven:
                    self._sign(uow, token)
                uow.commit()
        except _REFUSALS as error:
            return self._refused(token, error)
        if not proven:
            return self._refused(token, CodeNeeded())
        # The answer is another address, so that going back or loading anew signs nothing again.
        return redirect(url_for("sign.show", token=token, lang=asked.lang()), HTTPStatus.SEE_OTHER)

    def send_code(self, token: str) -> Response:
        said = "code_sent"
        try:
            with self._store.unit() as uow:
                desk.send_code(uow, token, self._now(), asked.visit())
                uow.commit()
        except CodeTooSoon:
            said = "code_wait"
        except (LinkClosed, TooManyCodes) as error:
            return self._refused(token, error)
        return self.show(token, Remarks(said=self._words(token)[said], code_out=True))

    def paper(self, token: str) -> Response:
        with self._store.reading() as uow:
            view = desk.view_link(uow, token, self._now(), lang=asked.lang())
        if view.state is not LinkState.SIGNED:
            raise NotFound("There is no document.")
        pdf = self._papers.ensure(view.order.id, view.order.version)
        answer = Response(pdf, mimetype="application/pdf")
        name = f"dangerous-goods-notice-{view.order.number or view.order.version}.pdf"
        answer.headers.set("Content-Disposition", "attachment", filename=name)
        return answer

    def _prove(self, uow: UnitOfWork, token: str) -> bool:
        """Whether the code is right. A link that is signed already asks for none."""
        if desk.view_link(uow, token, self._now()).state is LinkState.SIGNED:
            return True
        typed = request.form.get("code", "")
        return desk.prove_mobile(uow, token, typed, self._now(), asked.visit())

    def _sign(self, uow: UnitOfWork, token: str) -> None:
        view = desk.view_link(uow, token, self._now(), lang=asked.lang())
        signing = Signing(
            name=request.form.get("name", ""),
            consents=tuple(request.form.getlist("consent")),
            seen=request.form.get("seen", ""),
            drawing=drawing.parse(request.form.get("drawing", "")),
            shown=self._pages.shown(view),
            lang=asked.lang(),
            visit=asked.visit(),
        )
        desk.sign(uow, token, signing, self._now(), code_needed=self._code_needed)

    def _refused(self, token: str, error: IntakeError) -> Response:
        words = self._words(token)
        problem = next((words[key] for kind, key in _PROBLEMS if isinstance(error, kind)), "")
        with self._store.reading() as uow:
            code_out = desk.code_is_out(uow, token, self._now())
        remarks = Remarks(problem=problem, code_out=code_out, status=HTTPStatus.CONFLICT)
        return self.show(token, remarks)

    def _words(self, token: str) -> dict[str, str]:
        with self._store.reading() as uow:
            return dict(WORDS[desk.view_link(uow, token, self._now(), lang=asked.lang()).lang])
