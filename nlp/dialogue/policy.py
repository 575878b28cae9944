"""The dialogue: events in, actions out. No clock, no chance, no I/O.

Each state has one function that asks (`enter`) and one that takes the answer. Both return
the step to take in the table of `nlp.dialogue.states`, so the table alone says where a call
can go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from models.call import Disposition, Lang
from models.order import Order
from nlp.dialogue import (
    closing,
    counting,
    danger,
    failures,
    intake,
    keypad,
    linking,
    opening,
    reaching,
    readback,
    wishes,
)
from nlp.dialogue.actions import (
    Action,
    BeginOrder,
    CancelOrder,
    ConfirmOrder,
    KeepDraft,
    Listen,
    Say,
)
from nlp.dialogue.events import (
    CallBegan,
    CallerHungUp,
    CallerSpoke,
    CompanyMatched,
    EffectFailed,
    Event,
    KeysPressed,
    LinkQueued,
    NothingUnderstood,
    OrderConfirmed,
    OrderFound,
    SayEnded,
    SilenceFell,
)
from nlp.dialogue.memory import Answer, Memory
from nlp.dialogue.prompts import Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.dialogue.states import DEAF, RefusedEvent, State, Step, accepts, after
from nlp.dialogue.talk import Talk

_Report = CompanyMatched | OrderFound | OrderConfirmed | LinkQueued | EffectFailed
Enter = Callable[[Talk], Step | None]
Answered = Callable[[Talk, Answer], Step | None]
Missed = Callable[[Talk], Step | None]


@dataclass(frozen=True, slots=True)
class _Room:
    """What happens in a state: asking, taking an answer, getting none."""

    enter: Enter
    answered: Answered | None = None
    missed: Missed | None = None


_ROOMS: Mapping[State, _Room] = {
    State.REACHING: _Room(reaching.enter, reaching.answered, reaching.missed),
    State.INTAKE: _Room(intake.enter, intake.answered, intake.missed),
    State.MATCHING: _Room(intake.match),
    State.READBACK: _Room(readback.enter, readback.answered, readback.missed),
    State.NOTICE: _Room(danger.enter_notice),
    State.DANGER: _Room(danger.enter_danger, danger.answered, danger.missed),
    State.FINAL: _Room(danger.enter_final, danger.final_answered, danger.final_missed),
    State.CONFIRMING: _Room(danger.enter_confirming),
    State.MOBILE: _Room(linking.enter_mobile, linking.answered, linking.missed),
    State.LINKING: _Room(linking.enter_linking),
    State.MORE: _Room(linking.enter_more, linking.more_answered, linking.more_missed),
    State.COUNTING: _Room(counting.enter, counting.answered, counting.missed),
    State.LOOKUP: _Room(wishes.enter_lookup),
    State.CANCELLING: _Room(wishes.enter_cancelling, wishes.cancel_answered, wishes.cancel_missed),
}

_KEPT_OTHERWISE = (ConfirmOrder, CancelOrder, BeginOrder)
_FROM_STORE = (OrderConfirmed, LinkQueued, OrderFound)


class Dialogue:
    """One call's dialogue.

    Replaying the same events gives the same actions.
    """

    def __init__(self, *, settings: DialogueSettings, prompts: Prompts) -> None:
        self._settings = settings
        self._prompts = prompts
        self._memory: Memory | None = None

    @property
    def state(self) -> State:
        """Where the call stands."""
        return self._memory.state if self._memory else State.NEW

    @property
    def order(self) -> Order | None:
        """The order being taken, None before the call began."""
        return self._memory.order if self._memory else None

    @property
    def unsure(self) -> tuple[str, ...]:
        """What of the order is left to a clerk with the recording, by flat name."""
        return self._memory.unsure if self._memory else ()

    @property
    def lang(self) -> Lang:
        """The language being spoken."""
        return self._memory.lang if self._memory else "zh"

    @property
    def awaiting(self) -> Listen | None:
        """What is being listened for, None while nothing is asked."""
        if self._memory is None or self.state in DEAF or self.state is State.ENDED:
            return None
        return self._memory.last_listen

    @property
    def outcome(self) -> Disposition | None:
        """How the call counts if the caller hangs up now, None for abandoned."""
        return self._memory.outcome if self._memory else None

    def handle(self, event: Event) -> list[Action]:
        """What is to be done after an event.

        Raises:
            RefusedEvent: the event cannot happen now; nothing was changed.
        """
        if not accepts(self.state, event):
            raise RefusedEvent(f"{type(event).__name__} cannot happen in the state {self.state}.")
        memory = opening.remember(event) if isinstance(event, CallBegan) else self._memory
        if memory is None:
            raise RefusedEvent("A call starts with CallBegan.")
        talk = Talk(memory, self._settings, self._prompts, event.at)
        _walk(talk, _first_step(talk, event))
        self._memory = talk.memory
        return _with_draft(talk, event, before=memory.order)


def _first_step(talk: Talk, event: Event) -> Step | None:
    match event:
        case CallBegan():
            return opening.begin(talk, event)
        case CallerSpoke() | KeysPressed() | SilenceFell() | NothingUnderstood():
            return _heard(talk, event)
        case SayEnded():
            return _say_ended(talk, event)
        case CallerHungUp():
            return closing.dropped(talk)
        case _:
            return _reported(talk, event)


def _reported(talk: Talk, event: _Report) -> Step | None:
    """What the effects answered."""
    match event:
        case CompanyMatched():
            return intake.matched(talk, event)
        case OrderFound():
            return wishes.found(talk, event)
        case OrderConfirmed():
            return danger.confirmed(talk, event)
        case LinkQueued():
            return linking.queued(talk, event)
        case EffectFailed():
            return failures.failed(talk, event)


def _walk(talk: Talk, step: Step | None) -> None:
    """Follows steps through the table until something is asked or waited for."""
    while step is not None:
        talk.memory.state = after(talk.memory.state, step)
        room = _ROOMS.get(talk.memory.state)
        step = room.enter(talk) if room else None
    if any(isinstance(action, Listen) for action in talk.actions):
        talk.memory.last_says = tuple(a for a in talk.actions if isinstance(a, Say))


def _heard(
    talk: Talk, event: CallerSpoke | KeysPressed | SilenceFell | NothingUnderstood
) -> Step | None:
    room = _ROOMS.get(talk.memory.state)
    if talk.memory.state in DEAF or room is None or room.answered is None or room.missed is None:
        return None
    if isinstance(event, SilenceFell):
        return failures.silence(talk) or room.missed(talk)
    talk.memory.silences = 0
    answer = _answer(talk, event)
    if answer is None:
        return room.missed(talk)
    if isinstance(event, CallerSpoke):
        wishes.follow_language(talk, answer)
    handler = wishes.find(talk, answer)
    if handler is not None:
        return handler(talk, answer)
    failures_before = talk.memory.failures
    step = room.answered(talk, answer)
    if talk.memory.failures == failures_before:
        talk.worked()
    return step


def _answer(talk: Talk, event: CallerSpoke | KeysPressed | NothingUnderstood) -> Answer | None:
    if isinstance(event, CallerSpoke):
        heard = event.utterance
        return Answer(
            understanding=event.understanding,
            turn=heard.turn,
            started_ms=heard.started_ms,
            ended_ms=heard.ended_ms,
        )
    question = talk.memory.question
    if not isinstance(event, KeysPressed) or question is None:
        return None
    understood = keypad.understood(question, event.keys)
    return Answer(understanding=understood, turn=event.turn) if understood else None


def _say_ended(talk: Talk, event: SayEnded) -> Step | None:
    memory = talk.memory
    say = memory.playing.get(event.say_id)
    if say is None:
        return None
    memory.playing = {key: other for key, other in memory.playing.items() if key != say.id}
    if say.order_version is not None and event.heard_ratio >= 1.0:
        memory.heard = readback.heard_now(memory.heard, say.values)
    elif say.order_version is not None and event.heard_ratio > 0:
        # Whoever heard the beginning of another value wants to hear the right one again.
        memory.heard = {n: v for n, v in memory.heard.items() if say.values.get(n, v) == v}
    linking.number_ended(talk, event, say)
    if memory.state is State.NOTICE and say.id == memory.notice_say:
        return danger.notice_ended(talk, event, say.prompt)
    return None


def _with_draft(talk: Talk, event: Event, *, before: Order) -> list[Action]:
    """The actions, led by keeping the order where it changed and nothing else keeps it."""
    changed = talk.memory.order != before
    kept = any(isinstance(action, _KEPT_OTHERWISE) for action in talk.actions)
    if not changed or kept or isinstance(event, _FROM_STORE):
        return talk.actions
    return [KeepDraft(order=talk.memory.order), *talk.actions]
