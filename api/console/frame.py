"""What all templates share: labels, times, values in words, the navigation."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from flask import Blueprint, current_app, g, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from api.console import words
from api.console.access import somebody
from api.console.context import Context
from api.console.labels import LABELS
from api.console.languages import LANGUAGES, page_lang
from models.call import Lang
from models.errors import RuleError
from models.fields import FIELDS, DangerousGood, from_json
from models.staff import Permission
from models.wordtimes import pieces
from nlp.dialogue.phrases import Phrases
from nlp.dialogue.prompts import Prompts
from nlp.normalize.phones import written

#: The main sections: where they begin, what they are called, who sees them.
_SECTIONS = (
    ("console.live.board", _("Live"), Permission.VIEW),
    ("console.orders.queue", _("Orders"), Permission.VIEW),
    ("console.tasks.show", _("Tasks"), Permission.VIEW),
    ("console.calls.show", _("Calls"), Permission.VIEW),
    ("console.mails.show", _("E-mails"), Permission.VIEW),
    ("console.faxes.show", _("Faxes"), Permission.VIEW),
    ("console.day.show", _("Day"), Permission.VIEW),
    ("console.phone.show", _("Web phone"), Permission.VIEW),
    ("console.training.show", _("Training"), Permission.VIEW),
    ("console.figures.show", _("Figures"), Permission.VIEW),
    ("console.customers.show", _("Customers"), Permission.CUSTOMERS),
    ("console.onboarding.show", _("New customers"), Permission.VIEW),
    ("console.duty.show", _("Duty"), Permission.LEAD),
    ("console.prompts.show", _("Wording"), Permission.ADMIN),
    ("console.choices.show", _("Dialogue"), Permission.ADMIN),
    ("console.users.show", _("Users"), Permission.ADMIN),
    ("console.tokens.show", _("Tokens"), Permission.ADMIN),
    ("console.audit.show", _("Audit log"), Permission.AUDIT),
    ("console.retention.show", _("Retention"), Permission.PRIVACY),
)
#: Pages that belong to a section without being its first page.
_PARENTS = {
    "console.order": "console.orders",
    "console.edit": "console.orders",
    "console.rehearsals": "console.prompts",
    "console.recorded": "console.prompts",
    "console.notices": "console.prompts",
    "console.dangerous": "console.prompts",
    "console.course": "console.prompts",
    "console.quiz": "console.training",
    "console.clerk_weeks": "console.figures",
    "console.practice": "console.training",
    "console.books": "console.customers",
    "console.book_tables": "console.customers",
    "console.contracts": "console.customers",
}
_MINUTE_MS, _SECOND_MS = 60_000, 1000


def install(routes: Blueprint, context: Context) -> None:
    """Gives templates below a blueprint their words and filters."""
    phrases = {lang: Phrases(Prompts.load(), cast(Lang, lang)) for lang in LANGUAGES}

    @routes.app_context_processor
    def shared() -> dict[str, Any]:
        if not request.path.startswith("/console"):
            return {}
        lang = page_lang()
        settings = context.settings
        return {
            "words": words,
            "me": somebody(),
            "lang": lang,
            "languages": LANGUAGES,
            "company": settings.company_zh if lang == "zh" else settings.company_en,
            "navigation": navigation,
            "nonce": g.get("nonce", ""),
            "value_of": lambda name, value: in_words(phrases[lang], name, value),
            "section": _PARENTS.get(request.blueprint or "", request.blueprint),
        }

    @routes.app_template_filter("when")
    def when(moment: datetime | None) -> str:
        """A moment on the desk's clock; the year only where it is another one."""
        if moment is None:
            return ""
        local = context.local(moment)
        this_year = local.year == context.local(context.now()).year
        return local.strftime("%m-%d %H:%M" if this_year else "%Y-%m-%d %H:%M")

    @routes.app_template_filter("clock")
    def clock(ms: int | None) -> str:
        """Milliseconds of a call as minutes and seconds."""
        if ms is None:
            return ""
        return f"{ms // _MINUTE_MS}:{ms % _MINUTE_MS // _SECOND_MS:02d}"

    @routes.app_template_filter("phone")
    def phone(number: str | None) -> str:
        """A number as it is dialled at home; an e-mail address as it is."""
        return written(number) if number else ""

    @routes.app_template_filter("label")
    def label(name: str) -> str:
        """A field's name in words."""
        return LABELS[cast(Lang, page_lang())].get(name, name)

    @routes.app_template_filter("actor")
    def actor(by: str) -> str:
        """Who did something: a clerk by login name, the others in words."""
        return str(words.ACTORS.get(by, by.removeprefix("clerk:")))

    routes.add_app_template_filter(pieces)

    @routes.app_template_filter("said")
    def said(sentence: str) -> str:
        """A sentence of the product's own, in the reader's language."""
        whole = gettext(sentence) if sentence else ""
        head, colon, numbers = sentence.rpartition(": ")
        # Figures or a day may follow a sentence.
        told = whole == sentence and colon and not any(map(str.isalpha, numbers))
        return f"{gettext(head)}{colon}{numbers}" if told else whole


def navigation() -> list[tuple[str, str]]:
    """The sections that the person may see and that this installation has."""
    user = somebody()
    return [
        (target, str(name))
        for target, name, permission in _SECTIONS
        if user is not None and user.may(permission) and target in current_app.view_functions
    ]


def in_words(phrases: Phrases, name: str, value: Any) -> str:
    """A stored value as a reader expects it; one that cannot be read as it is."""
    if value is None:
        return ""
    if value in ([], ()):
        return str(gettext("none declared"))
    if isinstance(value, tuple) and all(isinstance(good, DangerousGood) for good in value):
        return phrases.value(name, value)
    try:
        return phrases.value(name, from_json(name, value)) if name in FIELDS else str(value)
    except RuleError:
        return str(value)
