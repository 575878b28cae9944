"""A caller with a goal: answers what the assistant asks, checks what it reads (pure).

All it knows of the assistant is what a transcript holds: the prompt's key, the text, the
values said. So the same brain speaks in text simulations and on the telephone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from models.call import Lang
from models.fields import DangerousGood, Value
from nlp.dialogue.keypad import CHOICES
from nlp.dialogue.slots import SLOTS, fields_of, slot_of
from nlp.dialogue.taking import about as about_of
from nlp.simulation.ear import alike
from nlp.simulation.words import Words

#: Words of a question that may be answered by keys too.
_INVITES = ("按键", "key it in")
_ASKS = ("ask", "reask", "choose", "keypad")
#: What the keys of all questions begin with, and the questions that begin otherwise.
_ASKING = frozenset({*_ASKS, "rechoose", "check", "recheck", "offer"})
_QUESTIONS = frozenset(
    {"readback.confirm", "final.confirm", "more.ask", "cancel.this", "cancel.found"}
    | {"danger.ask", "danger.guide", "danger.named", "danger.which"}
    | {"sms.use_caller", "sms.ask_number", "sms.confirm_number"}
)
#: What a question for the keys 1 and 2 is about.
_PLAIN_KEYS = frozenset({"check", "readback", "final"})
#: Filled by the assistant from the calling number or the records.
_NOT_MINE = frozenset({"contact.phone", "customer.account"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing the assistant said, as the transcript has it.

    Attributes:
        prompt: `KEY@VERSION` of the wording.
    """

    prompt: str
    text: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    order_version: int | None = None

    @property
    def key(self) -> str:
        """The prompt's key without its version."""
        return self.prompt.partition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the caller wants to have ordered.

    Attributes:
        values: flat names to values; `dangerous` apart.
        dangerous: what the goods really hold.
        caller: the number that calls, E.164.
        mobile: where the link shall go, E.164; None for the calling number.
    """

    values: Mapping[str, Value]
    dangerous: tuple[DangerousGood, ...] = ()
    caller: str | None = None
    mobile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a caller talks; shares from 0 to 1.

    Attributes:
        talkative: how much of the order is told unasked in the first sentence.
        fillers: how many answers begin with a filler.
        terse: how many answers are the bare value.
        slips: how many values are first said wrong, to be put right at the readback.
        mishears: how often the question has to be repeated.
        changes_mind: how often a value is changed when all was read back.
        interrupts: how often a wrong item is objected to at once, over the voice.
        spoken: how many values come as words instead of digits.
        keys: how many numbers are keyed in where the assistant says that they may be.
        waits: how many wrong values are objected to only when the whole order is read.
    """

    talkative: float = 0.5
    fillers: float = 0.2
    terse: float = 0.3
    slips: float = 0.0
    mishears: float = 0.0
    changes_mind: float = 0.0
    interrupts: float = 0.0
    spoken: float = 0.5
    keys: float = 0.5
    waits: float = 0.0


