"""The working table on which one event is handled: the memory as it will be, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from models.fields import Value
from models.order import Order
from nlp.dialogue.actions import Action, Listen, Say
from nlp.dialogue.memory import PER_ORDER, Memory, Question
from nlp.dialogue.phrases import Phrases
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.meaning import Expectation, Vocabulary

_PATIENT_MS = 7_000


class Talk:
    """One event being handled: the memory as it will be, and the actions so far."""

    def __init__(
        self, memory: Memory, settings: DialogueSettings, prompts: Prompts, at: datetime
    ) -> None:
        self.memory = replace(memory, at=at)
        self.settings = settings
        self.prompts = prompts
        self.actions: list[Action] = []

    @property
    def phrases(self) -> Phrases:
        """Values in words of the caller's language."""
        return Phrases(self.prompts, self.memory.lang)

    def start(self, order: Order) -> None:
        """Takes up another order: what was heard, tried and agreed for the last one is void."""
        fresh = Memory(state=self.memory.state, order=order, at=self.memory.at)
        for name in PER_ORDER:
            setattr(self.memory, name, getattr(fresh, name))
        self.memory.order = order

    def do(self, action: Action) -> None:
        """Wants something done."""
        self.actions.append(action)

    def say(
        self,
        key: str,
        *,
        values: Mapping[str, Value] | None = None,
        version: int | None = None,
        interruptible: bool = True,
        args: Mapping[str, str] | None = None,
    ) -> Say:
        """Says a prompt; its end is awaited where it reads the order or the notice."""
        memory = self.memory
        nth = memory.told.get(key, 0)
        text, prompt = self.prompts.render(key, lang=memory.lang, nth=nth, args=args or {})
        say = Say(
            id=f"s{memory.said}",
            text=text,
            prompt=prompt,
            lang=memory.lang,
            order_version=version,
            values=values or {},
            interruptible=interruptible,
            rate=memory.rate,
        )
        memory.said += 1
        memory.told = {**memory.told, key: nth + 1}
        self._play(say)
        return say

    @property
    def worn_out(self) -> bool:
        """Whether so much fails that a person has to take over."""
        return self.memory.failures >= self.settings.hand_over_after

    def ask(self, question: Question) -> bool:
        """Asks on the rung that failed tries have led to; False when the ladder is used up."""
        tries = self.memory.tries
        rung = tries.get(question.about, 0) // self.settings.tries_per_rung
        if self.worn_out or rung >= len(question.ladder):
            return False
        # What was said beside the question is no failed try, but it is asked in other words.
        wording = _wording(rung + max(0, tries.get(f"beside.{question.about}", 0) - 1), question)
        if wording is None:
            return False
        self.memory.question = question
        self.say(
            wording,
            values=question.values,
            version=question.version,
            args=question.args,
        )
        self.listen()
        return True

    def listen(self, *, no_input_ms: int = _PATIENT_MS) -> None:
        """Waits for an answer to the question in memory."""
        memory, question = self.memory, self.memory.question
        if question is None:
            raise AssertionError("There is no question to listen for.")
        customer = memory.customer
        listen = Listen(
            expectation=Expectation(
                denied=self.memory.rejected,
                slot=question.slot,
                lang=memory.lang,
                now=memory.at,
                known=memory.order.values(),
                readback=question.readback,
                vocabulary=customer.vocabulary if customer else Vocabulary(),
                listed=self.settings.listed,
            ),
            patience=question.patience,
            no_input_ms=no_input_ms,
            keys=question.keys or 0,
        )
        memory.last_listen = listen
        self.do(listen)

    def repeat(self) -> None:
        """Says the last question again, word for word, and listens."""
        said = self.memory.last_says
        for say in said:
            again = replace(say, id=f"s{self.memory.said}", rate=self.memory.rate)
            self.memory.said += 1
            self._play(again)
        self.listen()

    def missed(self, about: str) -> None:
        """Counts a failed try at a question."""
        self.memory.failures += 1
        self.count(about)

    def worked(self) -> None:
        """A turn brought the call on, which makes up for some that failed."""
        memory = self.memory
        memory.failures = max(0, memory.failures - self.settings.earned_back)

    def count(self, about: str) -> None:
        """Counts a try at something."""
        memory = self.memory
        memory.tries = {**memory.tries, about: memory.tries.get(about, 0) + 1}

    def _play(self, say: Say) -> None:
        self.memory.playing = {**self.memory.playing, say.id: say}
        self.do(say)


def _wording(step: int, question: Question) -> str | None:
    """The wording for the next time; None when each was said twice. The first one, which is also
    repeated for the first thing said beside it, does not come back."""
    ladder = question.ladder
    if step < len(ladder) or len(ladder) == 1:
        return ladder[step % len(ladder)]
    again = step - len(ladder) + 1
    return ladder[again] if again < len(ladder) else None
