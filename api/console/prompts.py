"""What the assistant says: written as a draft, heard, published, taken back."""

from __future__ import annotations

import difflib
import re
from datetime import timedelta
from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from markupsafe import Markup, escape

from api.console.access import me, needs
from api.console.context import Context
from api.wordings import LANGS
from models.call import Lang
from models.desk import wordings
from models.errors import RuleError
from models.staff import Permission
from models.wording import too_long
from nlp.dialogue.prompts import Prompts, Wording

#: How far back a draft is tried on calls, unless another period is chosen.
_USUAL = timedelta(days=13)
_WORDS = re.compile(r"[A-Za-z0-9']+|\s+|.", re.DOTALL)


def blueprint(context: Context) -> Blueprint:
    """`/console/prompts`."""
    routes = Blueprint("prompts", __name__, url_prefix="/prompts")
    routes.before_request(needs(Permission.ADMIN))
    own = Prompts.load()

    @routes.get("")
    def show() -> ResponseReturnValue:
        lang: Lang = "en" if request.args.get("of") == "en" else "zh"
        query = request.args.get("q", "").strip().lower()
        with context.store.reading() as uow:
            said = uow.wordings.published()
            newest = uow.wordings.drafts(lang)
        lines = [
            (key, list(said[lang, key].texts) if (lang, key) in said else list(w.variants), w)
            for key, w in own.wordings[lang].items()
        ]
        found = [line for line in lines if query in line[0] or query in " ".join(line[1]).lower()]
        changed = {key: said[lang, key].version for of, key in said if of == lang}
        return render_template(
            "console/prompts.html",
            lines=found,
            of=lang,
            wanted=query,
            changed=changed,
            newest=newest,
        )

    @routes.get("/<of>/<key>")
    def one(of: str, key: str) -> ResponseReturnValue:
        return _page(lang_of(of), key)

    @routes.post("/<of>/<key>")
    def write(of: str, key: str) -> ResponseReturnValue:
        lang = lang_of(of)
        wording = wording_of(own, lang, key)
        typed = request.form.get("texts", "")
        try:
            with context.store.unit() as uow:
                version = wordings.write(
                    uow,
                    lang,
                    key,
                    typed.splitlines(),
                    needed=wording.placeholders(),
                    own_version=wording.version,
                    note=request.form.get("note", ""),
                    by=me().name,
                    at=context.now(),
                )
                uow.commit()
        except RuleError as error:
            return _page(lang, key, typed, gettext(str(error))), HTTPStatus.CONFLICT
        flash(gettext("Version %(n)s is written. Hear it, then publish it.", n=version))
        return redirect(url_for(".one", of=lang, key=key))

    @routes.post("/<of>/<key>/publish")
    def publish(of: str, key: str) -> ResponseReturnValue:
        lang = lang_of(of)
        wording_of(own, lang, key)
        text = request.form.get("version", "")
        version = int(text) if text.isdecimal() else None
        with context.store.unit() as uow:
            wordings.publish(uow, lang, key, version, by=me().name, at=context.now())
            uow.commit()
        flash(gettext("Calls that begin from now on say this."))
        return redirect(url_for(".one", of=lang, key=key))

    def _page(lang: Lang, key: str, typed: str | None = None, problem: str = "") -> str:
        wording = wording_of(own, lang, key)
        with context.store.reading() as uow:
            versions = uow.wordings.of(lang, key)
            releases = uow.wordings.releases(lang, key)
            rehearsals = uow.rehearsals.of(lang, key)
        said = releases[0].version if releases else None
        now = next((row.texts for row in versions if row.version == said), list(wording.variants))
        return render_template(
            "console/prompt.html",
            of=lang,
            key=key,
            own=wording,
            now=now,
            versions=[(row, compared("\n".join(now), "\n".join(row.texts))) for row in versions],
            releases=releases,
            rehearsals=rehearsals,
            today=context.local(context.now()).date(),
            usual=_USUAL,
            said=said,
            typed="\n".join(now) if typed is None else typed,
            problem=problem,
            can_hear=context.speak is not None,
            too_long=lambda texts: too_long(key, texts, lang),
        )

    return routes


def compared(before: str, after: str) -> Markup:
    """What differs between two texts, word by word, a Chinese character being a word."""
    one, other = _WORDS.findall(before), _WORDS.findall(after)
    parts: list[Markup] = []
    for kind, a, b, c, d in difflib.SequenceMatcher(None, one, other).get_opcodes():
        old, new = "".join(one[a:b]), "".join(other[c:d])
        if kind == "equal":
            parts.append(escape(new))
            continue
        parts.append(Markup("<del>{}</del>").format(old) if old else Markup(""))
        parts.append(Markup("<ins>{}</ins>").format(new) if new else Markup(""))
    return Markup("").join(parts)


def lang_of(text: str) -> Lang:
    """The language in an address; ends the request where there is none."""
    if text not in LANGS:
        abort(HTTPStatus.NOT_FOUND)
    return text


def wording_of(own: Prompts, lang: Lang, key: str) -> Wording:
    """The product's own wording; ends the request where there is none."""
    if key not in own.wordings[lang]:
        abort(HTTPStatus.NOT_FOUND)
    return own.wordings[lang][key]
