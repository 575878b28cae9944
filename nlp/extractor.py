"""A second opinion on what was said, and how little of it is believed (pure).

The rules decide. An extractor may point at words that they missed; those words then pass the
rules' own normalisers as the answer to the field's question.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Protocol

from models.fields import FIELDS, InvalidValue, check
from nlp import answers
from nlp.dialogue.slots import SLOTS, slot_of
from nlp.grounding import grounded
from nlp.meaning import Expectation, HeardField, Intent, Understanding, Utterance

#: The rules' reading of some words, given what is expected.
Read = Callable[[Utterance, Expectation], Understanding]

#: From here on the rules' value stands, whatever else is proposed.
SURE = 0.8
#: Below `check_below` of the dialogue: such a value is asked for by a question of its own.
PROPOSED = 0.5
#: Answered in any words; the rules need not know them.
_OWN_WORDS = frozenset(
    {"customer.name", "consignor.name", "consignee.name", "contact.name", "goods", "packaging"}
)
_LONGEST, _LONGEST_NAME = 120, 24
_STANDS_ALONE = frozenset({Intent.AGENT, Intent.REPEAT, Intent.STATUS, Intent.CANCEL})


class Extractor(Protocol):
    """Finds the words for fields in an utterance."""

    def extract(self, utterance: Utterance, expectation: Expectation) -> Mapping[str, str]:
        """The caller's words by flat name. Blocking.

        Raises:
            ExternalError: no answer in time, or none that can be read.
        """


def wanted(meaning: Understanding, expectation: Expectation) -> bool:
    """Whether a second opinion may change anything: the rules left the question open."""
    if expectation.slot == "dangerous":
        return True
    if _closed(meaning):
        return False
    sure = {f.name for f in meaning.fields if f.confidence >= SURE}
    slot = expectation.slot
    if slot is None or slot == "open":
        return True
    needs = set(SLOTS[slot].needs) if slot in SLOTS else {slot}
    return not needs <= sure


def combine(
    utterance: Utterance,
    expectation: Expectation,
    meaning: Understanding,
    proposals: Mapping[str, str],
    read: Read,
) -> Understanding:
    """The rules' meaning, with proposals that were said and pass the rules' checks.

    Polarity, and fields that the rules are sure of, stay as they are.
    """
    said = {
        name: text
        for name, text in proposals.items()
        if name in FIELDS and len(text) <= _LONGEST and grounded(text, utterance.text, meaning.lang)
    }
    meaning = _suspicion(meaning, said.pop("dangerous", None))
    if _closed(meaning):
        return meaning
    fields = {field.name: field for field in meaning.fields}
    for name, text in said.items():
        if not _sure(fields, name):
            fields.update(_proposed(name, text, meaning, expectation, fields, read))
    if list(fields.values()) == list(meaning.fields):
        return meaning
    return replace(
        meaning,
        intent=Intent.ORDER if meaning.intent is Intent.OTHER else meaning.intent,
        fields=tuple(fields.values()),
        confidence=min(meaning.confidence, PROPOSED),
    )


def _closed(meaning: Understanding) -> bool:
    """A yes, a no or a wish is the caller's alone: nothing is added to it."""
    standing = meaning.polarity is not None or meaning.wish is not None
    return standing or meaning.intent in _STANDS_ALONE


def _suspicion(meaning: Understanding, words: str | None) -> Understanding:
    """Goods that may be dangerous get a guiding question; none is ever taken away."""
    if not words or words in meaning.asks_danger:
        return meaning
    return replace(meaning, asks_danger=(*meaning.asks_danger, words))


def _sure(fields: Mapping[str, HeardField], name: str) -> bool:
    return name in fields and fields[name].confidence >= SURE


def _proposed(
    name: str,
    text: str,
    meaning: Understanding,
    expectation: Expectation,
    fields: Mapping[str, HeardField],
    read: Read,
) -> dict[str, HeardField]:
    """What the words mean as the answer to the field's question; none where they contradict."""
    known = {**expectation.known, **{f.name: f.value for f in fields.values()}}
    asked = replace(expectation, slot=name, lang=meaning.lang, known=known)
    answer = read(Utterance(text=text, lang=meaning.lang, confidence=1.0), asked)
    if _closed(answer) or answer.ambiguities:
        return {}
    own = {f.name: f for f in answer.fields if f.name in slot_of(name).fields}
    if name not in own:
        if answer.fields or not _plain_name(name, text, meaning):
            return {}
        own = {name: HeardField(name=name, value=text.strip(), heard=text, confidence=PROPOSED)}
    if any(_sure(fields, n) and fields[n].value != f.value for n, f in own.items()):
        return {}
    return {
        n: replace(f, heard=text, confidence=min(f.confidence, PROPOSED))
        for n, f in own.items()
        if not _sure(fields, n) and _valid(f)
    }


def _plain_name(name: str, text: str, meaning: Understanding) -> bool:
    if name not in _OWN_WORDS or not 1 < len(text.strip()) <= _LONGEST_NAME:
        return False
    no_answer = answers.polarity(text, meaning.lang) is None
    return no_answer and not any(c.isdigit() for c in text)


def _valid(field: HeardField) -> bool:
    try:
        return check(field.name, field.value) == field.value
    except InvalidValue:
        return False
