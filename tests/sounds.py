"""Sounds on a telephone line, made up: voices that say nothing, noise, echoes.

Samples are float64 in -1..1 at 8,000 Hz.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from voice.audio import mulaw_to_pcm, pcm_to_mulaw, to_pcm
from voice.ports import LINE_HZ, frames

Samples = NDArray[np.float64]

#: Formants of a, i, u, e in Hz, each with its bandwidth (after Peterson and Barney 1952).
_VOWELS = (
    ((700, 80), (1220, 90), (2600, 120)),
    ((300, 60), (2200, 100), (2900, 120)),
    ((350, 60), (800, 80), (2300, 120)),
    ((500, 70), (1700, 90), (2500, 120)),
)


def speech(ms: int, *, seed: int = 0, level: float = 0.1) -> Samples:
    """Syllables without meaning, of one voice; `level` is the vowels' root mean square."""
    random = np.random.default_rng(seed)
    pitch = random.uniform(110, 220)
    said = np.zeros(0)
    while len(said) < ms * 8:
        vowel = _VOWELS[random.integers(len(_VOWELS))]
        length = int(random.integers(120, 220)) * 8
        said = np.concatenate([said, _vowel(length, pitch, vowel) * level, np.zeros(40 * 8)])
        pitch *= random.uniform(0.93, 1.07)
    return said[: ms * 8]


def _vowel(length: int, pitch: float, formants: tuple[tuple[int, int], ...]) -> Samples:
    pulses = np.diff(np.floor(np.arange(length + 1) * pitch / LINE_HZ))
    frequencies = np.fft.rfftfreq(length, 1 / LINE_HZ)
    gains = sum(1 / (1 + ((frequencies - centre) / width) ** 2) for centre, width in formants)
    voiced = np.fft.irfft(np.fft.rfft(pulses) * gains, length) * np.sqrt(np.hanning(length))
    return np.asarray(voiced / np.sqrt(np.mean(voiced**2)))


def noise(ms: int, *, level: float = 0.002, seed: int = 0) -> Samples:
    """White noise of that root mean square."""
    return np.random.default_rng(seed).normal(0, level, ms * 8)


def silence(ms: int) -> Samples:
    """Nothing at all."""
    return np.zeros(ms * 8)


def echo(played: Samples, *, delay_ms: int, db: float) -> Samples:
    """What comes back of `played`: late, quieter and duller."""
    duller = np.convolve(played, [0.2, 0.5, 0.2, 0.1])[: len(played)]
    late = np.concatenate([np.zeros(delay_ms * 8), duller])[: len(played)]
    return np.asarray(late * 10 ** (db / 20))


def on_line(samples: Samples) -> list[bytes]:
    """Frames of PCM as they come off a telephone line."""
    return list(frames(mulaw_to_pcm(pcm_to_mulaw(to_pcm(samples.astype(np.float32))))))
