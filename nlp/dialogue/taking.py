"""Takes what was heard into the order, and what the caller calls wrong out of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

from models.fields import FIELDS, Value, check
from models.order import FieldValue, Order, Source
from nlp.dialogue import readings, worth
from nlp.dialogue.memory import Answer
from nlp.dialogue.slots import TEXTS, about, fields_of, slot_of
from nlp.dialogue.talk import Talk
from nlp.dialogue.votes import sound
from nlp.dialogue.writing import write
from nlp.meaning import HeardField, Intent

_NO_SIGN = re.compile(r"[路街道巷]\d+$")
_NUMBER = re.compile(r"\d+号?")


def take(talk: Talk, answer: Answer, *, asked: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Writes the heard fields into the order in memory.

    A value that is not sure, or that quietly contradicts what is there, is queued for a
    check of its own. Values of the wrong kind are passed over.

    Args:
        asked: the fields that were asked for: they may be replaced without contradiction.

    Returns:
        The flat names that got a new value.
    """
    memory = talk.memory
    before = memory.order
    usable = [f for f in answer.understanding.fields if worth.usable(talk, f, asked)]
    usable = [f for f in usable if not worth.stray(talk, f, answer, asked)]
    usable = [f for f in usable if not worth.declares(talk, f, answer)]
    whole = map(_with_number_sign, usable)
    heard = {f.name: readings.voted(talk, f, _source(f, answer)) for f in whole}
    _remember_danger(talk, answer)
    values = {f.name: _sourced(f, answer) for f in heard.values()}
    memory.order = write(before, values)
    changed = tuple(n for n in heard if memory.order.value(n) != before.value(n))
    if answer.understanding.intent is Intent.CORRECT or answer.understanding.polarity == "no":
        _reject(talk, before, [n for n in changed if not _same_words(before, memory.order, n)])
    doubtful = [n for n in changed if worth.doubtful(talk, heard[n], before, asked)]
    memory.checks = _merge(memory.checks, map(about, doubtful))
    talk.memory.fresh = _merge(talk.memory.fresh, changed)
    return changed


