"""What could not be understood for certain, and is left to a clerk with the recording.

A name or a street that the line does not let through is no reason to lose an order. It keeps
what was heard alike twice and not called wrong, or stays empty; either way the caller is told,
the order is set aside for review, and a clerk is asked to listen.
"""

from __future__ import annotations

from collections.abc import Iterable

from models.fields import FIELDS
from models.order import FieldValue, Order
from nlp.dialogue.actions import OpenTask
from nlp.dialogue.memory import Reading
from nlp.dialogue.slots import SLOTS, TEXTS, fields_of
from nlp.dialogue.slots import about as about_of
from nlp.dialogue.talk import Talk
from nlp.dialogue.votes import agree, sound

#: So many values of one text may turn out wrong before it is left to a clerk.
_VALUES = 4


def hopeless(talk: Talk, about: str) -> bool:
    """Whether a text was heard wrong so often that one more question would not help."""
    target = _target(about)
    return talk.memory.tries.get(target, 0) >= _VALUES and bool(_texts(talk, target))


def give_up(talk: Talk, about: str) -> bool:
    """Goes on without certainty about a text; False where the order cannot do without it."""
    target = _target(about)
    memory = talk.memory
    texts = _texts(talk, target)
    if not texts:
        return _do_without(talk, about, target)
    for name in texts:
        _keep_best(talk, name)
    memory.unsure = tuple(dict.fromkeys((*memory.unsure, *texts)))
    memory.checks = tuple(c for c in memory.checks if c not in {target, *texts})
    memory.wanted = tuple(name for name in memory.wanted if name not in texts)
    memory.ambiguities = tuple(a for a in memory.ambiguities if a.name != target)
    spent = (target, f"check.{target}", f"beside.{target}")
    memory.failures = max(0, memory.failures - sum(memory.tries.get(key, 0) for key in spent))
    # A clear value that comes later may still be asked about, once.
    left = {target: min(memory.tries.get(target, 0), _VALUES - 1), f"check.{target}": 0}
    memory.tries = {**memory.tries, **left}
    talk.say(f"unsure.{target}")
    return True


def give_up_worst(talk: Talk) -> bool:
    """Leaves to a clerk the text that was called wrong most often; False without any."""
    memory = talk.memory
    open_ones = [name for name in FIELDS if name in TEXTS and name not in memory.unsure]
    targets = [t for t in dict.fromkeys(map(about_of, open_ones)) if _texts(talk, t)]
    worst = max(targets, key=lambda target: memory.tries.get(target, 0), default=None)
    return bool(worst) and memory.tries.get(str(worst), 0) > 0 and give_up(talk, str(worst))


def optional(talk: Talk, names: Iterable[str]) -> bool:
    """Whether the order can do without these fields."""
    needed = {field for slot in talk.settings.required for field in SLOTS[slot].needs}
    return not needed & {*names}


def leave_out(talk: Talk, names: Iterable[str]) -> None:
    """Goes on without something that need not be."""
    memory, left = talk.memory, {*names}
    memory.wanted = tuple(name for name in memory.wanted if name not in left)
    memory.order = memory.order.change({}, drop=left & memory.order.fields.keys())
    talk.say("removed")


def _do_without(talk: Talk, about: str, target: str) -> bool:
    """Leaves out what was asked in vain and need not be; a clerk hears whether it was wanted."""
    names = fields_of(target) if about == target and target in {*SLOTS, *FIELDS} else ()
    if not names or not optional(talk, names):
        return False
    leave_out(talk, names)
    talk.memory.unsure = tuple(dict.fromkeys((*talk.memory.unsure, *names)))
    return True


def _target(about: str) -> str:
    return about.partition(".")[2] if about.startswith(("check.", "choose.")) else about


def _texts(talk: Talk, target: str) -> tuple[str, ...]:
    """The texts that a target is made of, where they may be left to a clerk."""
    needed = SLOTS[target].needs if target in SLOTS else fields_of(target)
    if (
        not set(needed) <= TEXTS
        or len({*talk.memory.unsure, *needed}) > talk.settings.unsure_at_most
    ):
        return ()
    if "customer.name" in needed and not talk.settings.accept_unknown:
        return ()
    return tuple(needed)


def flagged(talk: Talk, order: Order) -> Order:
    """The order, set aside for review where a part of it is unsure."""
    for name in talk.memory.unsure:
        order = order.flag(f"not sure of {name}")
    return order


def ask_clerk(talk: Talk) -> None:
    """Has a clerk listen to what is unsure in the order."""
    memory = talk.memory
    if not memory.unsure:
        return
    places = "; ".join(_place(memory.readings, name) for name in memory.unsure)
    reason = f"listen to the recording for {places}"
    talk.do(OpenTask(kind="review", reason=reason, order_id=memory.order.id))


def _keep_best(talk: Talk, name: str) -> None:
    """Keeps a value that was not called wrong, or the reading heard most often."""
    memory = talk.memory
    denied = {sound(str(value)) for field, value in memory.rejected if field == name}
    held = memory.order.value(name)
    if held is not None and sound(str(held)) not in denied:
        return
    open_ones = [r for r in memory.readings if r.field == name and sound(r.value) not in denied]
    twice = [r for r in open_ones if sum(agree(r.value, other.value) for other in open_ones) > 1]
    if twice:
        memory.order = memory.order.change({name: FieldValue(twice[-1].value, twice[-1].source)})
    elif held is not None:
        memory.order = memory.order.change({}, drop=(name,))


def _place(readings: tuple[Reading, ...], name: str) -> str:
    """A field's name, with where in the recording it was last said."""
    heard = [r.source for r in readings if r.field == name and r.source.started_ms is not None]
    if not heard or heard[-1].started_ms is None:
        return name
    seconds = heard[-1].started_ms // 1000
    return f"{name} at {seconds // 60}:{seconds % 60:02}"
