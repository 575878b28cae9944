"""A voice with noise around it, as from a workshop or the roadside."""

from __future__ import annotations

import numpy as np

from models.call import Lang
from voice.audio import to_float, to_pcm
from voice.ports import Synthesizer

_SEED = 5
#: Samples that the noise is averaged over: engines and traffic sound dull.
_SMOOTH = 8


class NoisySynthesizer:
    """Another voice's speech with steady, dull noise behind each clause.

    Args:
        noise_dbfs: the noise's level, dB below full scale.
    """

    def __init__(self, voice: Synthesizer, noise_dbfs: float) -> None:
        self._voice = voice
        self._gain = 10 ** (noise_dbfs / 20)
        self.name = voice.name

    def voice(self, lang: Lang) -> str:
        """See `Synthesizer.voice`."""
        return self._voice.voice(lang)

    def warm_up(self) -> None:
        """See `Synthesizer.warm_up`."""
        self._voice.warm_up()

    def has(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bool:
        """See `Synthesizer.has`."""
        return self._voice.has(clause, lang=lang, rate=rate)

    def speak(self, clause: str, *, lang: Lang, rate: float = 1.0) -> bytes:
        """See `Synthesizer.speak`."""
        said = to_float(self._voice.speak(clause, lang=lang, rate=rate))
        white = np.random.default_rng(_SEED).standard_normal(said.size + _SMOOTH - 1)
        dull = np.convolve(white, np.ones(_SMOOTH) / np.sqrt(_SMOOTH), "valid")[: said.size]
        mixed = np.clip(said + dull * self._gain, -1.0, 1.0)
        return to_pcm(mixed.astype(np.float32))
