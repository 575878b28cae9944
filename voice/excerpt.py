"""The caller's voice out of a call's recording."""

from __future__ import annotations

import wave
from typing import IO

import numpy as np

from models.errors import ExternalError
from voice.ports import LINE_HZ


def caller_between(file: IO[bytes], from_ms: int, to_ms: int) -> bytes:
    """The caller's side of a stereo recording between two times, as 8 kHz 16-bit mono PCM.

    What lies outside of the recording is left out.

    Raises:
        ExternalError: it is no recording of ours.
    """
    try:
        with wave.open(file, "rb") as sound:
            if sound.getparams()[:3] != (2, 2, LINE_HZ):
                raise ExternalError("The recording is no stereo of 8 kHz.")
            end = sound.getnframes()
            first, last = (min(end, max(0, ms) * LINE_HZ // 1000) for ms in (from_ms, to_ms))
            sound.setpos(first)
            both = np.frombuffer(sound.readframes(max(0, last - first)), "<i2").reshape(-1, 2)
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise ExternalError("The recording cannot be read.") from error
    return both[:, 0].tobytes()
