"""How well a call was taken, by what the handbook asks (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from models.call import Lang, Turn
from models.fields import Value
from nlp.simulation.behaviour import Goal
from nlp.training.questions import Act, Heard, asks_about_danger, heard
from nlp.training.sound import same, spoken

#: What the scorecard asks, in its order.
CHECKS = (
    "greeting", "recorded", "read_back", "prohibited", "danger_asked", "link", "goodbye",
)  # fmt: skip
#: Said from the number that calls, or no matter for the ear: not part of the readback.
_UNREAD = frozenset({"origin.province", "destination.province", "pickup_date", "pickup_start"})
#: Words for a code, by language: any of them is the value.
_CODES: Mapping[Lang, Mapping[str, tuple[str, ...]]] = {
    "zh": {
        "air": ("空运", "航空"), "rail": ("铁路", "火车"), "road": ("公路", "汽运", "陆运"),
        "monthly": ("月结",), "collect": ("到付",), "prepaid": ("寄付", "预付", "现付"),
    },
    "en": {
        "air": ("air",), "rail": ("rail", "train"), "road": ("road", "truck"),
        "monthly": ("monthly",), "collect": ("collect",), "prepaid": ("prepaid",),
    },
}  # fmt: skip

_KIND = re.compile(r"(新区|市|区|县)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that the handbook asks.

    Attributes:
        name: one of `CHECKS`.
        at_ms: where in the recording it is, None where it did not happen or is no moment.
        lacking: flat names that are missing or wrong.
    """

    name: str
    passed: bool
    at_ms: int | None = None
    lacking: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """The whole score.

    Attributes:
        talk_ms: from the first word to the last one.
    """

    checks: tuple[Check, ...]
    talk_ms: int = 0

    @property
    def points(self) -> int:
        """How many checks were passed."""
        return sum(check.passed for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for keeping."""
        return {"talk_ms": self.talk_ms, "checks": [asdict(check) for check in self.checks]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Card:
        """The inverse of `as_json`."""
        checks = (Check(**{**c, "lacking": tuple(c["lacking"])}) for c in stored["checks"])
        return cls(checks=tuple(checks), talk_ms=stored["talk_ms"])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The clerk's turns with what they do."""

    lang: Lang
    turns: Sequence[Turn]
    heard: Sequence[Heard] = field(default_factory=tuple)

    def first(self, *acts: Act) -> int | None:
        """When one of these was first done."""
        both = zip(self.turns, self.heard, strict=True)
        return next((turn.started_ms for turn, did in both if did.acts & {*acts}), None)


def score(turns: Sequence[Turn], form: Mapping[str, Value], goal: Goal, lang: Lang) -> Card:
    """The score of a call.

    Args:
        turns: both sides'; the desk's are the clerk's.
        form: what the clerk wrote down, by flat name.
        goal: what the customer wanted.
    """
    clerk = [turn for turn in turns if turn.speaker == "clerk"]
    told = _Told(lang=lang, turns=clerk, heard=[heard(turn.text, lang) for turn in clerk])
    greeted = told.first(Act.GREETS) if told.heard and Act.GREETS in told.heard[0].acts else None
    checks = (
        _moment("greeting", greeted),
        _recorded(form, goal),
        _read_back(told, goal),
        _moment("prohibited", told.first(Act.PROHIBITED)),
        _moment("danger_asked", _danger_asked(told)),
        _moment("link", told.first(Act.LINK)),
        _moment("goodbye", told.first(Act.GOODBYE)),
    )
    ends = [turn.ended_ms or turn.started_ms for turn in turns]
    talk = max(ends) - turns[0].started_ms if turns else 0
    return Card(checks=checks, talk_ms=talk)


def _moment(name: str, at_ms: int | None) -> Check:
    return Check(name=name, passed=at_ms is not None, at_ms=at_ms)


def _danger_asked(told: _Told) -> int | None:
    both = zip(told.turns, told.heard, strict=True)
    return next((turn.started_ms for turn, did in both if asks_about_danger(did)), None)


def _recorded(form: Mapping[str, Value], goal: Goal) -> Check:
    wanted: dict[str, Value] = dict(goal.values)
    lacking = [name for name, value in wanted.items() if not same(form.get(name), value)]
    written = form.get("dangerous")
    names = {good.name for good in goal.dangerous}
    known = written if isinstance(written, tuple) else None
    if known is None or {good.name for good in known} != names:
        lacking.append("dangerous")
    return Check(name="recorded", passed=not lacking, lacking=tuple(lacking))


def _read_back(told: _Told, goal: Goal) -> Check:
    """Every value was said by the clerk; where it began in the recording."""
    lacking, first = [], None
    for name, value in goal.values.items():
        if name in _UNREAD:
            continue
        at = _said_at(told, name, value)
        if at is None:
            lacking.append(name)
        elif first is None or at < first:
            first = at
    return Check(name="read_back", passed=not lacking, at_ms=first, lacking=tuple(lacking))


def _said_at(told: _Told, name: str, value: Value) -> int | None:
    for turn in told.turns:
        if name in turn.values and same(turn.values[name], value):
            return turn.started_ms
        words = _CODES[told.lang].get(str(value)) or (_short(name, value),)
        if any(spoken(word, turn.text, told.lang) for word in words):
            return turn.started_ms
    return None


def _short(name: str, value: Value) -> Value:
    """A place without the word for its kind: people say 杭州 for 杭州市."""
    if name.endswith((".city", ".district")) and isinstance(value, str):
        return _KIND.sub("", value)
    return value