class SimulatedCaller:
    """One caller in one call.

    Args:
        goal: what is to be ordered; a change of mind alters `goal` of this object.
        phrases: exact words for a prompt's key, the first time it is asked.
        today: the day of the call.
    """

    def __init__(
        self,
        goal: Goal,
        *,
        behaviour: Behaviour,
        lang: Lang,
        rng: random.Random,
        today: date,
        phrases: Mapping[str, str] | None = None,
    ) -> None:
        self.goal = goal
        self._behaviour = behaviour
        self._rng = rng
        self._words = Words(lang, rng, today=today, spoken=behaviour.spoken)
        self._phrases = dict(phrases or {})
        self._read: dict[str, Value] = {}
        self._left: frozenset[str] = frozenset()
        self._misheard = False
        self._changes_mind = behaviour.changes_mind
        self._unanswered: tuple[Said, ...] = ()

    def reply(self, said: Sequence[Said], *, interrupts: bool = False) -> str | None:
        """The answer to what was said since the last call; None when nothing is to be said.

        A pause in the middle of a readback, or after a statement, is no question: what was
        said before it is answered together with the question that follows.

        Args:
            interrupts: the caller speaks over the last thing said, without being asked.
        """
        said = self._unanswered = (*self._unanswered, *said)
        if not said or not (interrupts or is_question(said[-1].key)):
            return None
        self._unanswered = ()
        question = said[-1].key
        if scripted := self._phrases.pop(question, None):
            self._read_values(said)
            return scripted
        if wrong := self._read_values(said):
            return self._object(wrong)
        if self._mishears(question):
            return self._words.say("repeat")
        answer = self._answer(question, said[-1])
        if answer and self._rng.random() < self._behaviour.fillers:
            return self._words.say("filler") + answer
        return answer

    def press(self, said: Sequence[Said]) -> str | None:
        """The keys for a question that asks for them, None where a voice answers."""
        said = (*self._unanswered, *said)
        if not said or not self._keys_in(said[-1]) or self._unsaid(said):
            return None
        keys = self._keys_for(said[-1])
        if keys is not None:
            self._read_values(said)
            self._unanswered = ()
        return keys

    def _keys_for(self, question: Said) -> str | None:
        about = question.key.partition(".")[2]
        if about in _PLAIN_KEYS:
            return self._yes_or_no(about, question)
        fields = fields_of(about if about in SLOTS or "." in about else "")
        value = next((self.goal.values[n] for n in fields if n in self.goal.values), None)
        if about in CHOICES:
            return str(CHOICES[about].index(str(value)) + 1)
        if isinstance(value, str) and value.startswith("+86"):
            return value.removeprefix("+86")
        if isinstance(value, int):
            return str(value)
        if about == "sms.ask_number":
            return (self.goal.mobile or self.goal.caller or "").removeprefix("+86") or None
        return {"danger": "1" if self.goal.dangerous else "2"}.get(about)

    def _yes_or_no(self, about: str, question: Said) -> str | None:
        """1 for yes and 2 for no; None where there is more to say than that."""
        if about == "check":
            mobile = self.goal.mobile or self.goal.caller
            values = {n: v for n, v in question.values.items() if n != "mobile"}
            right = question.values.get("mobile", mobile) == mobile
            return "1" if right and all(self._fits(n, v) for n, v in values.items()) else "2"
        return "2" if self._still_wrong() or (about == "readback" and self._unread()) else "1"

    def _unread(self) -> list[str]:
        settled = {*self._read, *self._left, *_NOT_MINE}
        return [name for name in self.goal.values if name not in settled]

    def _keys_in(self, question: Said) -> bool:
        if question.key.startswith("keypad."):
            return True
        invited = any(words in question.text for words in _INVITES)
        return invited and self._rng.random() < self._behaviour.keys

    def _unsaid(self, said: Sequence[Said]) -> bool:
        """Whether something read just now has to be objected to first."""
        objections = said[:-1] if said[-1].key == "keypad.check" else said
        return any(self._wrong(one) for one in objections)

    def objects_at(self, said: Sequence[Said]) -> int | None:
        """The index of the first thing said that is wrong, for a caller who interrupts there."""
        if self._rng.random() >= self._behaviour.interrupts:
            return None
        return next((i for i, one in enumerate(said) if self._wrong(one)), None)

    def _read_values(self, said: Sequence[Said]) -> list[str]:
        """Listens to values; those that are not as wanted."""
        wrong: dict[str, None] = {}
        for one in said:
            if one.key == "removed":
                self._read = {n: v for n, v in self._read.items() if n in self.goal.values}
            if one.key.startswith("unsure."):
                # Told that a colleague listens to the recording, nobody goes on about it.
                self._left |= {*fields_of(one.key.partition(".")[2])}
            if one.key != "echo" or self._rng.random() >= self._behaviour.waits:
                wrong |= dict.fromkeys(self._wrong(one))
            if one.order_version is not None:
                self._hear(one.values)
        return list(wrong)

    def _hear(self, values: Mapping[str, Value]) -> None:
        """A slot that is read again holds what is said now, and no more."""
        again = {name for told in values for name in fields_of(slot_of(told).name)}
        self._read = {n: v for n, v in self._read.items() if n not in again} | dict(values)

    def _wrong(self, one: Said) -> list[str]:
        """What is read wrong; a usual value offered and the link's number are questions."""
        if _topic(one.key) == "offer":
            return []
        values = {name: value for name, value in one.values.items() if name != "mobile"}
        return [name for name, value in values.items() if not self._fits(name, value)]

    def _fits(self, name: str, value: Value) -> bool:
        if name == "dangerous":
            return alike(value, self.goal.dangerous)
        if name in self._left:
            return True
        if name not in self.goal.values:
            return name in _NOT_MINE
        return alike(value, self.goal.values[name])

    def _still_wrong(self) -> list[str]:
        """What was read wrong, and not read right since."""
        return [name for name, value in self._read.items() if not self._fits(name, value)]

    def _object(self, wrong: Sequence[str]) -> str:
        """Says what is wrong: the right value, or just the item where there is none."""
        if "dangerous" in wrong:
            goods = self._words.join([good.name for good in self.goal.dangerous])
            return self._words.say("danger" if goods else "no_danger", value=goods)
        abouts = dict.fromkeys(about_of(name) for name in wrong)
        spelled = (self._phrases.pop(f"spell.{name}", None) for name in wrong)
        if phrase := next((p for p in spelled if p), None):
            return phrase
        if any(self._has(about) for about in abouts):
            return self._words.say("correct", item=self._items(wrong))
        return self._words.say("wrong", name=self._words.say(f"name.{next(iter(abouts))}"))

    def _answer(self, key: str, last: Said) -> str | None:
        if key in _FIXED:
            return self._words.say(_FIXED[key])
        answers = {
            "open": self._opening,
            "extras": self._extras,
            "offer": self._offered,
            "check": self._checked,
            "one": self._place_again,
            "danger": self._danger,
            "sms": self._sms,
            "readback": self._agree,
            "final": self._agree_finally,
        }
        answer = answers.get(_topic(key))
        if answer is not None:
            return answer(last)
        head, _, about = key.partition(".")
        return self._asked(about) if head in _ASKS else None

    def _opening(self, last: Said) -> str:
        share = 1.0 if last.key == "reask.open" else self._behaviour.talkative
        wanted = ["customer", "goods", "mode", "origin", "destination", "pieces", "weight"]
        told = [s for s in wanted if s == "goods" or self._rng.random() < share]
        items = [self._words.item(slot, self._told(slot)) for slot in told if self._has(slot)]
        return self._words.say("hello") + self._words.say("open", items=self._words.join(items))

    def _asked(self, about: str) -> str | None:
        about = about if about in SLOTS else about_of(about)
        if not self._has(about):
            return self._words.say("nothing")
        values = self._told(about)
        terse = self._rng.random() < self._behaviour.terse
        return self._words.value(about, values) if terse else self._words.item(about, values)

    def _extras(self, last: Said) -> str:
        items = [self._words.item(s, self.goal.values) for s in _EXTRAS if self._has(s)]
        return self._words.join(items) if items else self._words.say("nothing")

    def _checked(self, last: Said) -> str:
        return self._sms(last) if "mobile" in last.values else self._words.say("yes")

    def _offered(self, last: Said) -> str:
        same = all(self.goal.values.get(name) == value for name, value in last.values.items())
        if same:
            return self._words.say("yes")
        slot = last.key.partition(".")[2]
        return self._words.say("correct", item=self._words.item(slot, self.goal.values))

    def _place_again(self, last: Said) -> str:
        named = [str(v) for n, v in self.goal.values.items() if n.endswith((".city", ".district"))]
        heard = [n for n in named if n.rstrip("市区县") in last.text]
        return f"{heard[0]}" if heard else self._words.value("origin", self.goal.values)

    def _danger(self, last: Said) -> str:
        goods = self.goal.dangerous
        if not goods:
            return self._words.say("none")
        names = self._words.join([good.name for good in goods])
        return names if "which" in last.key else self._words.say("danger", value=names)

    def _sms(self, last: Said) -> str:
        mobile = self.goal.mobile or self.goal.caller
        if "use_caller" in last.key:
            if mobile == self.goal.caller:
                return self._words.say("agree")
            return self._words.say("use_other", value=self._phone(mobile))
        if "mobile" in last.values:
            right = last.values.get("mobile", mobile) == mobile
            return (
                self._words.say("yes")
                if right
                else self._words.say("correct", item=self._phone(mobile))
            )
        return self._phone(mobile)

    def _phone(self, number: str | None) -> str:
        return self._words.value("contact.phone", {"contact.phone": number or ""})

    def _agree(self, last: Said) -> str:
        """The yes to the whole order, or what is still missing or has changed meanwhile."""
        goal = self.goal.values
        if wrong := self._still_wrong():
            return self._object(wrong)
        if unread := self._unread():
            return self._words.say("also", item=self._items(unread))
        pieces = goal.get("pieces")
        if isinstance(pieces, int) and self._rng.random() < self._changes_mind:
            self._changes_mind = 0.0
            self.goal = replace(self.goal, values={**goal, "pieces": pieces + 1})
            return self._words.say("changed", item=self._items(["pieces"]))
        return self._words.say("all_right")

    def _agree_finally(self, last: Said) -> str:
        wrong = self._still_wrong()
        return self._object(wrong) if wrong else self._words.say("agree")

    def _items(self, names: Sequence[str]) -> str:
        abouts = dict.fromkeys(about_of(name) for name in names)
        known = [a for a in abouts if self._has(a) and not self._within(a, abouts)]
        return self._words.join([self._words.item(a, self.goal.values) for a in known])

    @staticmethod
    def _within(about: str, others: Iterable[str]) -> bool:
        """Whether an address's part is said with the address."""
        return about not in SLOTS and slot_of(about).name in others

    def _has(self, about: str) -> bool:
        return any(name in self.goal.values for name in fields_of(about))

    def _told(self, about: str) -> Mapping[str, Value]:
        """The goal's values, now and then with a slip of the tongue."""
        values = dict(self.goal.values)
        slot = slot_of(fields_of(about)[0]).name
        field_name = {"pieces": "pieces", "weight": "weight_kg"}.get(slot)
        if field_name and self._rng.random() < self._behaviour.slips:
            values[field_name] = int(float(str(values[field_name]))) + self._rng.randint(1, 9)
        return values

    def _mishears(self, key: str) -> bool:
        """Asks for a repeat, but never twice in a row."""
        again = not self._misheard and self._rng.random() < self._behaviour.mishears
        self._misheard = again and not key.startswith(("goodbye", "transfer"))
        return self._misheard


def is_question(key: str) -> bool:
    """Whether a prompt asks for an answer; all others only tell something."""
    return key.partition(".")[0] in _ASKING or key in _QUESTIONS


_EXTRAS = ("packaging", "volume", "declared_value", "remarks", "deliver_by")


def _topic(key: str) -> str:
    """What a prompt is about, as far as the caller answers alike."""
    head, _, rest = key.partition(".")
    if key == "ask.who" or rest == "open":
        return "open"
    if head in {"check", "recheck"} or key == "keypad.check":
        return "check"
    words = key.split(".")
    return next((word for word in words if word in _TOPICS), "")


_TOPICS = frozenset({"extras", "offer", "one", "danger", "sms", "readback", "final"})

#: Prompts that are always answered alike.
_FIXED = {
    "more.ask": "bye",
    "cancel.this": "keep",
    "reask.cancel": "keep",
    "cancel.found": "keep",
}
