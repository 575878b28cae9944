"""What could not be understood for certain, and is left to a clerk with the recording.

A name or a street that the line does not let through is no reason to lose an order. It keeps
what was heard alike twice and not called wrong, or stays empty; either way the caller is told,
the order is set aside for review, and a clerk is asked to listen.
"""

from __future__ import annotations

from models.order import FieldValue, Order
from nlp.dialogue.actions import OpenTask
from nlp.dialogue.memory import Reading, Talk
from nlp.dialogue.slots import SLOTS, TEXTS, fields_of
from nlp.dialogue.votes import agree, sound


def give_up(talk: Talk, about: str) -> bool:
    """Goes on without certainty about a text; False where the order cannot do without it."""
    target = about.partition(".")[2] if about.startswith(("check.", "choose.")) else about
    memory = talk.memory
    needed = SLOTS[target].needs if target in SLOTS else fields_of(target)
    texts = [name for name in needed if name in TEXTS]
    known = {*memory.unsure, *texts}
    if not texts or len(texts) < len(needed) or len(known) > talk.settings.unsure_at_most:
        return False
    if "customer.name" in texts and not talk.settings.accept_unknown:
        return False
    for name in texts:
        _keep_best(talk, name)
    memory.unsure = tuple(dict.fromkeys((*memory.unsure, *texts)))
    memory.checks = tuple(c for c in memory.checks if c not in {target, *texts})
    memory.wanted = tuple(name for name in memory.wanted if name not in texts)
    memory.ambiguities = tuple(a for a in memory.ambiguities if a.name != target)
    talk.say(f"unsure.{target}")
    return True


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
