"""Questions about one value: is it right, is it the usual one, which of these is it.

Each answer function gives True when the caller's answer settled or moved the matter, and
False when nothing usable came.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from models.fields import Value
from nlp.dialogue.memory import Answer, Memory, Question
from nlp.dialogue.slots import fields_of
from nlp.dialogue.taking import collect, dispute, fill, heard_from, on_record, settle
from nlp.dialogue.talk import Talk
from nlp.meaning import Ambiguity, Understanding


def check(talk: Talk, target: str) -> Question:
    """Asks whether a slot's or a field's value is right."""
    values = talk.memory.order.values()
    known = {name: values[name] for name in fields_of(target) if name in values}
    spoken = talk.phrases.of(target, known)
    return Question(
        about=f"check.{target}",
        slot="confirm",
        ladder=(f"check.{target}", "recheck", "keypad.check"),
        args={"value": spoken},
        values=known,
        readback=tuple(known),
        patience="yes_no",
        keys=1,
    )


def checked(talk: Talk, answer: Answer) -> bool:
    """Takes the yes, the no or the right value."""
    memory, meaning = talk.memory, answer.understanding
    target = memory.checks[0]
    names = fields_of(target)
    memory.checks = memory.checks[1:]
    changed = collect(talk, _about_only(answer, names), asked=names)
    if set(changed) & set(names):
        talk.missed(target)
    elif meaning.polarity == "no":
        dispute(talk, names)
    elif meaning.polarity is None:
        memory.checks = (target, *memory.checks)
        return bool(changed)
    else:
        settle(talk, names)
    return True


def _about_only(answer: Answer, names: tuple[str, ...]) -> Answer:
    """The answer without disputes of what was not asked: "the address is wrong" said of a street
    does not mean its city."""
    meaning = answer.understanding
    if not set(meaning.disputed) & set(names):
        return answer
    disputed = tuple(name for name in meaning.disputed if name in names)
    return replace(answer, understanding=replace(meaning, disputed=disputed))


def usual(memory: Memory, target: str) -> Mapping[str, Value] | None:
    """The customer's most used pick-up place, while nothing is known and nothing was offered."""
    if memory.customer is None or target != "origin" or target in memory.offered:
        return None
    return next(iter(memory.customer.origins), None)


def offer(talk: Talk, target: str, values: Mapping[str, Value]) -> Question:
    """Asks whether it is the usual place again; offered once."""
    talk.memory.offered = (*talk.memory.offered, target)
    return Question(
        about=f"offer.{target}",
        slot="confirm",
        ladder=(f"offer.{target}",),
        args={"value": talk.phrases.slot(target, values)},
        values=values,
        readback=tuple(values),
        keys=1,
    )


def offered(talk: Talk, answer: Answer) -> bool:
    """Takes the usual value on a yes; whatever else was said is taken too."""
    question = talk.memory.question
    changed = collect(talk, answer)
    if question is not None and not changed and answer.understanding.polarity == "yes":
        fill(talk, on_record(question.values))
    return True


def choice(talk: Talk, unclear: Ambiguity) -> Question:
    """Asks which of several values is meant."""
    labels = [_label(talk, one, unclear) for one in unclear.choices]
    return Question(
        about=f"choose.{unclear.name}",
        slot=unclear.name,
        ladder=("choose.one", "rechoose.one"),
        args={"heard": unclear.heard, "choices": talk.phrases.either(labels)},
        choices=tuple(labels),
        keys=1,
    )


def chosen(talk: Talk, answer: Answer) -> bool:
    """Takes the one choice that the answer fits, or new values for the same thing."""
    memory = talk.memory
    unclear, *rest = memory.ambiguities
    fitting = [one for one in unclear.choices if _fits(talk, one, unclear, answer.understanding)]
    if len(fitting) == 1:
        memory.ambiguities = tuple(rest)
        fill(talk, heard_from(answer, fitting[0], heard=unclear.heard))
        return True
    changed = collect(talk, answer)
    group = unclear.name.partition(".")[0]
    if any(name.partition(".")[0] == group for name in changed):
        memory.ambiguities = tuple(a for a in memory.ambiguities if a != unclear)
        return True
    return False


def _label(talk: Talk, one: Mapping[str, Value], unclear: Ambiguity) -> str:
    """What sets a choice apart from the others, in words."""
    rivals = [other for other in unclear.choices if other is not one]
    apart = [n for n, v in one.items() if any(other.get(n) != v for other in rivals)]
    named = apart or list(one)
    # The narrowest name that differs is how people tell places apart, but the same district
    # name under two cities is told apart by the city.
    own = [n for n in named if all(other.get(n) != one[n] for other in rivals)] or named
    name = next((n for n in own if n.endswith(".city")), own[-1])
    return talk.phrases.value(name, one[name])


def _fits(talk: Talk, one: Mapping[str, Value], unclear: Ambiguity, meaning: Understanding) -> bool:
    label = _label(talk, one, unclear)
    if label in meaning.text or label.rstrip("省市区县") in meaning.text:
        return True
    named = {f.name: f.value for f in meaning.fields if f.name in one}
    return bool(named) and all(one[name] == value for name, value in named.items())
