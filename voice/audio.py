"""Telephone audio arithmetic (pure): mu-law, sample rates, band, level, silence.

PCM is signed 16-bit little-endian mono bytes; `float` samples are float32 in -1..1.
"""

from __future__ import annotations

import warnings
from typing import cast

import numpy as np
import numpy.typing as npt
import soxr

from voice.ports import LINE_HZ

with warnings.catch_warnings():
    # The standard library's own until 3.12, the audioop-lts package after.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

Samples = npt.NDArray[np.float32]

#: The telephone band of ITU-T G.712, Hz.
BAND_HZ = (200.0, 3400.0)

#: 0 in mu-law (ITU-T G.711): the byte of digital silence on the line.
MULAW_SILENCE = b"\xff"

_FULL_SCALE = 32768.0
_SAMPLE_BYTES = 2


def mulaw_to_pcm(mulaw: bytes) -> bytes:
    """G.711 mu-law bytes as 16-bit PCM, two bytes for each byte."""
    return audioop.ulaw2lin(mulaw, _SAMPLE_BYTES)


def pcm_to_mulaw(pcm: bytes) -> bytes:
    """16-bit PCM as G.711 mu-law, one byte for each sample."""
    return audioop.lin2ulaw(pcm, _SAMPLE_BYTES)


def to_float(pcm: bytes) -> Samples:
    """16-bit PCM as float samples."""
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(_FULL_SCALE)


def to_pcm(samples: Samples) -> bytes:
    """Float samples as 16-bit PCM; what exceeds -1..1 is clipped."""
    scaled = np.rint(samples * _FULL_SCALE)
    return cast(bytes, np.clip(scaled, -_FULL_SCALE, _FULL_SCALE - 1).astype("<i2").tobytes())


def duration_ms(pcm: bytes, hz: int = LINE_HZ) -> int:
    """How long the PCM plays, milliseconds."""
    return len(pcm) // _SAMPLE_BYTES * 1000 // hz


def silence(ms: int, hz: int = LINE_HZ) -> bytes:
    """PCM of digital silence."""
    return bytes(ms * hz // 1000 * _SAMPLE_BYTES)


def resample(samples: Samples, from_hz: int, to_hz: int) -> Samples:
    """A whole signal at another rate, of high quality. For live audio see `Resampler`."""
    if from_hz == to_hz:
        return samples
    return np.asarray(soxr.resample(samples, from_hz, to_hz), dtype=np.float32)


class Resampler:
    """Changes the rate of audio that arrives piece by piece, without seams.

    The filter holds back about 12 ms until `flush`.
    """

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = soxr.ResampleStream(from_hz, to_hz, 1, dtype="float32", quality="LQ")

    def feed(self, samples: Samples) -> Samples:
        """The next piece at the new rate; may be shorter than expected at the start."""
        return np.asarray(self._stream.resample_chunk(samples), dtype=np.float32)

    def flush(self) -> Samples:
        """What was held back. The resampler takes nothing after it."""
        rest = self._stream.resample_chunk(np.empty(0, np.float32), last=True)
        return np.asarray(rest, dtype=np.float32)


def band_limit(samples: Samples, hz: int) -> Samples:
    """Only the telephone band of a whole signal.

    Works in the frequency domain with raised-cosine edges (100 Hz below, 300 Hz above), so
    that nothing rings and no phase is turned.
    """
    if not samples.size:
        return samples
    low, high = BAND_HZ
    padded = samples.size + hz // 10
    frequencies = np.fft.rfftfreq(padded, 1 / hz)
    rise = np.clip((frequencies - (low - 100)) / 100, 0, 1)
    fall = np.clip(((high + 300) - frequencies) / 300, 0, 1)
    gain = np.sin(np.pi / 2 * rise) ** 2 * np.sin(np.pi / 2 * fall) ** 2
    spectrum = np.fft.rfft(samples, padded) * gain
    return np.fft.irfft(spectrum, padded)[: samples.size].astype(np.float32)


def limit_peak(samples: Samples, peak: float = 0.89) -> Samples:
    """The signal made quieter as a whole where its peak exceeds `peak` (0.89 is -1 dBFS)."""
    highest = float(np.abs(samples).max(initial=0.0))
    return samples if highest <= peak else samples * np.float32(peak / highest)


def trim_silence(samples: Samples, hz: int, *, floor: float = 0.01, keep_ms: int = 20) -> Samples:
    """The signal without the stretches below `floor` at both ends, but for `keep_ms` of them.

    Empty when nothing reaches the floor.
    """
    loud = np.flatnonzero(np.abs(samples) >= floor)
    if not loud.size:
        return samples[:0]
    keep = keep_ms * hz // 1000
    return samples[max(0, loud[0] - keep) : loud[-1] + 1 + keep]


def level_dbfs(pcm: bytes) -> float:
    """Root mean square level of PCM in dB below full scale; -96 for silence."""
    rms = audioop.rms(pcm, _SAMPLE_BYTES)
    return 20.0 * float(np.log10(max(rms, 0.5) / _FULL_SCALE))


def to_line(samples: Samples, hz: int) -> bytes:
    """Speech of any rate as it goes onto the line: band, peak, 8 kHz PCM."""
    narrow = resample(band_limit(samples, hz), hz, LINE_HZ)
    return to_pcm(limit_peak(narrow))
