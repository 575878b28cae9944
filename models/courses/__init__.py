"""The product's own course of the handbook's rules, one file a language, and its loader."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from models.call import Lang


@cache
def own_course(lang: Lang) -> Mapping[str, Any]:
    """The product's own course, as `models.course` reads it."""
    with files(__package__).joinpath(f"{lang}.yaml").open(encoding="utf-8") as file:
        loaded: dict[str, Any] = yaml.safe_load(file)
    return loaded
