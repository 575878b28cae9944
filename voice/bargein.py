"""Does the caller speak over playback, or is it the assistant's own echo? (pure)

An echo is what was played, delayed, weaker and filtered by the line. Over the last quarter of
a second the caller's audio is explained from the played audio as well as a short filter can:
first the delay by cross-correlation, then the filter by least squares (the normal equations of
the Wiener filter). What stays unexplained is the caller. Nothing has to converge first, so
that an interruption of the very first prompt is heard too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float64]

_GAP_MS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """Every constant of the decision.

    Attributes:
        window: what is explained at once, samples.
        furthest: longest delay of an echo, samples.
        taps: length of the filter, samples, from `lead` before the delay found on.
        ridge: share of the played power added to the equations, for their stability.
        newest: what is judged of it, samples.
        echo_db: the unexplained part of an echo lies at least this much below it (codecs and
            reverberation are no linear filter).
        audible_db: a caller is at least this loud, dB of full scale.
        speech: probability of speech from which a frame can be the caller's.
        needed: frames that must be the caller's, out of the last `within`.
    """

    window: int = 2400
    furthest: int = 4160
    taps: int = 96
    lead: int = 24
    ridge: float = 1e-3
    newest: int = 480
    echo_db: float = -9.0
    audible_db: float = -48.0
    speech: float = 0.5
    needed: int = 5
    within: int = 7


class BargeIn:
    """Listens for one call. About a millisecond a frame, and only while there is speech."""

    def __init__(self, guard: Guard | None = None) -> None:
        self.guard = guard or Guard()
        self._seen_ms = 0
        self._caller: Samples = np.zeros(self.guard.window)
        self._played: Samples = np.zeros(self.guard.window + self.guard.furthest)
        self._votes: list[bool] = []

    def push(self, at_ms: int, caller: bytes, played: bytes, speech: float) -> bool:
        """Whether the caller speaks over playback.

        Args:
            at_ms: the frame's place in the call; after a gap everything begins anew.
            caller: 20 ms from the caller, 8 kHz 16-bit mono.
            played: the 20 ms that were played to him at that time.
            speech: probability of speech in `caller`, 0 to 1.
        """
        if at_ms - self._seen_ms > _GAP_MS:
            self._votes = []
            self._caller = np.zeros_like(self._caller)
            self._played = np.zeros_like(self._played)
        self._seen_ms = at_ms
        self._caller = _shifted(self._caller, caller)
        self._played = _shifted(self._played, played)
        own = speech >= self.guard.speech and self._is_own()
        self._votes = [*self._votes, own][-self.guard.within :]
        return sum(self._votes) >= self.guard.needed

    def _is_own(self) -> bool:
        """Whether the newest audio holds more than an echo."""
        guard = self.guard
        heard = _sharpened(self._caller)
        echo = self._echo(heard, _sharpened(self._played))
        rest = _power((heard - echo)[-guard.newest :])
        return rest > max(
            _ratio(guard.audible_db), _ratio(guard.echo_db) * _power(echo[-guard.newest :])
        )

    def _echo(self, heard: Samples, played: Samples) -> Samples:
        """The part of `heard` that a short filter makes of `played`."""
        guard = self.guard
        size = 1 << (len(played) + len(heard) - 1).bit_length()
        spectrum = np.fft.rfft(played, size)
        matches = np.fft.irfft(spectrum * np.conj(np.fft.rfft(heard, size)), size)
        energy = np.convolve(played**2, np.ones(len(heard)), "valid")
        usable = matches[: guard.furthest + 1] ** 2 / (energy + len(heard) * _ratio(-70))
        first = int(np.argmax(usable)) + guard.lead - guard.taps + 1
        first = min(max(first, 0), guard.furthest - guard.taps + 1)
        shifted = np.lib.stride_tricks.sliding_window_view(
            played[first : first + len(heard) + guard.taps - 1], guard.taps
        )
        normal = shifted.T @ shifted
        normal[np.diag_indices(guard.taps)] += guard.ridge * np.trace(normal) / guard.taps + 1e-9
        return np.asarray(shifted @ np.linalg.solve(normal, shifted.T @ heard))


def _shifted(history: Samples, frame: bytes) -> Samples:
    samples = np.frombuffer(frame, "<i2") / 32768
    return np.concatenate([history, samples])[-len(history) :]


def _sharpened(samples: Samples) -> Samples:
    """Pre-emphasis: speech is louder below, which blurs delays and hides consonants."""
    return np.append(samples[:1], samples[1:] - 0.9 * samples[:-1])


def _power(samples: Samples) -> float:
    return float(np.mean(samples**2))


def _ratio(db: float) -> float:
    return float(10 ** (db / 10))
