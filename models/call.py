"""A telephone call: its turns and how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Literal

from models.fields import Value

Lang = Literal["zh", "en"]
Speaker = Literal["assistant", "caller", "clerk"]


#: What the SIDs of calls from the telephone in the browser begin with; Twilio knows none of them.
BROWSER_PREFIX = "SP"
#: What the SIDs of practice with a simulated customer begin with. They are no calls of the desk's.
TRAINING_PREFIX = "ST"


class Disposition(StrEnum):
    """How a call ended."""

    ORDERED = "ordered"
    ABANDONED = "abandoned"
    TRANSFERRED = "transferred"
    CALL_BACK = "call_back"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    INFORMED = "informed"
    WRONG_NUMBER = "wrong_number"
    NOT_NOW = "not_now"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """One recognised word and its span, milliseconds from the call's start."""

    text: str
    started_ms: int
    ended_ms: int
    confidence: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One side's complete contribution. Times are milliseconds from the call's start.

    Attributes:
        prompt: for the assistant: `KEY@VERSION` of the wording.
        order_version: the order's version that this turn read back, if it did.
        values: the values that this turn said, by flat field name.
        heard_ratio: for the assistant: how much of it reached the caller, 0 to 1.
        ended_ms: None while the turn still runs.
        words: the caller's words in order, where the recogniser tells their times.
    """

    index: int
    speaker: Speaker
    text: str
    started_ms: int
    ended_ms: int | None = None
    confidence: float | None = None
    prompt: str | None = None
    order_version: int | None = None
    values: Mapping[str, Value] = field(default_factory=dict)
    heard_ratio: float | None = None
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call leg with the desk. `caller` and `called` are E.164, None when withheld."""

    sid: str
    caller: str | None
    called: str | None
    started_at: datetime
    lang: Lang = "zh"
    ended_at: datetime | None = None
    disposition: Disposition | None = None
    order_id: str | None = None
    turns: tuple[Turn, ...] = ()
    recording: str | None = None

    @property
    def in_browser(self) -> bool:
        """Whether somebody of the desk called from the browser."""
        return self.sid.startswith(BROWSER_PREFIX)
