"""How well a call was taken, by what the handbook asks (pure)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from models.call import Lang, Speaker, Turn
from models.fields import Value
from nlp.simulation.behaviour import Goal
from nlp.training.questions import Act, Heard, asks_about_danger, heard
from nlp.training.sound import same, spoken

#: What the scorecard asks, in its order.
CHECKS = (
    "greeting", "recorded", "read_back", "prohibited", "danger_asked", "link", "goodbye",
)  # fmt: skip
#: Who speaks for the desk in practice.
CLERK: frozenset[Speaker] = frozenset({"clerk"})
#: Said from the number that calls, or no matter for the ear: not part of the readback.
_UNREAD = frozenset({
    "origin.province", "destination.province", "pickup_date", "pickup_start", "pickup_end",
    "deliver_by", "customer.account", "dangerous",
})  # fmt: skip
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

#: Of each of these only one is the value.
_ALTERNATIVES = (("air", "rail", "road"), ("monthly", "collect", "prepaid"))

_LATIN, _CHINESE = re.compile(r"[A-Za-z]"), re.compile(r"[\u4e00-\u9fff]")
_KIND = re.compile(r"(新区|市|区|县)$")
#: A company's form, which nobody says on the telephone.
_FORM = re.compile(
    r"(股份)?(有限(责任)?)?公司$|,? (co\.?,? ?)?(ltd\.?|limited|inc\.?|llc)$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that the handbook asks.

    Attributes:
        name: one of `CHECKS`, or `signed`.
        passed: None where this call cannot show it.
        at_ms: where in the recording it is, None where it did not happen or is no moment.
        lacking: flat names that are missing or wrong.
    """

    name: str
    passed: bool | None
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
        return sum(check.passed is True for check in self.checks)

    @property
    def asked(self) -> int:
        """How many checks this call could pass."""
        return sum(check.passed is not None for check in self.checks)

    def as_json(self) -> dict[str, Any]:
        """Plain values, for keeping."""
        return {"talk_ms": self.talk_ms, "checks": [asdict(check) for check in self.checks]}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Card:
        """The inverse of `as_json`."""
        checks = (Check(**{**c, "lacking": tuple(c["lacking"])}) for c in stored["checks"])
        return cls(checks=tuple(checks), talk_ms=stored["talk_ms"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The desk's turns with what they do."""

    lang: Lang
    turns: Sequence[Turn]
    heard: Sequence[Heard] = field(default_factory=tuple)

    @classmethod
    def of(cls, turns: Sequence[Turn], lang: Lang, desk: Collection[Speaker]) -> Told:
        """What those of the turns do whose speakers are the desk's."""
        ours = [turn for turn in turns if turn.speaker in desk]
        return cls(
            lang=lang, turns=ours, heard=[heard(turn.text, _lang(turn, lang)) for turn in ours]
        )

    def first(self, *acts: Act) -> int | None:
        """When one of these was first done."""
        both = zip(self.turns, self.heard, strict=True)
        return next((turn.started_ms for turn, did in both if did.acts & {*acts}), None)


def score(
    turns: Sequence[Turn],
    form: Mapping[str, Value],
    goal: Goal,
    lang: Lang,
    *,
    desk: Collection[Speaker] = CLERK,
) -> Card:
    """The score of a call whose customer's wishes are known.

    Args:
        turns: both sides'.
        form: what the clerk wrote down, by flat name.
        goal: what the customer wanted.
        desk: who of the speakers is the desk.
    """
    told = Told.of(turns, lang, desk)
    recorded = _recorded(form, goal)
    return Card(checks=checks_of(told, recorded, goal.values), talk_ms=talk_ms(turns))


def checks_of(told: Told, recorded: Check, values: Mapping[str, Value]) -> tuple[Check, ...]:
    """All of `CHECKS`: what was recorded as it is given, the others by what was said.

    Args:
        values: what has to be read back, by flat name.
    """
    greeted = told.first(Act.GREETS) if told.heard and Act.GREETS in told.heard[0].acts else None
    return (
        _moment("greeting", greeted),
        recorded,
        _read_back(told, values),
        _moment("prohibited", told.first(Act.PROHIBITED)),
        _moment("danger_asked", _danger_asked(told)),
        _moment("link", told.first(Act.LINK)),
        _moment("goodbye", told.first(Act.GOODBYE)),
    )


def talk_ms(turns: Sequence[Turn]) -> int:
    """From the first word to the last one, milliseconds."""
    ends = [turn.ended_ms or turn.started_ms for turn in turns]
    return max(ends) - turns[0].started_ms if turns else 0


def _lang(turn: Turn, lang: Lang) -> Lang:
    """The language of a turn: a call may change its own."""
    if lang == "zh":
        other = _LATIN.search(turn.text) and not _CHINESE.search(turn.text)
        return "en" if other else "zh"
    return "en" if _LATIN.search(turn.text) else "zh"


def _moment(name: str, at_ms: int | None) -> Check:
    return Check(name=name, passed=at_ms is not None, at_ms=at_ms)


def _danger_asked(told: Told) -> int | None:
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


def _read_back(told: Told, values: Mapping[str, Value]) -> Check:
    """Every value was said by the desk; where it began in the recording."""
    lacking, first = [], None
    for name, value in values.items():
        if name in _UNREAD:
            continue
        at = _said_at(told, name, value)
        if at is None:
            lacking.append(name)
        elif first is None or at < first:
            first = at
    return Check(name="read_back", passed=not lacking, at_ms=first, lacking=tuple(lacking))


def _said_at(told: Told, name: str, value: Value) -> int | None:
    for turn in told.turns:
        if name in turn.values and same(turn.values[name], value):
            return turn.started_ms
        words = _CODES[told.lang].get(str(value)) or (_short(name, value),)
        if _offers(turn.text, str(value), told.lang):
            continue
        if any(spoken(word, turn.text, told.lang) for word in words):
            return turn.started_ms
    return None


def _offers(text: str, code: str, lang: Lang) -> bool:
    """Whether a turn names several codes of one field: that asks which, and reads back none."""
    field = next((one for one in _ALTERNATIVES if code in one), ())
    named = (any(spoken(word, text, lang) for word in _CODES[lang][other]) for other in field)
    return sum(named) > 1


def _short(name: str, value: Value) -> Value:
    """A place without the word for its kind, a company without its form: people say 杭州 for
    杭州市, and leave 有限公司 out."""
    if name == "customer.name" and isinstance(value, str):
        return _FORM.sub("", value) or value
    if name.endswith((".city", ".district")) and isinstance(value, str):
        return _KIND.sub("", value)
    return value