def collect(talk: Talk, answer: Answer, *, asked: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Takes every field, ambiguity and dispute in an answer; what changed, by flat name."""
    memory, meaning = talk.memory, answer.understanding
    changed = take(talk, answer, asked=asked)
    if "customer.name" in changed:
        memory.match_name = str(memory.order.value("customer.name"))
    open_ones = [a for a in meaning.ambiguities if a.choices and a.name not in changed]
    memory.ambiguities = (*memory.ambiguities, *open_ones)
    dispute(talk, [name for name in meaning.disputed if name not in changed])
    memory.wanted = tuple(name for name in memory.wanted if name not in changed)
    return changed


def dispute(talk: Talk, names: Iterable[str]) -> None:
    """Empties what the caller says is wrong, so that it is asked again."""
    memory = talk.memory
    known = [name for name in names if name in memory.order.fields and name in FIELDS]
    known = [n for n in known if not _certain(memory.order.fields[n])] or known
    targets = _merge((), map(about, known))
    _reject(talk, memory.order, _blamed(known))
    dropped = {field for target in targets for field in fields_of(target)}
    memory.order = memory.order.change({}, drop=dropped)
    memory.checks = tuple(target for target in memory.checks if target not in targets)
    memory.wanted = _merge(memory.wanted, [n for n in known if not _follows(n)])
    for target in targets:
        talk.missed(target)


def settle(talk: Talk, names: Iterable[str]) -> None:
    """The caller has said yes to the values of these fields: they are no longer in question."""
    memory = talk.memory
    values = {name: memory.order.value(name) for name in names}
    memory.wanted = tuple(name for name in memory.wanted if name not in values)
    memory.unsure = tuple(n for n in memory.unsure if values.get(n) is None)
    memory.rejected = tuple(pair for pair in memory.rejected if values.get(pair[0]) != pair[1])


def _blamed(names: list[str]) -> list[str]:
    """Which of the values that were called wrong can be held to be so: of several parts of one
    thing nobody knows, and the right ones have to be heard again."""
    slots = [slot_of(name).name for name in names]
    return [name for name, slot in zip(names, slots, strict=True) if slots.count(slot) == 1]


def _same_words(before: Order, after: Order, name: str) -> bool:
    """Whether only the numbers in a text were put right: its words are then not wrong."""
    old, new = str(before.value(name) or ""), str(after.value(name) or "")
    return name in TEXTS and sound(_NUMBER.sub("", old)) == sound(_NUMBER.sub("", new))


def _certain(known: FieldValue) -> bool:
    """Keyed in or from the records: beside other things it is hardly what the caller means."""
    source = known.source
    return source.changed_by == "record" or (source.heard.isdecimal() and source.confidence == 1.0)


def _follows(name: str) -> bool:
    """Whether a part of an address comes with the city, so that nobody asks for it."""
    return name.endswith((".province", ".district"))


def fill(talk: Talk, values: Mapping[str, FieldValue]) -> None:
    """Writes values that need no check into the order in memory."""
    before = talk.memory.order
    talk.memory.order = write(before, values)
    changed = [n for n in values if talk.memory.order.value(n) != before.value(n)]
    talk.memory.fresh = _merge(talk.memory.fresh, changed)
    talk.memory.wanted = tuple(n for n in talk.memory.wanted if n not in values)


def on_record(values: Mapping[str, Value]) -> dict[str, FieldValue]:
    """Values from the customer's file."""
    source = Source(heard="", confidence=1.0, changed_by="record")
    return {name: FieldValue(value, source) for name, value in values.items()}


def heard_from(
    answer: Answer, values: Mapping[str, Value], *, heard: str | None = None
) -> dict[str, FieldValue]:
    """Values that an answer gave as a whole, without a field of its own for each."""
    source = Source(
        heard=heard or answer.understanding.text,
        confidence=answer.understanding.confidence,
        changed_by="caller",
        turn=answer.turn,
        started_ms=answer.started_ms,
        ended_ms=answer.ended_ms,
    )
    return {name: FieldValue(value, source) for name, value in values.items()}


def _reject(talk: Talk, before: Order, names: Iterable[str]) -> None:
    """Remembers values that the caller has said to be wrong.

    Provinces and districts come with the rest of an address, so nobody says that of them alone.
    """
    blamed = [name for name in names if not _follows(name)]
    wrong = [(name, value) for name in blamed if (value := before.value(name)) is not None]
    kept = tuple(pair for pair in wrong if pair not in talk.memory.rejected)
    talk.memory.rejected = (*talk.memory.rejected, *kept)


def _with_number_sign(field: HeardField) -> HeardField:
    """A house number with the 号 that goes with it, which is easily lost at the end."""
    if not field.name.endswith(".detail") or not _NO_SIGN.search(str(field.value)):
        return field
    return replace(field, value=f"{field.value}号")


def _remember_danger(talk: Talk, answer: Answer) -> None:
    memory = talk.memory
    for field in answer.understanding.fields:
        if field.name == "dangerous" and isinstance(field.value, tuple):
            new = tuple(good for good in field.value if good not in memory.named)
            memory.named = (*memory.named, *new)
    memory.suspects = _merge(memory.suspects, answer.understanding.asks_danger)


def _source(field: HeardField, answer: Answer) -> Source:
    return Source(
        heard=field.heard,
        confidence=field.confidence,
        changed_by="caller",
        turn=answer.turn,
        started_ms=answer.started_ms,
        ended_ms=answer.ended_ms,
    )


def _sourced(field: HeardField, answer: Answer) -> FieldValue:
    return FieldValue(check(field.name, field.value), _source(field, answer))


def _merge(known: tuple[str, ...], new: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*known, *new)))
