"""When a turn is over (pure): speech probabilities and times in, decisions out, no clock.

The wait after the last word is what a caller feels as the assistant's slowness, and a wait
that is too short cuts him off. It depends on what was asked and on what was heard so far.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from nlp.dialogue.actions import Patience


@dataclass(frozen=True, slots=True)
class SpeechBegan:
    """The caller speaks since `at_ms`. Keep `Timing.pre_roll_ms` of audio before it."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class PauseBegan:
    """A silence since `at_ms` that may be the turn's end: start recognising."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class SpeechResumed:
    """The caller goes on since `at_ms`: what was recognised early is out of date."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class TurnEnded:
    """The turn is over; its speech spans `started_ms` to `ended_ms`."""

    started_ms: int
    ended_ms: int


Decision = SpeechBegan | PauseBegan | SpeechResumed | TurnEnded


@dataclass(frozen=True, slots=True)
class Wait:
    """Silence in ms that ends a turn, by what was heard so far.

    Attributes:
        reading: silence after which early recognition pays. Each pause costs a reading, and
            the last one waits for those before it, so that where pauses are many and the
            wait is long it begins later.
        unknown: nobody can tell.
        complete: nothing can follow, as after an eleventh digit.
        incomplete: something must follow.
        answered: what was asked for is there, though more may follow.
    """

    reading: int
    unknown: int
    complete: int
    incomplete: int
    answered: int


def _waits() -> Mapping[Patience, Wait]:
    return MappingProxyType(
        {
            # A yes is one word; what follows it is often "对，没错", hence not below 500.
            "yes_no": Wait(reading=200, unknown=500, complete=360, incomplete=1000, answered=500),
            # Between the groups of a dictated number people pause 300 to 900 ms, and longer
            # when they read it off paper: as long as digits are missing, they get time.
            "number": Wait(reading=200, unknown=900, complete=400, incomplete=1800, answered=900),
            "normal": Wait(reading=200, unknown=700, complete=400, incomplete=1300, answered=500),
            # An address or a whole order is thought up while it is spoken.
            # Behind a house number may come a floor, behind a company its kind.
            "long": Wait(reading=320, unknown=1100, complete=400, incomplete=1800, answered=800),
        }
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Every constant of the endpointer; times in ms, thresholds as probabilities.

    Attributes:
        start, stop: speech begins at `start` and lasts until below `stop` (hysteresis: the
            probability dips between syllables).
        min_speech: speech needed to begin a turn: clicks, knocks and short coughs are less.
        min_resume: the same for going on after a pause, where a short word is likely.
        bridge: a dip of up to this much does not part two pieces of speech.
        pre_roll: audio before the detected begin that belongs to the turn.
        max_turn: a turn is cut here, so that noise cannot hold the line for ever.
    """

    start: float = 0.5
    stop: float = 0.35
    min_speech: int = 100
    min_resume: int = 60
    bridge: int = 60
    pre_roll: int = 300
    max_turn: int = 60_000
    frame: int = 20
    waits: Mapping[Patience, Wait] = field(default_factory=_waits)


@dataclass(slots=True)
class _Piece:
    """The present stretch of speech, dips bridged: its begin, its end so far, its speech."""

    onset_ms: int
    until_ms: int
    voiced_ms: int = 0


class Endpointer:
    """Follows the caller's side of a call from frame to frame, turn after turn.

    Attributes:
        patience: how long the next silence may be; may be set at any time.
    """

    def __init__(self, patience: Patience, *, timing: Timing | None = None) -> None:
        self.patience: Patience = patience
        self.timing = timing or Timing()
        self._seen_ms = -1
        self._started_ms: int | None = None
        self._spoke_until_ms = 0
        self._paused = False
        self._complete: bool | None = None
        self._answered = False
        self._piece: _Piece | None = None

    @property
    def in_turn(self) -> bool:
        """Whether the caller's turn is under way, a pause included."""
        return self._started_ms is not None

    def note(self, text: str, complete: bool | None, *, answered: bool = False) -> None:
        """What early recognition made of the turn so far.

        Counts only during a pause, and until the caller goes on; an empty text says nothing.

        Args:
            complete: from `nlp.completeness.is_complete`.
            answered: from `voice.answers.answers`; counts where `complete` is None.
        """
        if self._paused and text.strip():
            self._complete, self._answered = complete, answered

    def push(self, at_ms: int, speech: float) -> Decision | None:
        """The decision that this frame brings, if any.

        Args:
            at_ms: the frame's start. A frame that is not newer than the last is ignored;
                a gap counts as silence.
            speech: probability of speech in it, 0 to 1.
        """
        if at_ms <= self._seen_ms:
            return None
        self._seen_ms = at_ms
        self._follow_piece(at_ms, speech)
        if self._started_ms is None:
            return self._begin(at_ms)
        if self._paused:
            return self._in_pause(self._started_ms, at_ms)
        return self._in_speech(self._started_ms, at_ms, speech)

    def _follow_piece(self, at_ms: int, speech: float) -> None:
        if self._piece and at_ms - self._piece.until_ms > self.timing.bridge:
            self._piece = None
        if speech >= self.timing.start:
            self._piece = self._piece or _Piece(at_ms, at_ms)
            self._piece.until_ms = at_ms + self.timing.frame
            self._piece.voiced_ms += self.timing.frame

    def _begin(self, at_ms: int) -> Decision | None:
        if self._piece is None or self._piece.voiced_ms < self.timing.min_speech:
            return None
        self._started_ms = self._piece.onset_ms
        self._spoke_until_ms = at_ms + self.timing.frame
        return SpeechBegan(self._started_ms)

    def _in_speech(self, started_ms: int, at_ms: int, speech: float) -> Decision | None:
        after_ms = at_ms + self.timing.frame
        speaks = speech >= self.timing.stop
        silence = (at_ms if speaks else after_ms) - self._spoke_until_ms
        if silence >= self.timing.waits[self.patience].reading:
            self._paused = True
            return PauseBegan(self._spoke_until_ms)
        if speaks:
            self._spoke_until_ms = after_ms
        if after_ms - started_ms >= self.timing.max_turn:
            self._piece = None
            return self._end(started_ms)
        return None

    def _in_pause(self, started_ms: int, at_ms: int) -> Decision | None:
        after_ms = at_ms + self.timing.frame
        if self._piece:
            if self._piece.voiced_ms < self.timing.min_resume:
                return None
            self._forget_pause()
            self._spoke_until_ms = after_ms
            return SpeechResumed(self._piece.onset_ms)
        if after_ms - self._spoke_until_ms >= self._wait_ms():
            return self._end(started_ms)
        return None

    def _wait_ms(self) -> int:
        wait = self.timing.waits[self.patience]
        if self._complete is None:
            return wait.answered if self._answered else wait.unknown
        return wait.complete if self._complete else wait.incomplete

    def _end(self, started_ms: int) -> TurnEnded:
        self._started_ms = None
        self._forget_pause()
        return TurnEnded(started_ms, self._spoke_until_ms)

    def _forget_pause(self) -> None:
        self._paused, self._complete, self._answered = False, None, False
