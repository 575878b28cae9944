"""Remembers what was heard for fields of free words, and lets the readings vote."""

from __future__ import annotations

import re
from dataclasses import replace

from models.order import Source
from nlp.dialogue.memory import Memory, Reading
from nlp.dialogue.slots import TEXTS
from nlp.dialogue.talk import Talk
from nlp.dialogue.votes import agree, merged, most_heard, sound
from nlp.meaning import HeardField

#: A street as it was heard: its name, and the number in whatever words.
_STREET = re.compile(
    r"(?P<road>[\u4e00-\u9fff]{1,7}?(?:大道|大街|大路|路|街|道|巷|弄))(?P<number>.*)"
)
_NUMBER = re.compile(r"\d.*")


def voted(talk: Talk, field: HeardField, source: Source) -> HeardField:
    """The field with the value that this and the earlier readings speak for together."""
    memory = talk.memory
    if field.name not in TEXTS or not isinstance(field.value, str):
        return field
    plain = _plain(field)
    memory.readings = (*memory.readings, Reading(field.name, field.value, source, plain))
    own = [r for r in memory.readings if r.field == field.name]
    wrong = {sound(str(v)) for name, v in memory.rejected if name == field.name}
    if field.corrects:
        wrong.add(sound(str(memory.order.value(field.name))))
    candidates = (
        most_heard([r.plain or r.value for r in own]),
        merged([r.value for r in own]),
        field.value,
        plain,
    )
    value = next((c for c in candidates if c and sound(c) not in wrong), field.value)
    return replace(field, value=value)


def heard_twice(memory: Memory, field: HeardField) -> bool:
    """Whether two independent turns gave a value of this very sound."""
    own = [r for r in memory.readings if r.field == field.name]
    value = str(field.value)
    return sum(agree(r.value, value) or agree(r.plain or r.value, value) for r in own) > 1


def _plain(field: HeardField) -> str:
    """The street as it was heard, where a list of streets made another one of it."""
    street = _STREET.fullmatch(field.heard) if field.repaired else None
    if street is None or not field.name.endswith(".detail"):
        return ""
    number = _NUMBER.search(str(field.value))
    return street["road"] + (number[0] if number else "")
