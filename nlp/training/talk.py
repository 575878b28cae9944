"""The talk with a trainee as a sans-IO machine: the session's events in, its actions out (pure)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from models.call import Disposition
from nlp.dialogue.actions import Action, HangUp, Listen, Say
from nlp.dialogue.events import (
    CallBegan,
    CallerSpoke,
    Event,
    NothingUnderstood,
    SilenceFell,
)
from nlp.meaning import Expectation
from nlp.training.customer import Customer

#: The customer gives up after this many silences in a row.
_SILENCES = 3
_NO_INPUT_MS = 15_000
#: What every sentence of the customer is filed under in the transcript.
PROMPT = "training@1"


@dataclass
class TrainingTalk:
    """What `Dialogue` is for the assistant, for a customer who is played."""

    customer: Customer
    _said: int = 0
    _silences: int = 0

    def handle(self, event: Event) -> list[Action]:
        """The actions that answer an event. The clerk speaks first, as at a real desk."""
        match event:
            case CallBegan():
                return [self._listen(event.at)]
            case CallerSpoke():
                self._silences = 0
                values = {one.name: one.value for one in event.understanding.fields}
                said, over = self.customer.answer(event.utterance.text, values)
                return self._end(said) if over else [self._say(said), self._listen(event.at)]
            case NothingUnderstood():
                return [self._say(self.customer.line("what")), self._listen(event.at)]
            case SilenceFell():
                return self._silence(event.at)
            case _:
                return []

    def _silence(self, at: datetime) -> list[Action]:
        self._silences += 1
        if self._silences >= _SILENCES:
            return self._end(self.customer.line("gone"))
        return [self._say(self.customer.line("still_there")), self._listen(at)]

    def _end(self, said: str) -> list[Action]:
        return [self._say(said), HangUp(disposition=Disposition.INFORMED)]

    def _say(self, text: str) -> Say:
        self._said += 1
        lesson = self.customer.lesson
        return Say(
            id=f"said-{self._said}", text=text, prompt=PROMPT, lang=lesson.lang, rate=lesson.rate
        )

    def _listen(self, at: datetime) -> Listen:
        expectation = Expectation(lang=self.customer.lesson.lang, now=at)
        return Listen(expectation=expectation, patience="long", no_input_ms=_NO_INPUT_MS)
