"""What is exchanged between hearing, understanding and dialogue (pure data)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal, Protocol

from models.call import Lang, Word
from models.dangerous_list import Listed
from models.fields import Value

Polarity = Literal["yes", "no"]


class Intent(StrEnum):
    """What the caller wants with this utterance."""

    ORDER = "order"
    CONFIRM = "confirm"
    DENY = "deny"
    CORRECT = "correct"
    REPEAT = "repeat"
    AGENT = "agent"
    STATUS = "status"
    CANCEL = "cancel"
    OTHER = "other"


class Wish(StrEnum):
    """Finer wishes, where the intent alone does not say what to do."""

    SLOWER = "slower"
    WAIT = "wait"
    ANOTHER_ORDER = "another_order"
    NOTHING_MORE = "nothing_more"
    WRONG_NUMBER = "wrong_number"
    WHO_CALLS = "who_calls"
    ABUSE = "abuse"
    CHANGE_ORDER = "change_order"
    SPEAK_ENGLISH = "speak_english"
    SPEAK_CHINESE = "speak_chinese"
    DONT_KNOW = "dont_know"
    THIS_NUMBER = "this_number"
    SAME_AS_BEFORE = "same_as_before"
    GREETING = "greeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Utterance:
    """One finished stretch of recognised speech.

    Attributes:
        text: the best hypothesis.
        alternatives: further hypotheses, best first, without `text`.
        confidence: 0 to 1, of `text`.
        started_ms, ended_ms: span in the call, milliseconds.
        turn: index of the caller's turn.
    """

    text: str
    lang: Lang
    confidence: float
    started_ms: int = 0
    ended_ms: int = 0
    turn: int | None = None
    alternatives: tuple[str, ...] = ()
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What this customer's words may be: repairs prefer these.

    Attributes:
        companies, people, places, goods: the customer's own, as written.
    """

    companies: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    goods: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expectation:
    """What the assistant has just asked, and what it knows so far.

    Attributes:
        slot: the slot asked for (`nlp.dialogue.slots`), a flat field name, `yes_no`, or
            None when anything may come.
        lang: the language of the call.
        now: the call's local clock.
        known: the order's values so far, by flat name; corrections refer to them.
        readback: flat names in the order in which they were read out, for "the second one".
        vocabulary: the customer's own words.
        denied: flat names with values that the caller has called wrong; no repair leads there.
        listed: the desk's own list of dangerous goods.
    """

    slot: str | None = None
    lang: Lang = "zh"
    now: datetime
    known: Mapping[str, Value] = field(default_factory=dict)
    readback: tuple[str, ...] = ()
    vocabulary: Vocabulary = field(default_factory=Vocabulary)
    denied: tuple[tuple[str, Value], ...] = ()
    listed: tuple[Listed, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HeardField:
    """One field found in an utterance.

    Attributes:
        heard: the caller's words for it, as recognised.
        confidence: 0 to 1; lower when repaired.
        repaired: True when sound, not spelling, led to the value.
        corrects: True when the caller replaced an earlier value on purpose.
    """

    name: str
    value: Value
    heard: str
    confidence: float
    repaired: bool = False
    corrects: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ambiguity:
    """Several values fit; the caller must choose.

    Attributes:
        name: the field group it is about: a flat name such as `origin.district`.
        heard: the words that are ambiguous.
        choices: each a mapping of flat names to values, likeliest first.
    """

    name: str
    heard: str
    choices: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What an utterance means, given what was expected.

    Attributes:
        polarity: yes or no, where the utterance answers a yes/no question.
        fields: found fields; for a correction the new values only.
        disputed: flat names that the caller says are wrong without a new value
            ("the second one is wrong", "the weight is not right").
        asks_danger: goods that may hide dangerous ones and need a guiding question.
        confidence: 0 to 1 for the whole.
    """

    intent: Intent
    polarity: Polarity | None = None
    wish: Wish | None = None
    fields: tuple[HeardField, ...] = ()
    ambiguities: tuple[Ambiguity, ...] = ()
    disputed: tuple[str, ...] = ()
    asks_danger: tuple[str, ...] = ()
    confidence: float = 1.0
    text: str = ""
    lang: Lang = "zh"


class Understands(Protocol):
    """What calls, mails and faxes need of understanding."""

    def understand(self, utterance: Utterance, expectation: Expectation) -> Understanding:
        """The meaning of an utterance, given what was asked."""

    def warm_up(self) -> None:
        """Loads everything, so that the first one does not wait."""
