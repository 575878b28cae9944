"""The texts of the Dangerous Goods Notice, one file a language, and their loader."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from models.call import Lang
from models.fields import Mode
from models.notice import HazardClass, Notice


def notice_for(mode: str | None, lang: Lang) -> Notice:
    """The current notice for a mode (road where none is set) in a language."""
    return _notice(Mode(mode) if mode else Mode.ROAD, lang)


@cache
def _notice(mode: Mode, lang: Lang) -> Notice:
    text = _text(lang)
    return Notice(
        version=str(text["version"]),
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
def _text(lang: Lang) -> dict[str, Any]:
    with files(__package__).joinpath(f"{lang}.yaml").open(encoding="utf-8") as file:
        loaded: dict[str, Any] = yaml.safe_load(file)
    return loaded
