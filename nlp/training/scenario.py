"""What a trainee meets: scenarios of rising difficulty, as YAML beside this module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from models.call import Lang
from models.errors import NotFound
from models.fields import Value, from_json
from nlp.simulation.behaviour import Goal
from nlp.simulation.scenario import goal_of

_FOLDER = "scenarios"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lesson:
    """One simulated customer.

    Attributes:
        name: the file's name without its ending.
        level: 1 is the easiest.
        title: what to expect, by the page's language.
        voice: of the synthesizer, for the customer.
        goal: what the order must hold in the end.
        slips: flat names with what is said first, and put right in the same breath.
        mumbles: slots of which the first answer cannot be understood.
        hides_danger: dangerous goods are told only when kinds of them are asked for by name.
        impatient: complains after every so many answers; 0 never.
        evades: slots of which the first answer is none: the customer leaves it to the desk.
        says: slots with the customer's own words for them, as people talk among themselves.
        rate: how fast the customer speaks; 1 is normal, more is faster.
        noise_dbfs: level of the noise around the customer; None where it is quiet.
    """

    name: str
    level: int
    title: Mapping[str, str]
    lang: Lang
    voice: str
    goal: Goal
    slips: Mapping[str, Value] = field(default_factory=dict)
    mumbles: frozenset[str] = frozenset()
    hides_danger: bool = False
    impatient: int = 0
    evades: frozenset[str] = frozenset()
    says: Mapping[str, str] = field(default_factory=dict)
    rate: float = 1.0
    noise_dbfs: float | None = None


def lesson(name: str, *, today: date) -> Lesson:
    """The lesson of that name; dates of its goal are counted from `today`.

    Raises:
        NotFound: there is none.
    """
    if name not in names():
        raise NotFound(f"There is no lesson {name!r}.")
    raw = _raw(name)
    return Lesson(
        name=name,
        level=raw["level"],
        title=raw["title"],
        lang=raw["lang"],
        voice=raw["voice"],
        goal=goal_of(raw, today),
        slips={key: from_json(key, value) for key, value in raw.get("slips", {}).items()},
        mumbles=frozenset(raw.get("mumbles", ())),
        hides_danger=raw.get("hides_danger", False),
        impatient=raw.get("impatient", 0),
        evades=frozenset(raw.get("evades", ())),
        says=raw.get("says", {}),
        rate=raw.get("rate", 1.0),
        noise_dbfs=raw.get("noise_dbfs"),
    )


def lessons(*, today: date) -> list[Lesson]:
    """All lessons: by language, easiest first."""
    found = [lesson(name, today=today) for name in names()]
    return sorted(found, key=lambda one: (one.lang != "zh", one.level, one.name))


def highest() -> int:
    """The hardest level that there is."""
    return max(int(_raw(name)["level"]) for name in names())


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of all lessons."""
    found = (path.name for path in (files(__package__) / _FOLDER).iterdir())
    return tuple(sorted(n.removesuffix(".yaml") for n in found if n.endswith(".yaml")))


@lru_cache(maxsize=32)
def _raw(name: str) -> Mapping[str, Any]:
    text = (files(__package__) / _FOLDER / f"{name}.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))
