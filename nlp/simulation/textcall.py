"""A call as text: drives a `Dialogue`, with a desk that answers at once (pure).

Everything said is heard to its end unless the caller interrupts, and the desk's answers
are those of a store that works, or of one that fails where the test says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from models.call import Disposition, Lang
from models.order import Order
from nlp.dialogue.actions import (
    Action,
    ConfirmOrder,
    FindOrder,
    HangUp,
    MatchCompany,
    Say,
    SendLink,
    Transfer,
)
from nlp.dialogue.events import (
    CallBegan,
    CallerHungUp,
    CallerSpoke,
    CompanyMatched,
    EffectFailed,
    Event,
    KeysPressed,
    KnownCustomer,
    LinkQueued,
    NothingUnderstood,
    OrderConfirmed,
    OrderFound,
    SayEnded,
    SilenceFell,
)
from nlp.dialogue.policy import Dialogue
from nlp.meaning import Expectation, Understanding, Utterance

Understand = Callable[[Utterance, Expectation], Understanding]

_TURN = timedelta(seconds=8)
_CUT_SHORT = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class TextDesk:
    """What the stand-in for the store knows.

    Attributes:
        match: the customer that a heard company name means.
        latest: the order that `FindOrder` finds.
        fails: action types to how often they fail first; -1 for always.
    """

    match: Callable[[str], KnownCustomer | None] = lambda _: None
    latest: Order | None = None
    fails: Mapping[str, int] = field(default_factory=dict)
    today_count: int = 0


class TextCall:
    """One call, turn by turn.

    Attributes:
        said: what the assistant said since the caller's last turn.
        log: all events and actions, in order.
    """

    def __init__(
        self, dialogue: Dialogue, understand: Understand, *, desk: TextDesk, at: datetime
    ) -> None:
        self.dialogue = dialogue
        self.at = at
        self.said: list[Say] = []
        self.log: list[Event | Action] = []
        self.turns = 0
        self.disposition: Disposition | None = None
        self._understand = understand
        self._desk = desk
        self._failures = dict(desk.fails)
        self._confirmed = desk.today_count
        self._playing: list[Say] = []

    @property
    def order(self) -> Order:
        """The order as the dialogue has it."""
        if self.dialogue.order is None:
            raise ValueError("Begin the call first.")
        return self.dialogue.order

    @property
    def over(self) -> bool:
        """Whether the assistant has ended the call or given it away."""
        return self.disposition is not None

    def begin(self, event: CallBegan) -> None:
        """The caller is connected."""
        self._handle(event)

    def speak(self, text: str, *, interrupts: str | None = None, lang: Lang | None = None) -> None:
        """The caller says something, perhaps while the prompt of the key `interrupts` plays."""
        during = self._start_turn(interrupts)
        heard = Utterance(
            text=text, lang=lang or self.dialogue.lang, confidence=0.9, turn=self.turns
        )
        meaning = self._understand(heard, self.expectation)
        self._handle(
            CallerSpoke(at=self.at, utterance=heard, understanding=meaning, during_say=during)
        )

    def press(self, keys: str) -> None:
        """The caller keys digits."""
        self._start_turn()
        self._handle(KeysPressed(at=self.at, keys=keys, turn=self.turns))

    def silence(self) -> None:
        """The caller says nothing."""
        self._start_turn()
        self._handle(SilenceFell(at=self.at))

    def mumble(self) -> None:
        """The caller says something that no recogniser understands."""
        self._start_turn()
        self._handle(NothingUnderstood(at=self.at))

    def hang_up(self) -> None:
        """The caller's leg ends."""
        self._handle(CallerHungUp(at=self.at))
        self.disposition = self.disposition or self.dialogue.outcome or Disposition.ABANDONED

    def fail(self, action: str, *, retryable: bool = False) -> None:
        """Something outside failed while the caller was not being asked anything."""
        self._handle(EffectFailed(at=self.at, action=action, retryable=retryable))

    @property
    def expectation(self) -> Expectation:
        """What the assistant is listening for."""
        waiting = self.dialogue.awaiting
        return waiting.expectation if waiting else Expectation(now=self.at)

    def _start_turn(self, interrupts: str | None = None) -> str | None:
        self.turns += 1
        self.at += _TURN
        during = self._hear(interrupts)
        self.said = []
        return during

    def _hear(self, interrupts: str | None = None) -> str | None:
        """Ends what was being said; the id of the `Say` that the caller cut short."""
        during = None
        while self._playing:
            say = self._playing.pop(0)
            if during is None and interrupts is not None and key_of(say) == interrupts:
                during = say.id
                ratio = _CUT_SHORT
            else:
                ratio = 1.0 if during is None else 0.0
            self._handle(SayEnded(at=self.at, say_id=say.id, heard_ratio=ratio))
        return during

    def _handle(self, event: Event) -> None:
        self.log.append(event)
        actions = self.dialogue.handle(event)
        for action in actions:
            self.log.append(action)
            self._do(action)
        # Without a question nobody can interrupt: what was said is heard and time goes on.
        if actions and self.dialogue.awaiting is None:
            self._hear()

    def _do(self, action: Action) -> None:
        if isinstance(action, Say):
            self.said.append(action)
            self._playing.append(action)
        elif self._failures.get(action.type, 0):
            self._failures[action.type] -= 1
            self._handle(EffectFailed(at=self.at, action=action.type, retryable=True))
        else:
            self._answer(action)

    def _answer(self, action: Action) -> None:
        match action:
            case HangUp():
                self.disposition = action.disposition
            case Transfer():
                self.disposition = Disposition.TRANSFERRED
            case MatchCompany():
                found = self._desk.match(action.name)
                self._handle(CompanyMatched(at=self.at, name=action.name, customer=found))
            case FindOrder():
                self._handle(OrderFound(at=self.at, order=self._desk.latest))
            case ConfirmOrder():
                self._confirmed += 1
                number = action.order.number or f"{self.at:%y%m%d}{self._confirmed:04d}"
                order = replace(action.order, number=number)
                self._handle(OrderConfirmed(at=self.at, order=order, today_count=self._confirmed))
            case SendLink():
                order = action.order.send_link(action.order.version)
                self._handle(LinkQueued(at=self.at, order=order))
            case _:
                pass


def key_of(say: Say) -> str:
    """The prompt's key, without its version."""
    return say.prompt.partition("@")[0]
