"""What a simulated caller wants, how it talks, and what it hears (pure data)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from models.fields import DangerousGood, Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing the assistant said, as the transcript has it.

    Attributes:
        prompt: `KEY@VERSION` of the wording.
    """

    prompt: str
    text: str = ""
    values: Mapping[str, Value] = field(default_factory=dict)
    order_version: int | None = None

    @property
    def key(self) -> str:
        """The prompt's key without its version."""
        return self.prompt.partition("@")[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """What the caller wants to have ordered.

    Attributes:
        values: flat names to values; `dangerous` apart.
        dangerous: what the goods really hold.
        caller: the number that calls, E.164.
        mobile: where the link shall go, E.164; None for the calling number.
    """

    values: Mapping[str, Value]
    dangerous: tuple[DangerousGood, ...] = ()
    caller: str | None = None
    mobile: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Behaviour:
    """How a caller talks; shares from 0 to 1.

    Attributes:
        talkative: how much of the order is told unasked in the first sentence.
        fillers: how many answers begin with a filler.
        terse: how many answers are the bare value.
        slips: how many values are first said wrong, to be put right at the readback.
        mishears: how often the question has to be repeated.
        changes_mind: how often a value is changed when all was read back.
        interrupts: how often a wrong item is objected to at once, over the voice.
        spoken: how many values come as words instead of digits.
        keys: how many numbers are keyed in where the assistant says that they may be.
        spells: how many names and streets are spelled where the assistant asks for it.
        waits: how many wrong values are objected to only when the whole order is read.
    """

    talkative: float = 0.5
    fillers: float = 0.2
    terse: float = 0.3
    slips: float = 0.0
    mishears: float = 0.0
    changes_mind: float = 0.0
    interrupts: float = 0.0
    spoken: float = 0.5
    keys: float = 0.5
    spells: float = 0.8
    waits: float = 0.0
