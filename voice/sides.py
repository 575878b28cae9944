"""What each side says in a call's recording, stretch by stretch."""

from __future__ import annotations

import wave
from collections.abc import Iterator, Sequence
from typing import IO

import numpy as np

from models.errors import ExternalError
from voice.legs.twilio_codec import Track
from voice.ports import FRAME_MS, LINE_HZ, Audio
from voice.stretches import Stretch, Stretches

_FRAME = LINE_HZ * FRAME_MS // 1000
#: The channel of each side; see `voice.recording`.
_SIDES: Sequence[Track] = ("inbound", "outbound")


def stretches_of(file: IO[bytes]) -> Iterator[tuple[Track, Stretch]]:
    """What is said in a stereo recording, by when it ends; the same as was heard live.

    Raises:
        ExternalError: it is no recording of ours.
    """
    sides = [Stretches() for _ in _SIDES]
    try:
        with wave.open(file, "rb") as sound:
            if sound.getparams()[:3] != (2, 2, LINE_HZ):
                raise ExternalError("The recording is no stereo of 8 kHz.")
            for number in range(sound.getnframes() // _FRAME):
                both = np.frombuffer(sound.readframes(_FRAME), "<i2").reshape(-1, 2)
                for side, (track, heard) in enumerate(zip(_SIDES, sides, strict=True)):
                    said = heard.push(Audio(both[:, side].tobytes(), number * FRAME_MS))
                    if said is not None:
                        yield track, said
    except (OSError, EOFError, ValueError, wave.Error) as error:
        raise ExternalError("The recording cannot be read.") from error
    for track, heard in zip(_SIDES, sides, strict=True):
        if (said := heard.rest()) is not None:
            yield track, said
