"""A recording's outline: how loud each side was, for drawing it."""

from __future__ import annotations

import wave
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from models.errors import ExternalError

_LOUDEST = 32768.0


@dataclass(frozen=True, slots=True)
class Outline:
    """Peaks (0 to 1) of the caller's and the assistant's side, evenly spaced over the time."""

    duration_s: float
    caller: list[float]
    assistant: list[float]


def outline(path: Path, points: int = 1200) -> Outline:
    """The outline of a stereo recording of 16 bits.

    Raises:
        ExternalError: the file is missing or no such recording.
    """
    try:
        with wave.open(str(path), "rb") as file:
            rate, count = file.getframerate(), file.getnframes()
            samples = np.frombuffer(file.readframes(count), "<i2").reshape(-1, 2)
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise ExternalError(f"The recording {path.name} cannot be read.") from error
    if not len(samples):
        return Outline(0.0, [], [])
    starts = np.linspace(0, len(samples), min(points, len(samples)), endpoint=False).astype(int)
    loud = np.maximum.reduceat(np.abs(samples.astype(np.int32)), starts) / _LOUDEST
    sides = np.round(loud, 3)
    return Outline(len(samples) / rate, sides[:, 0].tolist(), sides[:, 1].tolist())
