"""What a dialogue remembers, and the working table on which one event is handled.

`Memory` is copied before each event and kept only when the event was taken: its
containers are replaced, never changed in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from models.call import Disposition, Lang
from models.fields import DangerousGood, Value
from models.order import Order, Source
from nlp.dialogue.actions import Action, Listen, Patience, Say
from nlp.dialogue.events import KnownCustomer
from nlp.dialogue.phrases import Phrases
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.dialogue.states import State
from nlp.meaning import Ambiguity, Expectation, Understanding, Vocabulary

_PATIENT_MS = 7_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """Something asked of the caller.

    Attributes:
        about: what failed tries are counted by, such as `weight` or `check.origin`.
        slot: what `Expectation.slot` says.
        ladder: prompt keys, from the first wording to the last resort.
        choices: what the keys 1, 2, ... stand for; empty where they are digits or nothing.
        keys: see `Listen.keys`; None when the keypad cannot answer.
    """

    about: str
    slot: str
    ladder: tuple[str, ...]
    args: Mapping[str, str] = field(default_factory=dict)
    values: Mapping[str, Value] = field(default_factory=dict)
    version: int | None = None
    readback: tuple[str, ...] = ()
    patience: Patience = "normal"
    choices: tuple[str, ...] = ()
    keys: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What was once heard for a field of free words."""

    field: str
    value: str
    source: Source


@dataclass(slots=True, kw_only=True)
class Memory:
    """Everything the dialogue knows between two events.

    Attributes:
        told: how often each prompt was said.
        tries: failed tries by `Question.about`.
        failures, silences: failed turns, less those earned back; silences in a row.
        heard: what the caller heard read back, whole, by flat name.
        agreed: what the caller said yes to, by flat name; without `dangerous`.
        checks: slots or fields whose value needs a yes of its own.
        fresh: fields filled or changed since they were last repeated.
        wanted: fields that the caller says are wrong, to be asked again.
        rejected: values that the caller said are wrong; not taken again by mere hearing.
        readings: what was heard for fields of free words, in order, right or wrong.
        unsure: fields left to a clerk with the recording; not asked for any more.
        searched: the doubtful values were asked about one by one, once.
        offered: slots for which the usual value was offered.
        suspects: goods that may hide dangerous ones, to be asked about.
        named: dangerous goods mentioned before the question was asked.
        guided: the guiding question was answered.
        which: the caller said yes and has yet to name the goods.
        notice_mode, notice_prompt: the mode whose notice was heard whole, and its wording.
        agreed_version, stored_version: the versions of the last yes to a whole readback and
            of the last confirmation that the store kept.
        told_number: the order number that was last heard to its end.
        outcome: how the call counts when it ends now.
        mobile: the number for the link that the caller has yet to confirm.
    """

    state: State
    order: Order
    at: datetime
    lang: Lang = "zh"
    caller: str | None = None
    caller_is_mobile: bool = False
    customer: KnownCustomer | None = None
    today_count: int = 0
    orders: int = 1
    open_now: bool = True
    rate: float = 1.0
    said: int = 0
    told: Mapping[str, int] = field(default_factory=dict)
    tries: Mapping[str, int] = field(default_factory=dict)
    failures: int = 0
    silences: int = 0
    abuses: int = 0
    question: Question | None = None
    last_says: tuple[Say, ...] = ()
    last_listen: Listen | None = None
    playing: Mapping[str, Say] = field(default_factory=dict)
    heard: Mapping[str, Value] = field(default_factory=dict)
    agreed: Mapping[str, Value] = field(default_factory=dict)
    agreed_version: int | None = None
    stored_version: int | None = None
    opened: bool = False
    extras_asked: bool = False
    match_name: str | None = None
    matched: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    fresh: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    rejected: tuple[tuple[str, Value], ...] = ()
    readings: tuple[Reading, ...] = ()
    unsure: tuple[str, ...] = ()
    searched: bool = False
    offered: tuple[str, ...] = ()
    suspects: tuple[str, ...] = ()
    named: tuple[DangerousGood, ...] = ()
    guided: bool = False
    which: bool = False
    notice_mode: str | None = None
    notice_prompt: str = ""
    notice_say: str | None = None
    notice_plays: int = 0
    mobile: str | None = None
    mobile_declined: bool = False
    link_failed: bool = False
    retried: tuple[str, ...] = ()
    told_number: str | None = None
    outcome: Disposition | None = None
    first_order_id: str = ""
    purpose: str = ""
    found: Order | None = None


#: What belongs to one order and starts anew with the next.
_PER_ORDER = (
    *("tries", "heard", "agreed", "agreed_version", "stored_version", "opened", "extras_asked"),
    *(
        "match_name",
        "checks",
        "ambiguities",
        "fresh",
        "rejected",
        "readings",
        "unsure",
        "searched",
        "wanted",
        "offered",
        "suspects",
        "named",
    ),
    *("guided", "which", "notice_mode", "notice_prompt", "notice_say", "notice_plays"),
    *("link_failed", "retried", "mobile", "mobile_declined"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the caller answered, by voice or by keys, and where it is in the recording."""

    understanding: Understanding
    turn: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None


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
        for name in _PER_ORDER:
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
        rung = self.memory.tries.get(question.about, 0)
        if self.worn_out or rung >= len(question.ladder):
            return False
        self.memory.question = question
        self.say(
            question.ladder[rung],
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
