"""Names whose characters the caller spells (弓长张，伟大的伟), of persons and companies."""

from __future__ import annotations

import re
from collections.abc import Mapping

from nlp.components.people import surnames
from nlp.components.spelling import spelled
from nlp.meaning import Expectation, HeardField
from nlp.phonetics import distance, syllables

_PARTIES = ("customer", "consignee", "consignor", "contact")
_SPELLED = 0.95
#: How far a character that is spelled may sound from the one that it replaces.
_NEAR = 0.35
#: Persons' names have so many characters.
_PERSON = (2, 4)


def names_spelled(
    text: str, expectation: Expectation, fields: Mapping[str, HeardField]
) -> dict[str, HeardField]:
    """The fields with the name, asked for or checked, of which characters are spelled."""
    characters = spelled(text)
    name = _meant(expectation) if characters else None
    if name is None:
        return dict(fields)
    said = _unspelled(text) if name == "customer.name" else str(_value(name, fields))
    known = str(expectation.known.get(name, ""))
    value = _name(name, characters, said, known)
    if not value:
        return dict(fields)
    corrects = name in expectation.known
    field = HeardField(name=name, value=value, heard=text, confidence=_SPELLED, corrects=corrects)
    own = name.partition(".")[0]
    others = {n: f for n, f in fields.items() if n.partition(".")[0] in {own, *_PARTIES}}
    return {**others, name: field}


def _meant(expectation: Expectation) -> str | None:
    """The name that is asked for or checked alone."""
    asked = {expectation.slot, *(expectation.readback if len(expectation.readback) == 1 else ())}
    return next((f"{p}.name" for p in _PARTIES if asked & {p, f"{p}.name"}), None)


def _value(name: str, fields: Mapping[str, HeardField]) -> object:
    return fields[name].value if name in fields else ""


def _name(name: str, characters: str, said: str, known: str) -> str:
    """The whole name, where it was spelled whole; else with the spelled characters put in."""
    least, most = _PERSON
    whole = least <= len(characters) <= most and characters[:1] in surnames()
    if name != "customer.name" and whole:
        return characters
    before = said if len(said) > 1 else known
    return _put_in(before, characters) if before else ""


def _put_in(before: str, characters: str) -> str:
    """The name with each spelled character where one stands that sounds like it."""
    start, value = 0, before
    for one in characters:
        sound = syllables(one)
        apart = [(distance(sound, syllables(other)), i) for i, other in enumerate(value)]
        near, place = min((p for p in apart if p[1] >= start), default=(1.0, 0))
        if near <= _NEAR:
            value, start = value[:place] + one + value[place + 1 :], place + 1
    return value


def _unspelled(text: str) -> str:
    """The company's name as it was said, without what spells it and what leads to it."""
    clauses = [c for c in re.split(r"[，。？]", text) if c and not spelled(c)]
    names = [
        re.sub(r"^(?:嗯|那个|就?是|我们(?:公司)?是|公司(?:名称)?(?:是|叫)?|不对|不是|错了)+", "", c)
        for c in clauses
    ]
    return max(names, key=len, default="")
