"""Plays a simulated caller against the dialogue over a line that damages every word."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from models.call import Disposition
from models.order import Order
from nlp.dialogue.actions import OpenTask, Say, Transfer
from nlp.dialogue.events import CallBegan
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.settings import DialogueSettings
from nlp.simulation.behaviour import Goal, Said
from nlp.simulation.caller import SimulatedCaller
from nlp.simulation.ear import alike
from nlp.simulation.goals import SimulatedCall
from nlp.simulation.textcall import TextCall, TextDesk, Understand
from nlp.simulation.words import prompts

_LONGEST = 80

Damage = Callable[[str, random.Random], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a simulated call ended.

    Attributes:
        wrong: flat names whose confirmed value is not what the caller wanted.
        unsure: flat names that the caller was told a clerk would check with the recording.
        reason: why a person has to take over, empty where none does.
        turns: the caller's turns.
        transcript: who said what, and what was heard of it.
    """

    disposition: Disposition
    wrong: tuple[str, ...]
    unsure: tuple[str, ...]
    reason: str
    turns: int
    order: Order
    goal: Goal
    transcript: tuple[str, ...] = field(repr=False)

    @property
    def mistakes(self) -> tuple[str, ...]:
        """What is wrong though nobody was told that it is unsure."""
        return tuple(name for name in self.wrong if name not in self.unsure)

    @property
    def finished(self) -> bool:
        """Whether the call ended with a confirmed order."""
        return self.disposition is Disposition.ORDERED


def play(
    call: SimulatedCall, *, understand: Understand, damage: Damage, rng: random.Random, at: datetime
) -> Outcome:
    """Plays one call to its end."""
    line = TextCall(
        Dialogue(settings=DialogueSettings(), prompts=prompts()),
        understand,
        desk=TextDesk(match=call.match),
        at=at,
    )
    brain = SimulatedCaller(
        call.goal, behaviour=call.behaviour, lang=call.lang, rng=rng, today=at.date()
    )
    line.begin(
        CallBegan(
            at=at,
            order=Order(id="simulated"),
            lang=call.lang,
            caller=call.goal.caller,
            caller_is_mobile=True,
            customer=call.customer,
        )
    )
    transcript = _talk(line, brain, damage, rng)
    return Outcome(
        disposition=line.disposition or Disposition.ABANDONED,
        wrong=differences(line.order, brain.goal),
        unsure=line.dialogue.unsure,
        reason=_reason(line),
        turns=line.turns,
        order=line.order,
        goal=brain.goal,
        transcript=tuple(transcript),
    )


def differences(order: Order, goal: Goal) -> tuple[str, ...]:
    """Flat names in which an order is not what the caller wanted, as far as one can hear."""
    wanted = {**goal.values, "dangerous": goal.dangerous}
    names = dict.fromkeys([*wanted, *order.values()])
    ignored = {"customer.account"}
    return tuple(n for n in names if n not in ignored and not alike(order.value(n), wanted.get(n)))


def _reason(line: TextCall) -> str:
    given = [a.reason for a in line.log if isinstance(a, Transfer)]
    given += [a.reason for a in line.log if isinstance(a, OpenTask) and a.kind == "call_back"]
    return given[-1] if given else ""


def _talk(line: TextCall, brain: SimulatedCaller, damage: Damage, rng: random.Random) -> list[str]:
    lines: list[str] = []
    for _ in range(_LONGEST):
        said = [_said(say) for say in line.said]
        if line.over:
            lines += [f"A {one.key}: {one.text}" for one in said]
            break
        cut = brain.objects_at(said)
        heard_by_caller = said if cut is None else said[: cut + 1]
        lines += [f"A {one.key}: {one.text}" for one in heard_by_caller]
        if keys := brain.press(heard_by_caller):
            lines.append(f"C keys {keys}")
            line.press(keys)
            continue
        reply = brain.reply(heard_by_caller, interrupts=cut is not None)
        if reply is None:
            line.silence()
            continue
        heard = damage(reply, rng)
        lines.append(f"C {reply}   [{heard}]")
        if heard.strip():
            line.speak(heard, interrupts=None if cut is None else said[cut].key)
        else:
            line.mumble()
    return lines


def _said(say: Say) -> Said:
    return Said(
        prompt=say.prompt, text=say.text, values=say.values, order_version=say.order_version
    )
