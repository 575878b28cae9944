"""A caller with a goal: answers what the assistant asks, checks what it reads (pure).

All it knows of the assistant is what a transcript holds: the prompt's key, the text, the
values said. So the same brain speaks in text simulations and on the telephone.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from models.call import Lang
from models.fields import Value
from nlp.dialogue.slots import SLOTS, fields_of, slot_of
from nlp.dialogue.slots import about as about_of
from nlp.simulation.behaviour import Behaviour, Goal, Said
from nlp.simulation.keys import keys_for
from nlp.simulation.memory import Notes
from nlp.simulation.questions import ASKS, is_question, topic
from nlp.simulation.spelling import asks_spelling, spelling
from nlp.simulation.words import Words

#: Words of a question that may be answered by keys too.
_INVITES = ("按键", "key it in")
#: What is told when there is room for more.
_EXTRAS = ("packaging", "volume", "declared_value", "remarks", "deliver_by")
#: Prompts that are always answered alike.
_FIXED = {
    "reach.ask": "agree",
    "reask.reach": "agree",
    "count.ask": "uncounted",
    "count.ask.day": "uncounted",
    "count.check": "uncounted",
    "reask.count": "uncounted",
    "reask.count.check": "uncounted",
    "more.ask": "bye",
    "cancel.this": "keep",
    "reask.cancel": "keep",
    "cancel.found": "keep",
}


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
        self.notes = Notes(goal, behaviour, rng)
        self._behaviour = behaviour
        self._rng = rng
        self._lang = lang
        self._words = Words(lang, rng, today=today, spoken=behaviour.spoken)
        self._phrases = dict(phrases or {})
        self._misheard = False
        self._changes_mind = behaviour.changes_mind
        self._unanswered: tuple[Said, ...] = ()

    @property
    def goal(self) -> Goal:
        """What is to be ordered, as it stands after changes of mind."""
        return self.notes.goal

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
            self.notes.listen(said)
            return scripted
        if wrong := self.notes.listen(said):
            return self._spelled(self._object(wrong), wrong, said[-1])
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
        keys = keys_for(said[-1], self.notes)
        if keys is not None:
            self.notes.listen(said)
            self._unanswered = ()
        return keys

    def _keys_in(self, question: Said) -> bool:
        if question.key.startswith("keypad."):
            return True
        invited = any(words in question.text for words in _INVITES)
        return invited and self._rng.random() < self._behaviour.keys

    def _unsaid(self, said: Sequence[Said]) -> bool:
        """Whether something read just now has to be objected to first."""
        objections = said[:-1] if said[-1].key == "keypad.check" else said
        return any(self.notes.wrong_in(one) for one in objections)

    def objects_at(self, said: Sequence[Said]) -> int | None:
        """The index of the first thing said that is wrong, for a caller who interrupts there."""
        if self._rng.random() >= self._behaviour.interrupts:
            return None
        return next((i for i, one in enumerate(said) if self.notes.wrong_in(one)), None)

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
        answer = answers.get(topic(key))
        if answer is not None:
            return answer(last)
        head, _, about = key.partition(".")
        return self._asked(about, last) if head in ASKS else None

    def _opening(self, last: Said) -> str:
        share = 1.0 if last.key == "reask.open" else self._behaviour.talkative
        wanted = ["customer", "goods", "mode", "origin", "destination", "pieces", "weight"]
        told = [s for s in wanted if s == "goods" or self._rng.random() < share]
        items = [self._words.item(slot, self._told(slot)) for slot in told if self._has(slot)]
        return self._words.say("hello") + self._words.say("open", items=self._words.join(items))

    def _asked(self, about: str, last: Said) -> str | None:
        about = about if about in SLOTS else about_of(about)
        if not self._has(about):
            return self._words.say("nothing")
        values = self._told(about)
        terse = self._rng.random() < self._behaviour.terse
        said = self._words.value(about, values) if terse else self._words.item(about, values)
        return self._spelled(said, fields_of(about), last)

    def _spelled(self, said: str, names: Iterable[str], question: Said) -> str:
        """What is said, with the spelling after it where the question asks for one."""
        asked = question.key.partition(".")[2]
        abouts = {about_of(name) for name in names}
        spells = asks_spelling(question.text) and self._rng.random() < self._behaviour.spells
        spelled = spelling(asked, self.goal.values, self._lang) if spells else ""
        if asked not in abouts or not spelled:
            return said
        return said.rstrip("。.") + self._words.say("spelled", value=spelled)

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
        if wrong := self.notes.still_wrong():
            return self._object(wrong)
        if unread := self.notes.unread():
            return self._words.say("also", item=self._items(unread))
        pieces = goal.get("pieces")
        if isinstance(pieces, int) and self._rng.random() < self._changes_mind:
            self._changes_mind = 0.0
            self.notes.goal = replace(self.goal, values={**goal, "pieces": pieces + 1})
            return self._words.say("changed", item=self._items(["pieces"]))
        return self._words.say("all_right")

    def _agree_finally(self, last: Said) -> str:
        wrong = self.notes.still_wrong()
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
