"""Streets and names in English whose words the caller spells letter by letter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from functools import lru_cache

from rapidfuzz import fuzz

from models.fields import Value
from nlp.addresses import STREET_EN
from nlp.components.letters import Spelled, spelled_words
from nlp.components.people import surnames
from nlp.components.streets_en import STREET
from nlp.meaning import Expectation, HeardField
from nlp.normalize.late import Late
from nlp.normalize.numbers_en import NUMBER, digits, number
from nlp.pinyin import syllables_of
from nlp.romanised import romanised
from nlp.streets_en import alike_letters

_SPELLED = 0.95
_NUMBER = Late(
    rf"\b(?:(?:number|no\.) (?P<named>{NUMBER})\b|(?P<before>{NUMBER}),? [a-z]+ {STREET}\b)"
)
#: How much the letters must resemble a word that they replace; what has no value yet and is
#: asked for comes before any that resembles them less.
_LIKE, _ASKED = 50.0, 60.0


def by_letters(
    text: str, expectation: Expectation, fields: Mapping[str, HeardField]
) -> dict[str, HeardField]:
    """The fields with the street or name, asked for or read out, of which a word is spelled.

    Whatever letters seem to say of goods, or of places beside a street, is none.
    """
    plain = text.lower()
    words = spelled_words(plain)
    if not words:
        return dict(fields)
    word = max(words, key=lambda one: len(one.letters))
    name = _meant(word.letters, expectation, fields)
    if name is None:
        return dict(fields)
    said, known = _value(name, {}, fields), _value(name, expectation.known, {})
    only_spelled = said.lower() in {"", word.letters}
    before = known if only_spelled or _likes(word, known) > _likes(word, said) else said
    street = name.endswith(".detail")
    value = _street(before, word, plain) if street else _name(before, word.letters)
    not_beside = {"goods", "origin", "destination"} if street else {"goods"}
    others = {n: f for n, f in fields.items() if n.partition(".")[0] not in not_beside}
    field = HeardField(
        name=name,
        value=value,
        heard=text,
        confidence=_SPELLED,
        corrects=name in expectation.known,
    )
    return {**others, name: field}


def _meant(letters: str, expectation: Expectation, fields: Mapping[str, HeardField]) -> str | None:
    """The value of which a word is most like the letters."""
    scored = [
        (_likeness(letters, _value(name, expectation.known, fields)), name)
        for name in _asked({expectation.slot, *expectation.readback, *fields})
    ]
    best, name = max(scored, default=(0.0, None))
    return name if best >= _LIKE or len(scored) == 1 else None


def _asked(asked: Collection[str | None]) -> Iterator[str]:
    """The streets and names among what is asked for, read out, or said."""
    asked = {*asked}
    for record in ("origin", "destination"):
        if asked & {record, f"{record}.detail"}:
            yield f"{record}.detail"
    for record in ("customer", "consignee", "consignor", "contact"):
        if asked & {record, f"{record}.name"}:
            yield f"{record}.name"


def _likes(word: Spelled, value: str) -> float:
    return _likeness(word.letters, value) if value else 0.0


def _value(name: str, known: Mapping[str, Value], fields: Mapping[str, HeardField]) -> str:
    return str(fields[name].value if name in fields else known.get(name, ""))


def _likeness(letters: str, value: str) -> float:
    words = [word for word in re.findall(r"[a-z]+", value.lower()) if len(word) > 1]
    return max((fuzz.ratio(word, letters) for word in words), default=_ASKED)


def _street(before: str, word: Spelled, text: str) -> str:
    """The street of these letters, with the number and the kind of road that are said or known."""
    around = text[: word.start] + text[word.end :]
    said = re.search(r"\b\d+[a-z]?\b", around)
    old = re.search(r"\d+\w?", before)
    house = said[0] if said else _spoken(around) or (old[0] if old else None)
    street = STREET_EN.fullmatch(before)
    rest = street["rest"] if street else " Road"
    return f"{house} {word.letters.title()}{rest}" if house else word.letters.title() + rest


def _spoken(text: str) -> str | None:
    """The house number in words before a street or behind "number"."""
    match = _NUMBER.search(text)
    said = match and (match["named"] or match["before"])
    if not said:
        return None
    value = number(said)
    return digits(said) or (f"{value:g}" if value else None)


def _name(before: str, letters: str) -> str:
    """The name with the word that these letters resemble most spelled by them."""
    words = before.split()
    spelled = _surname(letters).title()
    if not words:
        return spelled
    likeness = [fuzz.ratio(word.lower(), letters) for word in words]
    place = likeness.index(max(likeness)) if max(likeness) >= _LIKE else len(words) - 1
    return " ".join((*words[:place], spelled, *words[place + 1 :]))


def _surname(letters: str) -> str:
    """A Mandarin surname of which one letter was heard for another that sounds alike."""
    if syllables_of(letters):
        return letters
    return next((one for one in _surnames() if alike_letters(one, letters)), letters)


@lru_cache(maxsize=1)
def _surnames() -> tuple[str, ...]:
    return tuple(dict.fromkeys(romanised(one).lower() for one in surnames()))
