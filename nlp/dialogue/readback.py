"""Reads the order back in pieces that can be interrupted, and takes the yes.

What the caller heard whole is kept by field and value. A yes counts only when that covers
every value of the order as it stands, so a correction makes just its own part unheard again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from models.fields import Value
from nlp.dialogue import closing, unsure
from nlp.dialogue.assent import plain_yes
from nlp.dialogue.memory import Answer, Question
from nlp.dialogue.slots import SLOTS, TEXTS, about, fields_of, slot_of
from nlp.dialogue.states import Step
from nlp.dialogue.taking import collect, dispute
from nlp.dialogue.talk import Talk
from nlp.meaning import Intent, Understanding

#: The pieces in spoken order, each with its slots.
PARTS: Mapping[str, tuple[str, ...]] = {
    "customer": ("customer", "mode"),
    "origin": ("origin", "consignor", "pickup"),
    "destination": ("destination", "consignee", "deliver_by"),
    "goods": ("goods", "packaging", "pieces", "weight", "volume", "declared_value"),
    "terms": ("payment", "contact", "remarks"),
}

#: Said apart from the readback, or known from the records and not the caller's words.
_NOT_READ = frozenset({"dangerous", "customer.account"})

#: So many objections are not understood before the values are asked about one by one.
_OBJECTIONS = 2

#: So many corrections of one thing are taken during the readback.
_CORRECTIONS = 2


def readable(values: Mapping[str, Value]) -> dict[str, Value]:
    """What is read back of an order: all but what has its own question or is a record's."""
    return {name: value for name, value in values.items() if name not in _NOT_READ}


def spoken_order(values: Mapping[str, Value]) -> tuple[str, ...]:
    """Flat names in the order in which they are read out."""
    slots = [slot for part in PARTS.values() for slot in part]
    return tuple(n for slot in slots for n in SLOTS[slot].fields if n in values)


def enter(talk: Talk) -> Step | None:
    """Reads what the caller has not heard yet and asks for the yes."""
    memory = talk.memory
    values = readable(memory.order.values())
    if memory.agreed == values:
        return Step.AGREE
    _read(talk, values)
    question = Question(
        about="readback",
        slot="confirm",
        ladder=("readback.confirm", "reask.readback", "choose.readback", "keypad.readback"),
        version=memory.order.version,
        readback=spoken_order(values),
        patience="yes_no",
        keys=1,
    )
    if talk.ask(question):
        return None
    if unsure.give_up_worst(talk):
        memory.tries = {**memory.tries, "readback": 1}
        return Step.GO_ON
    return closing.hand_over(talk, "the readback could not be agreed on")


def answered(talk: Talk, answer: Answer) -> Step:
    """Takes the yes, a correction, or a no that names nothing yet."""
    memory, meaning = talk.memory, answer.understanding
    version = memory.order.version
    changed = collect(talk, answer)
    _ask_alone(talk, changed)
    if memory.order.version != version:
        # What was corrected is read again at once, which is check enough; a caller who never
        # gets it right still reaches a person.
        memory.checks = ()
        memory.failures += 1
        memory.tries = {**memory.tries, "readback": 0}
        return Step.GO_ON
    if plain_yes(meaning) and not memory.ambiguities:
        return _yes(talk)
    if meaning.polarity == "yes" and _may_be_remark(talk):
        memory.wanted = (*memory.wanted, "remarks")
        return missed(talk)
    _note_objection(talk, meaning)
    if memory.tries.get("readback", 0) >= _OBJECTIONS and not memory.searched:
        _search(talk)
        return Step.GO_ON
    return missed(talk)


def missed(talk: Talk) -> Step:
    """Nothing usable came."""
    talk.missed("readback")
    return Step.GO_ON


