"""Where a call stands, and the whole table of how it goes on.

A step that is absent from a state's row is refused. Every state after `NEW` may be
passed through at once when its work is already done: a correction or a resumed call
goes back to `INTAKE` and from there forward again, through whatever still stands.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from models.errors import RuleError
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


class State(StrEnum):
    """Where a call stands."""

    NEW = "new"
    REACHING = "reaching"
    INTAKE = "intake"
    MATCHING = "matching"
    READBACK = "readback"
    NOTICE = "notice"
    DANGER = "danger"
    FINAL = "final"
    CONFIRMING = "confirming"
    MOBILE = "mobile"
    LINKING = "linking"
    MORE = "more"
    COUNTING = "counting"
    LOOKUP = "lookup"
    CANCELLING = "cancelling"
    CLOSING = "closing"
    ENDED = "ended"


class Step(StrEnum):
    """What moves a call on."""

    GREET = "greet"
    REACH = "reach"
    MATCH = "match"
    MATCHED = "matched"
    COMPLETE = "complete"
    AGREE = "agree"
    NOTICE_HEARD = "notice_heard"
    DECLARE = "declare"
    CONFIRM = "confirm"
    CONFIRMED = "confirmed"
    SEND = "send"
    SENT = "sent"
    ANOTHER = "another"
    COUNT = "count"
    COUNTED = "counted"
    GO_ON = "go_on"
    LOOK_UP = "look_up"
    CANCEL = "cancel"
    CANCELLED = "cancelled"
    CLOSE = "close"
    HANG_UP = "hang_up"


class RefusedEvent(RuleError):
    """The event cannot happen in the call's present state; nothing was changed."""


_S, _T = State, Step
_ANYTIME = {_T.CLOSE: _S.CLOSING, _T.HANG_UP: _S.ENDED}
_TALK = {
    **_ANYTIME,
    _T.GO_ON: _S.INTAKE,
    _T.LOOK_UP: _S.LOOKUP,
    _T.CANCEL: _S.CANCELLING,
}

#: The whole course of a call. `GO_ON` is: the order changed, or an interlude is over.
TRANSITIONS: Mapping[State, Mapping[Step, State]] = {
    _S.NEW: {_T.GREET: _S.INTAKE, _T.REACH: _S.REACHING, _T.CLOSE: _S.CLOSING},
    _S.REACHING: {**_TALK, _T.REACH: _S.REACHING},
    _S.INTAKE: {
        **_TALK,
        _T.MATCH: _S.MATCHING,
        _T.COMPLETE: _S.READBACK,
        _T.CANCELLED: _S.MORE,
    },
    _S.MATCHING: {**_ANYTIME, _T.MATCHED: _S.INTAKE},
    _S.READBACK: {**_TALK, _T.AGREE: _S.NOTICE},
    _S.NOTICE: {**_TALK, _T.NOTICE_HEARD: _S.DANGER},
    _S.DANGER: {**_TALK, _T.DECLARE: _S.FINAL},
    _S.FINAL: {**_TALK, _T.CONFIRM: _S.CONFIRMING},
    _S.CONFIRMING: {**_ANYTIME, _T.CONFIRMED: _S.MOBILE},
    _S.MOBILE: {**_TALK, _T.SEND: _S.LINKING, _T.SENT: _S.MORE},
    _S.LINKING: {**_ANYTIME, _T.SENT: _S.MORE},
    _S.MORE: {**_TALK, _T.ANOTHER: _S.INTAKE, _T.COUNT: _S.COUNTING},
    _S.COUNTING: {**_TALK, _T.COUNT: _S.COUNTING, _T.COUNTED: _S.MORE},
    _S.LOOKUP: {**_ANYTIME, _T.GO_ON: _S.INTAKE, _T.CANCEL: _S.CANCELLING},
    _S.CANCELLING: {
        **_ANYTIME,
        _T.GO_ON: _S.INTAKE,
        _T.LOOK_UP: _S.LOOKUP,
        _T.CANCEL: _S.CANCELLING,
        _T.CANCELLED: _S.MORE,
    },
    _S.CLOSING: {**_ANYTIME},
    _S.ENDED: {},
}

_HEARD: frozenset[type] = frozenset(
    {CallerSpoke, KeysPressed, SilenceFell, NothingUnderstood, SayEnded, EffectFailed, CallerHungUp}
)

#: The answers that some states wait for, beside what may be heard at any time.
_ANSWERS: Mapping[State, type] = {
    _S.MATCHING: CompanyMatched,
    _S.CONFIRMING: OrderConfirmed,
    _S.LINKING: LinkQueued,
    _S.LOOKUP: OrderFound,
}

#: States in which nothing is being asked: what the caller says then is not an answer.
DEAF: frozenset[State] = frozenset({*_ANSWERS, _S.NOTICE, _S.CLOSING})


def accepts(state: State, event: Event) -> bool:
    """Whether an event of this kind can happen in this state."""
    if state is State.NEW:
        return isinstance(event, CallBegan)
    if state is State.ENDED:
        return isinstance(event, SayEnded)
    return type(event) in _HEARD or type(event) is _ANSWERS.get(state)


def after(state: State, step: Step) -> State:
    """The state that a step leads to.

    Raises:
        RefusedEvent: the table has no such step.
    """
    target = TRANSITIONS[state].get(step)
    if target is None:
        raise RefusedEvent(f"A call in the state {state} cannot take the step {step}.")
    return target


def diagram() -> str:
    """The table as a Mermaid state diagram; steps between the same two states share an arrow.

    `close` and `hang_up` are possible from everywhere and are drawn once.
    """
    arrows: dict[tuple[str, str], list[str]] = {}
    for source, row in TRANSITIONS.items():
        for step, target in row.items():
            if step not in _ANYTIME:
                arrows.setdefault((source.value, target.value), []).append(step.value)
    lines = [f"    {a} --> {b}: {', '.join(steps)}" for (a, b), steps in arrows.items()]
    return "\n".join(
        [
            "stateDiagram-v2",
            f"    [*] --> {State.NEW}",
            *lines,
            f"    {State.CLOSING} --> {State.ENDED}: {Step.HANG_UP}",
            f"    {State.ENDED} --> [*]",
        ]
    )
