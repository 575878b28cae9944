"""A recording's outline: how loud each side was, for drawing it."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from typing import IO

import numpy as np

from models.errors import ExternalError

_LOUDEST = 32768.0


@dataclass(frozen=True, slots=True)
class Outline:
    """Peaks (0 to 1) of the caller's and the assistant's side, evenly spaced over the time."""

    duration_s: float
    caller: list[float]
    assistant: list[float]


def outline(file: IO[bytes], points: int = 1200) -> Outline:
    """The outline of a stereo recording of 16 bits.

    Raises:
        ExternalError: it is no such recording.
    """
    try:
        with wave.open(file, "rb") as sound:
            rate, count = sound.getframerate(), sound.getnframes()
            samples = np.frombuffer(sound.readframes(count), "<i2").reshape(-1, 2)
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise ExternalError("The recording cannot be read.") from error
    if rate <= 0:
        raise ExternalError("The recording cannot be read.")
    if not len(samples):
        return Outline(0.0, [], [])
    starts = np.linspace(0, len(samples), min(points, len(samples)), endpoint=False).astype(int)
    loud = np.maximum.reduceat(np.abs(samples.astype(np.int32)), starts) / _LOUDEST
    sides = np.round(loud, 3)
    return Outline(len(samples) / rate, sides[:, 0].tolist(), sides[:, 1].tolist())
