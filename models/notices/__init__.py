"""The texts of the Dangerous Goods Notice, one file a language, and their loader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from models.call import Lang
from models.fields import Mode
from models.notice import HazardClass, Notice


def notice_for(mode: str | None, lang: Lang, text: Mapping[str, Any] | None = None) -> Notice:
    """The notice for a mode (road where none is set) in a language.

    Args:
        text: what the desk published in place of the product's own; see `models.notice_text`.
    """
    return _notice(Mode(mode) if mode else Mode.ROAD, lang, text or own_text(lang))


def _notice(mode: Mode, lang: Lang, text: Mapping[str, Any]) -> Notice:
    versions = text.get("versions", {})
    return Notice(
        version=str(versions.get(mode.value, text["version"])),
        lang=lang,
        mode=mode,
        title=text["title"],
        intro=text["intro"],
        rule=text["rules"][mode.value],
        classes=tuple(HazardClass(**entry) for entry in text["classes"]),
        declaration=tuple(text["declaration"]),
        consents=dict(text["consents"]),
        sources=tuple(text["sources"]["all"] + text["sources"].get(mode.value, [])),
    )


@cache
def own_text(lang: Lang) -> Mapping[str, Any]:
    """The product's own text of all modes, as its file has it."""
    with files(__package__).joinpath(f"{lang}.yaml").open(encoding="utf-8") as file:
        loaded: dict[str, Any] = yaml.safe_load(file)
    return loaded
