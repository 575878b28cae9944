"""What the call loop needs from engines and lines. Adapters live in the folders beside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from models.call import Lang, Word
from nlp.meaning import Expectation

#: Telephone audio everywhere inside: 8,000 Hz, mono, signed 16 bit little-endian.
LINE_HZ = 8_000
FRAME_MS = 20
#: Bytes of one frame of PCM on the line: 20 ms x 8 samples/ms x 2 bytes.
FRAME_BYTES = LINE_HZ * FRAME_MS // 1000 * 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Hypothesis:
    """One reading of an utterance.

    Attributes:
        confidence: 0 to 1.
        no_speech: 0 to 1, the engine's belief that nobody spoke.
        words: spans in milliseconds from the utterance's first sample, where known.
        lang: the language that was spoken, where the engine can tell it surely.
    """

    text: str
    confidence: float
    no_speech: float = 0.0
    words: tuple[Word, ...] = ()
    lang: Lang | None = None


class Stream(Protocol):
    """Recognition of one utterance while it is spoken. Not thread-safe; blocking calls."""

    def feed(self, pcm: bytes) -> None:
        """Takes 8 kHz 16-bit mono PCM, any whole number of samples."""

    def partial(self) -> str:
        """The interim transcript, empty where the engine has none."""

    def finish(self) -> Sequence[Hypothesis]:
        """Hypotheses for everything fed, best first; empty when nothing was said.

        May be called again after more `feed`: an early result is thrown away when the
        caller goes on.
        """

    def words(self) -> Sequence[Word]:
        """The words of the last reading's best hypothesis, with their times.

        Milliseconds from the utterance's first sample; empty where the engine cannot tell. It
        may take a while, and is asked for when the caller has the answer.
        """


class Recognizer(Protocol):
    """A speech recogniser shared by all calls; `open` may be called from any thread."""

    name: str

    def open(self, expectation: Expectation) -> Stream:
        """A stream for the next utterance, biased to what is expected."""

    def warm_up(self) -> None:
        """Loads weights and runs once, so that the first caller does not wait."""


class Synthesizer(Protocol):
    """A voice shared by all calls; may be called from any thread; blocking."""

    name: str

    def voice(self, lang: Lang) -> str:
        """The name of the voice used for a language; part of the cache's key."""

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        """Whether the clause would come at once."""

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        """8 kHz 16-bit mono PCM of one clause, already verbalised, silence trimmed.

        Raises:
            ExternalError: the engine failed; retryable where another try may work.
        """

    def warm_up(self) -> None:
        """Loads weights and runs once."""


@dataclass(frozen=True, slots=True)
class Audio:
    """20 ms of the caller's voice.

    Attributes:
        pcm: FRAME_BYTES bytes, 8 kHz 16-bit mono.
        at_ms: its place in the call, milliseconds from the stream's start, from the line's
            own timestamps.
    """

    pcm: bytes
    at_ms: int


@dataclass(frozen=True, slots=True)
class Key:
    """One keypad key: 0-9, `*` or `#`."""

    digit: str


@dataclass(frozen=True, slots=True)
class MarkReached:
    """Everything sent before the mark was played; `cleared` when it was thrown away instead."""

    name: str
    cleared: bool = False


@dataclass(frozen=True, slots=True)
class LegEnded:
    """The line is gone: the caller hung up (`clean`) or the connection broke."""

    clean: bool


LegEvent = Audio | Key | MarkReached | LegEnded


class Records(Protocol):
    """What keeps both sides of a call; see `voice.recording.Recorder`."""

    def caller(self, at_ms: int, pcm: bytes) -> None:
        """Places the caller's audio, 8 kHz 16-bit mono PCM, by milliseconds of the call."""

    def assistant(self, at_ms: int, pcm: bytes) -> None:
        """Places what was played to the caller."""

    def close(self) -> None:
        """The call is over."""


class CallLeg(Protocol):
    """One party's line. All sending methods return at once or within one frame's time."""

    call_sid: str
    caller: str | None
    called: str | None

    def events(self) -> AsyncIterator[LegEvent]:
        """What the line brings, in order, until `LegEnded`."""

    async def send(self, pcm: bytes) -> None:
        """Plays one frame (FRAME_BYTES) after what was sent before."""

    async def mark(self, name: str) -> None:
        """Asks for a `MarkReached` when everything sent so far was played."""

    async def clear(self) -> None:
        """Throws away what was sent and not yet played."""

    async def close(self) -> None:
        """Ends the leg from our side."""


def frames(pcm: bytes) -> Iterator[bytes]:
    """The audio cut into FRAME_BYTES pieces, the last one padded with silence."""
    for start in range(0, len(pcm), FRAME_BYTES):
        yield pcm[start : start + FRAME_BYTES].ljust(FRAME_BYTES, b"\0")
