"""How the assistant talks now: the product's own wording and the installation's settings, and
over them what admins published and chose."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import structlog

from api.config import Settings
from models.call import Lang
from models.choices import check as check_choices
from models.dangerous_list import listed
from models.errors import RuleError
from models.repositories.wordings import Published
from models.store import Store
from models.wording import check
from nlp.dialogue.prompts import Prompts, Wording
from nlp.dialogue.settings import DialogueSettings
from nlp.dialogue.slots import SLOTS

log = structlog.get_logger(__name__)

#: What can be asked for; dangerous goods have a part of the talk of their own.
ASKABLE = tuple(name for name in SLOTS if name != "dangerous")
LANGS: tuple[Lang, ...] = ("zh", "en")


def dialogue_settings(settings: Settings) -> DialogueSettings:
    """The installation's own choices that concern the talk."""
    return DialogueSettings(
        company_zh=settings.company_zh,
        company_en=settings.company_en,
        accept_unknown=settings.accept_unknown,
        can_transfer=bool(settings.clerk_number),
    )


def prompts_in_force(store: Store, own: Prompts, *, drafts: bool = False) -> Prompts:
    """The wording for a call that begins now.

    Args:
        drafts: whether what was written and never published is said too.

    Raises:
        ExternalError: the store fails.
    """
    with store.reading() as uow:
        changed = dict(uow.wordings.published())
        if drafts:
            changed |= uow.wordings.unpublished()
    if not changed:
        return own
    return Prompts({lang: _over(lang, own, changed) for lang in LANGS})


def sounds_in_force(store: Store) -> Mapping[tuple[str, str], tuple[str, str]]:
    """What is recorded of the published wording, for `voice.recorded.Recordings`."""
    with store.reading() as uow:
        published = uow.wordings.published()
    return {
        (lang, f"{key}@{said.version}"): (said.texts[0], said.sound)
        for (lang, key), said in published.items()
        if said.sound is not None
    }


def sounds_folder(settings: Settings) -> Path:
    """Where recorded wordings lie, for every process of the installation."""
    return settings.data_dir / "wordings"


def settings_in_force(store: Store, own: DialogueSettings) -> DialogueSettings:
    """The choices and lists for a call that begins now. Raises ExternalError."""
    with store.reading() as uow:
        latest = uow.choices.history(limit=1)
        goods = [
            good for lang in LANGS for good in listed(uow.texts.published("dangerous", lang), lang)
        ]
    now = chosen(own, latest[0].values) if latest else own
    return replace(now, listed=tuple(goods)) if goods else now


def chosen(own: DialogueSettings, values: Mapping[str, Any]) -> DialogueSettings:
    """The settings with choices laid over; such as an update made unfit are passed over."""
    try:
        fit = check_choices(values, ASKABLE)
    except RuleError:
        log.warning("choices_no_longer_fit")
        return own
    plain: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in fit.items()}
    if "clerk_number" in values:
        plain["can_transfer"] = bool(values["clerk_number"])
    return replace(own, **plain)


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
