"""What the assistant says now: the product's own wording, and over it what admins published."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from models.call import Lang
from models.errors import RuleError
from models.repositories.wordings import Published
from models.store import Store
from models.wording import check
from nlp.dialogue.prompts import Prompts, Wording

log = structlog.get_logger(__name__)

LANGS: tuple[Lang, ...] = ("zh", "en")


def prompts_in_force(store: Store, own: Prompts) -> Prompts:
    """The wording for a call that begins now. Raises ExternalError."""
    with store.reading() as uow:
        published = uow.wordings.published()
    if not published:
        return own
    return Prompts({lang: _over(lang, own, published) for lang in LANGS})


def _over(
    lang: Lang, own: Prompts, published: Mapping[tuple[str, str], Published]
) -> Mapping[str, Wording]:
    return {
        key: _fitting(lang, key, wording, published.get((lang, key)))
        for key, wording in own.wordings[lang].items()
    }


def _fitting(lang: Lang, key: str, own: Wording, changed: Published | None) -> Wording:
    """The changed wording, unless an update of the product made other variables of it."""
    if changed is None:
        return own
    try:
        return Wording(changed.version, check(changed.texts, own.placeholders()))
    except RuleError:
        log.warning("wording_no_longer_fits", key=key, lang=lang, version=changed.version)
        return own
