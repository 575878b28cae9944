"""A scripted call: who calls whom, how, what shall be ordered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import yaml

from models.call import Lang
from models.errors import RuleError
from models.fields import DangerousGood, Value, as_json, check, from_json
from nlp.simulation.behaviour import Behaviour, Goal

_KEYS = frozenset(
    {"lang", "from", "to", "voice", "behaviour", "goal", "dangerous", "mobile", "phrases", "seed"}
)
_DAY = "{day+"


class BadScenario(RuleError):
    """A scenario file breaks a rule; the message says which and what to write instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """One scripted call.

    Attributes:
        caller, called: E.164.
        voice: the synthesizer's voice for the caller, None for its usual one.
        goal: what the order must hold in the end.
        phrases: exact words for a prompt's key, said the first time that it is asked.
        seed: makes the caller's wording repeatable.
    """

    lang: Lang
    caller: str | None
    called: str
    goal: Goal
    voice: str | None = None
    behaviour: Behaviour = field(default_factory=Behaviour)
    phrases: Mapping[str, str] = field(default_factory=dict)
    seed: int = 1

    def expected(self) -> dict[str, object]:
        """The order that has to come out, as JSON values by flat name."""
        values = {name: as_json(value) for name, value in self.goal.values.items()}
        return {**values, "dangerous": as_json(self.goal.dangerous)}


def load_scenario(path: Path, *, today: date) -> Scenario:
    """The scenario in a YAML file.

    A goal's `{day+1}` stands for the date one day after `today`.

    Raises:
        BadScenario: the file cannot be read as a scenario.
    """
    try:
        raw = yaml.safe_load(path.read_text("utf-8"))
    except (OSError, yaml.YAMLError) as error:
        raise BadScenario(f"{path}: cannot be read as YAML: {error}") from error
    if not isinstance(raw, dict):
        raise BadScenario(f"{path}: write a mapping with lang, from, to and goal.")
    if unknown := sorted(set(raw) - _KEYS):
        raise BadScenario(
            f"{path}: unknown {', '.join(unknown)}; known: {', '.join(sorted(_KEYS))}."
        )
    return _scenario(path, raw, today)


def _scenario(path: Path, raw: Mapping[str, Any], today: date) -> Scenario:
    lang = raw.get("lang", "zh")
    if lang not in get_args(Lang):
        raise BadScenario(f"{path}: lang: write one of {', '.join(get_args(Lang))}.")
    if not isinstance(raw.get("goal"), dict):
        raise BadScenario(f"{path}: goal: write the order's flat field names with their values.")
    try:
        goal = goal_of(raw, today)
        behaviour = Behaviour(**raw.get("behaviour", {}))
    except (RuleError, TypeError, ValueError) as error:
        raise BadScenario(f"{path}: {error}") from error
    return Scenario(
        lang=lang,
        caller=goal.caller,
        called=str(raw.get("to", "+862150000000")),
        voice=raw.get("voice"),
        goal=goal,
        behaviour=behaviour,
        phrases={str(k): str(v) for k, v in raw.get("phrases", {}).items()},
        seed=int(raw.get("seed", 1)),
    )


def goal_of(raw: Mapping[str, Any], today: date) -> Goal:
    """The goal that a scenario's `goal`, `dangerous`, `from` and `mobile` describe.

    Raises:
        RuleError: a value is none of its field.
    """
    return Goal(
        values={name: _value(name, value, today) for name, value in raw["goal"].items()},
        dangerous=_dangerous(raw.get("dangerous", [])),
        caller=_phone(raw.get("from")),
        mobile=_phone(raw.get("mobile")),
    )


def _value(name: str, value: object, today: date) -> Value:
    if isinstance(value, str) and value.startswith(_DAY):
        ahead, _, rest = value.removeprefix(_DAY).partition("}")
        value = f"{today + timedelta(days=int(ahead))}{rest}"
    return from_json(name, value)


def _dangerous(goods: object) -> tuple[DangerousGood, ...]:
    value = from_json("dangerous", goods)
    return value if isinstance(value, tuple) else ()


def _phone(number: object) -> str | None:
    return None if number is None else str(check("contact.phone", str(number)))
