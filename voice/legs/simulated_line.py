"""What a telephone line does to audio, simulated: playback in real time, and faults (pure).

Everything is counted in ticks of 20 ms.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import numpy as np

from voice.audio import MULAW_SILENCE, Samples, to_float, to_pcm
from voice.legs.twilio_codec import MULAW_FRAME_BYTES, Clear, Media, Play, SetMark, ToTwilio
from voice.ports import FRAME_BYTES, FRAME_MS

#: A pause in playback shorter than this, with no mark at its start, is a hole in the speech.
_HOLE_TICKS = 200 // FRAME_MS


class Playback:
    """The buffer that Twilio plays from.

    Attributes:
        frames_late: ticks of silence inside running speech, because its next frame was not
            there in time.
        starts: how often playback began, after silence or a clear.
    """

    def __init__(self) -> None:
        self.frames_late = 0
        self.starts = 0
        self._silent = True
        self._items: deque[bytes | str] = deque()
        self._idle = _HOLE_TICKS

    @property
    def empty(self) -> bool:
        """Whether nothing is left to play."""
        return not any(isinstance(item, bytes) for item in self._items)

    def take(self, message: ToTwilio) -> list[str]:
        """Obeys a message; the names of the marks that it sends back at once."""
        match message:
            case Play(payload):
                self._items.append(payload)
            case SetMark(name):
                self._items.append(name)
            case Clear():
                marks = [item for item in self._items if isinstance(item, str)]
                self._items.clear()
                self._silent = True
                self._idle = _HOLE_TICKS
                return marks
        return []

    def tick(self) -> tuple[bytes | None, list[str]]:
        """The next 20 ms of mu-law, None for silence; and the marks whose audio has played."""
        marks = self._reached()
        frame = self._frame()
        if frame is None:
            self._silent = True
            self._idle += 1
            return None, marks
        self.starts += self._silent
        self._silent = False
        if self._idle < _HOLE_TICKS:
            self.frames_late += self._idle
        self._idle = 0
        return frame, marks

    def _reached(self) -> list[str]:
        marks = []
        while self._items and isinstance(self._items[0], str):
            marks.append(self._items[0])
            self._items.popleft()
        if marks and self.empty:
            self._idle = _HOLE_TICKS
        return marks

    def _frame(self) -> bytes | None:
        audio = bytearray()
        while len(audio) < MULAW_FRAME_BYTES and self._items:
            item = self._items[0]
            if isinstance(item, str):
                break
            self._items.popleft()
            missing = MULAW_FRAME_BYTES - len(audio)
            audio += item[:missing]
            if item[missing:]:
                self._items.appendleft(item[missing:])
        return bytes(audio).ljust(MULAW_FRAME_BYTES, MULAW_SILENCE) if audio else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What is wrong with the line.

    Attributes:
        drop, duplicate, reorder: share of the caller's frames, 0 to 1.
        echo_db: level at which the assistant's own voice comes back, such as -20.
        echo_delay_ms: how much later it does.
        noise_dbfs: level of steady noise behind the caller, such as -45.
    """

    drop: float = 0.0
    duplicate: float = 0.0
    reorder: float = 0.0
    echo_db: float | None = None
    echo_delay_ms: int = 120
    noise_dbfs: float | None = None
    seed: int = 0


class FaultyLine:
    """Applies `Faults` to the caller's side; the same seed does the same harm."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._random = np.random.default_rng(faults.seed)
        delay = max(1, faults.echo_delay_ms // FRAME_MS)
        self._heard: deque[bytes] = deque([bytes(FRAME_BYTES)] * delay, maxlen=delay)
        self._held: Media | None = None

    def voice(self, pcm: bytes, heard: bytes) -> bytes:
        """The caller's frame with echo and noise. `heard` is what the ear gets meanwhile."""
        echo = self._heard[0]
        self._heard.append(heard)
        if self._faults.echo_db is None and self._faults.noise_dbfs is None:
            return pcm
        mixed: Samples = to_float(pcm)
        if self._faults.echo_db is not None:
            mixed = mixed + to_float(echo) * np.float32(_gain(self._faults.echo_db))
        if self._faults.noise_dbfs is not None:
            noise = self._random.standard_normal(mixed.size, np.float32)
            mixed = mixed + noise * np.float32(_gain(self._faults.noise_dbfs))
        return to_pcm(mixed)

    def wire(self, media: Media) -> list[Media]:
        """The frames that are sent now, in this order."""
        held, self._held = self._held, None
        if self._strikes(self._faults.drop):
            sent = []
        elif held is None and self._strikes(self._faults.reorder):
            self._held = media
            return []
        elif self._strikes(self._faults.duplicate):
            sent = [media, media]
        else:
            sent = [media]
        return [*sent, held] if held is not None else sent

    def _strikes(self, share: float) -> bool:
        return bool(self._random.random() < share)


def _gain(db: float) -> float:
    return float(10 ** (db / 20))
