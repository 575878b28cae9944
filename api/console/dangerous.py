"""The desk's own dangerous goods: written as a list, published, taken back."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.carriage import KIND
from api.console.context import Context
from api.console.notices import version_of
from api.console.prompts import compared, lang_of
from models import dangerous_list
from models.call import Lang
from models.dangerous_list import UnfitList
from models.desk import texts
from models.staff import Permission
from nlp.gazetteer.goods import Good, goods

#: So many of the product's goods a search shows.
_SHOWN = 30


def blueprint(context: Context) -> Blueprint:
    """`/console/dangerous/<lang>`."""
    routes = Blueprint("dangerous", __name__, url_prefix="/dangerous")
    routes.before_request(needs(Permission.ADMIN))

    @routes.get("/<of>")
    def show(of: str) -> ResponseReturnValue:
        return _page(lang_of(of))

    @routes.post("/<of>")
    def write(of: str) -> ResponseReturnValue:
        lang, typed = lang_of(of), request.form.get("goods", "")
        try:
            body = dangerous_list.read(typed, lang)
        except UnfitList as error:
            reason = gettext(str(error))
            problem = gettext("Line %(n)s: %(reason)s", n=error.line, reason=reason)
            return _page(lang, typed, problem), HTTPStatus.CONFLICT
        with context.store.unit() as uow:
            version = texts.write(
                uow,
                KIND,
                lang,
                lambda _number: body,
                note=request.form.get("note", ""),
                by=me().name,
                at=context.now(),
            )
            uow.commit()
        flash(
            gettext("Version %(n)s is written. Look at what differs, then publish it.", n=version)
        )
        return redirect(url_for(".show", of=lang))

    @routes.post("/<of>/publish")
    def publish(of: str) -> ResponseReturnValue:
        lang, text = lang_of(of), request.form.get("version", "")
        version = version_of(text) if text else None
        with context.store.unit() as uow:
            texts.publish(uow, KIND, lang, version, by=me().name, at=context.now())
            uow.commit()
        flash(gettext("Calls that begin from now on go by this list."))
        return redirect(url_for(".show", of=lang))

    def _page(lang: Lang, typed: str | None = None, problem: str = "") -> str:
        query = request.args.get("q", "").strip().lower()
        with context.store.reading() as uow:
            published = uow.texts.published(KIND, lang) or {"goods": []}
            now = dangerous_list.typed(published)
            draft = uow.texts.draft(KIND, lang)
            begun = now if draft is None else dangerous_list.typed(draft.body)
            return render_template(
                "console/dangerous.html",
                of=lang,
                typed=begun if typed is None else typed,
                draft=draft,
                problem=problem,
                versions=[
                    (row, compared(now, dangerous_list.typed(row.body)))
                    for row in uow.texts.of(KIND, lang)
                ],
                releases=uow.texts.releases(KIND, lang),
                in_force=uow.texts.in_force(KIND, lang),
                wanted=query,
                own=_own(lang, query) if query else [],
            )

    return routes


def _own(lang: Lang, query: str) -> list[Good]:
    """The product's own dangerous goods with these words in name, class or UN number."""
    found = [
        good
        for good in goods(lang).values()
        if good.dangerous is not None
        and (
            query in good.name.lower()
            or query == good.dangerous.hazard_class
            or query == (good.dangerous.un_number or "").lower()
        )
    ]
    return found[:_SHOWN]
