"""The customer whom a trainee talks with: answers what is asked, objects to what is read wrong."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping
from datetime import date

from models.call import Lang
from models.fields import Value
from nlp.dialogue.slots import fields_of
from nlp.simulation.words import Words
from nlp.training.questions import Act, Heard, asks_about_danger, heard
from nlp.training.scenario import Lesson
from nlp.training.sound import same

#: Values that are heard surely enough to object to them.
_SURE = frozenset({"pieces", "weight_kg", "volume_m3", "mode", "payment", "consignee.phone"})
_LINES: Mapping[Lang, Mapping[str, str]] = {
    "zh": {
        "hello": "喂，你好，我要发一票货。",
        "mumble": "嗯，那个，就是那个嘛，呜噜呜噜的。",
        "evade": "这个你看着写就行了，问那么多干嘛。",
        "slip": "{wrong}，哦不对，{right}。",
        "hurry": "你快一点好吗？我赶时间。",
        "what": "不好意思，您要问什么？",
        "go_on": "好的，您说。",
        "vague": "没有，没什么危险的。",
        "still_there": "喂？您还在吗？",
        "gone": "听不见，我先挂了。",
        "bye": "好的，再见。",
    },
    "en": {
        "hello": "Hello, I'd like to place an order.",
        "mumble": "Well, you know, er, the, mumble mumble.",
        "evade": "Just put down whatever you usually put down.",
        "slip": "{wrong}, oh no, sorry, {right}.",
        "hurry": "Could you hurry up, please? I'm in a rush.",
        "what": "Sorry, what would you like to know?",
        "go_on": "All right, go on.",
        "vague": "No, nothing dangerous.",
        "still_there": "Hello? Are you still there?",
        "gone": "I can't hear you. I'll hang up.",
        "bye": "All right, goodbye.",
    },
}


class Customer:
    """One simulated customer in one call.

    Args:
        rng: varies the wording.
        today: the day of the call, for "tomorrow".
    """

    def __init__(self, lesson: Lesson, rng: random.Random, today: date) -> None:
        self.lesson = lesson
        self._words = Words(lesson.lang, rng, today=today, spoken=0.0)
        self._lines = _LINES[lesson.lang]
        self._greeted = False
        self._mumbled: set[str] = set()
        self._slipped: set[str] = set()
        self._evaded: set[str] = set()
        self._answers = 0

    def line(self, key: str) -> str:
        """A fixed sentence in the customer's language."""
        return self._lines[key]

    def answer(self, text: str, values: Mapping[str, Value]) -> tuple[str, bool]:
        """The answer to a clerk's turn, and whether the customer then hangs up.

        Args:
            values: what the turn says of the order, by flat name, as it was understood.
        """
        turn = heard(text, self.lesson.lang)
        if Act.GOODBYE in turn.acts:
            return self.line("bye"), True
        said = self._said(turn, values)
        self._answers += 1
        every = self.lesson.impatient
        if every and self._answers % every == 0:
            said = f"{said}{'' if self.lesson.lang == 'zh' else ' '}{self.line('hurry')}"
        return said, False

    def _said(self, turn: Heard, values: Mapping[str, Value]) -> str:
        if wrong := self._wrong(values):
            return self._words.say("correct", item=self._items(wrong))
        if Act.CONFIRMS in turn.acts and values:
            return self._words.say("all_right")
        if asks_about_danger(turn):
            return self._danger(turn)
        if asked := [slot for slot in turn.slots if slot == "mobile" or self._has(slot)]:
            return self._sentences(self._told(slot) for slot in asked)
        if turn.slots:
            return self._words.say("nothing")
        return self._otherwise(turn)

    def _otherwise(self, turn: Heard) -> str:
        if not self._greeted:
            self._greeted = True
            return self.line("hello")
        if turn.acts & {Act.CONFIRMS, Act.LINK}:
            return self._words.say("agree")
        return self.line("go_on" if turn.acts else "what")

    def _wrong(self, values: Mapping[str, Value]) -> list[str]:
        goal = self.lesson.goal.values
        return [n for n, v in values.items() if n in _SURE and n in goal and not same(v, goal[n])]

    def _danger(self, turn: Heard) -> str:
        goods = self.lesson.goal.dangerous
        if not goods:
            return self._words.say("none")
        if self.lesson.hides_danger and Act.GUIDES not in turn.acts:
            return self.line("vague")
        return self._words.say("danger", value=self._words.join([good.name for good in goods]))

    def _told(self, slot: str) -> str:
        self._greeted = True
        if slot == "mobile":
            number = self.lesson.goal.mobile or self.lesson.goal.caller or ""
            return self._words.value("contact.phone", {"contact.phone": number}) + self._stop
        if slot in self.lesson.mumbles and slot not in self._mumbled:
            self._mumbled.add(slot)
            return self.line("mumble")
        if slot in self.lesson.evades and slot not in self._evaded:
            self._evaded.add(slot)
            return self.line("evade")
        if slot in self.lesson.says:
            return self.lesson.says[slot] + self._stop
        return self._slipping(slot)

    def _slipping(self, slot: str) -> str:
        right = self._words.item(slot, self.lesson.goal.values)
        slips = {n: v for n, v in self.lesson.slips.items() if n in fields_of(slot)}
        if not slips or slot in self._slipped:
            return right + self._stop
        self._slipped.add(slot)
        wrong = self._words.item(slot, {**self.lesson.goal.values, **slips})
        return self.line("slip").format(wrong=wrong, right=right)

    @property
    def _stop(self) -> str:
        return "。" if self.lesson.lang == "zh" else "."

    def _sentences(self, said: Iterable[str]) -> str:
        return ("" if self.lesson.lang == "zh" else " ").join(said)

    def _items(self, names: Iterable[str]) -> str:
        return self._words.join([self._words.item(n, self.lesson.goal.values) for n in names])

    def _has(self, slot: str) -> bool:
        return any(name in self.lesson.goal.values for name in fields_of(slot))