def _may_be_remark(talk: Talk) -> bool:
    """Whether a yes with more in it, said again, is asked about as a remark: "还有，…"."""
    memory = talk.memory
    known = {*memory.order.fields, *memory.unsure, *memory.wanted}
    again, asked = memory.tries.get("readback", 0), memory.tries.get("remarks", 0)
    return again > 0 and not asked and "remarks" not in known


def _note_objection(talk: Talk, meaning: Understanding) -> None:
    """Whoever objects and is heard to say what is known already, means just that."""
    if meaning.polarity == "no" or meaning.intent is Intent.CORRECT:
        texts = [f.name for f in meaning.fields if f.name in TEXTS]
        for target in dict.fromkeys(map(about, texts)):
            talk.count(target)


def _search(talk: Talk) -> None:
    """Asks about the doubtful values one by one, when an objection cannot be understood."""
    memory = talk.memory
    memory.searched, memory.extras_asked = True, False
    memory.failures += 1
    memory.tries = {**memory.tries, "readback": 1}
    fields = memory.order.fields
    doubtful = [
        name
        for name in spoken_order(readable(memory.order.values()))
        if name not in memory.unsure
        and fields[name].source.changed_by == "caller"
        and (name in TEXTS or fields[name].source.confidence < 1.0)
    ]
    memory.checks = tuple(dict.fromkeys(map(about, doubtful)))


def fully_heard(talk: Talk) -> bool:
    """Whether the caller heard every value of the order as it stands."""
    values = readable(talk.memory.order.values())
    heard = talk.memory.heard
    return not _gone(heard, values) and all(heard.get(n) == v for n, v in values.items())


def _gone(heard: Mapping[str, Value], values: Mapping[str, Value]) -> set[str]:
    """What was heard and is no longer there, of slots that still hold something else."""
    slots = {slot_of(name).name for name in values}
    return {n for n in heard if n not in values and n not in _NOT_READ and slot_of(n).name in slots}


def heard_now(heard: Mapping[str, Value], said: Mapping[str, Value]) -> dict[str, Value]:
    """What the caller knows of the order after this: a slot read again holds nothing else."""
    again = {field for name in said for field in slot_of(name).fields}
    return {**{name: value for name, value in heard.items() if name not in again}, **said}


def _yes(talk: Talk) -> Step:
    if fully_heard(talk):
        talk.memory.agreed = readable(talk.memory.order.values())
        talk.memory.agreed_version = talk.memory.order.version
        return Step.AGREE
    return Step.GO_ON


def _ask_alone(talk: Talk, changed: tuple[str, ...]) -> None:
    """What was put right here before and is still not right gets its own question."""
    memory = talk.memory
    targets = dict.fromkeys(about(name) for name in changed)
    for target in targets:
        key = f"corrected.{target}"
        talk.count(key)
        if memory.tries[key] > _CORRECTIONS:
            dispute(talk, [name for name in changed if about(name) == target])


def _read(talk: Talk, values: Mapping[str, Value]) -> None:
    memory = talk.memory
    if not memory.heard and "readback.intro" not in memory.told:
        talk.say("readback.intro")
    for part, slots in PARTS.items():
        fields = {n for slot in slots for n in fields_of(slot)}
        names = fields & values.keys()
        unheard = {n for n in names if memory.heard.get(n) != values[n]}
        unheard |= _gone(memory.heard, values) & fields
        if not unheard:
            continue
        if names & memory.heard.keys():
            changed = [slot for slot in slots if unheard & {*fields_of(slot)}]
            _say_part(talk, "readback.changed", changed, values)
        else:
            _say_part(talk, f"readback.{part}", slots, values)


def _say_part(talk: Talk, key: str, slots: Iterable[str], values: Mapping[str, Value]) -> None:
    known = [slot for slot in slots if values.keys() & {*fields_of(slot)}]
    said = {n: values[n] for slot in known for n in fields_of(slot) if n in values}
    items = talk.phrases.join([talk.phrases.item(slot, values) for slot in known])
    talk.say(key, values=said, version=talk.memory.order.version, args={"items": items})
