"""Remembers what was heard for fields of free words, and lets the readings vote."""

from __future__ import annotations

from dataclasses import replace

from models.order import Source
from nlp.dialogue.memory import Memory, Reading
from nlp.dialogue.slots import TEXTS
from nlp.dialogue.talk import Talk
from nlp.dialogue.votes import agree, merged, sound
from nlp.meaning import HeardField


def voted(talk: Talk, field: HeardField, source: Source) -> HeardField:
    """The field with the value that this and the earlier readings speak for together."""
    memory = talk.memory
    if field.name not in TEXTS or not isinstance(field.value, str):
        return field
    memory.readings = (*memory.readings, Reading(field.name, field.value, source))
    value = merged([r.value for r in memory.readings if r.field == field.name])
    wrong = {sound(str(v)) for name, v in memory.rejected if name == field.name}
    if field.corrects:
        wrong.add(sound(str(memory.order.value(field.name))))
    return field if sound(value) in wrong else replace(field, value=value)


def heard_twice(memory: Memory, field: HeardField) -> bool:
    """Whether two independent turns gave a value of this very sound."""
    readings = [r.value for r in memory.readings if r.field == field.name]
    return sum(agree(reading, str(field.value)) for reading in readings) > 1
