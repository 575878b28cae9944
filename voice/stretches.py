"""One side of a conversation, cut into what is said between its pauses."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from voice.endpointing import Endpointer, SpeechBegan, Timing, TurnEnded
from voice.ports import FRAME_MS, Audio
from voice.vad import SpeechDetector

#: What is kept of the time before speech was noticed, so that no first syllable is lost.
_PRE_ROLL_MS = 400
#: Nobody waits for an answer to it: a long speech is cut where the recogniser's window ends.
_TIMING = Timing(max_turn=28_000)


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one side said: its span, milliseconds, and its sound, 8 kHz 16-bit mono PCM."""

    started_ms: int
    ended_ms: int
    pcm: bytes


class Stretches:
    """Follows one side, frame by frame. The same frames give the same stretches."""

    def __init__(self) -> None:
        self._detector = SpeechDetector()
        self._endpointer = Endpointer("normal", timing=_TIMING)
        self._recent: deque[Audio] = deque(maxlen=_PRE_ROLL_MS // FRAME_MS)
        self._started_ms = 0
        self._ended_ms = 0
        self._heard: bytearray | None = None

    def push(self, audio: Audio) -> Stretch | None:
        """Takes 20 ms; gives what was said once its pause tells that it is over."""
        self._recent.append(audio)
        if self._heard is not None:
            self._heard += audio.pcm
        self._ended_ms = audio.at_ms + FRAME_MS
        match self._endpointer.push(audio.at_ms, self._detector.push(audio.pcm)):
            case SpeechBegan(at_ms):
                self._started_ms = at_ms
                self._heard = bytearray(b"".join(one.pcm for one in self._recent))
            case TurnEnded(started_ms, ended_ms):
                return self._taken(started_ms, ended_ms)
        return None

    def rest(self) -> Stretch | None:
        """What was being said when the sound ended."""
        return self._taken(self._started_ms, self._ended_ms)

    def _taken(self, started_ms: int, ended_ms: int) -> Stretch | None:
        heard, self._heard = self._heard, None
        return None if heard is None else Stretch(started_ms, ended_ms, bytes(heard))
