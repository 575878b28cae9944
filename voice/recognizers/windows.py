"""Cuts long utterances where the speaker is quietest (pure)."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from voice.audio import Samples

#: Whisper hears 30 s at most; a little is left for the silence after the words.
LONGEST_S = 27.0
#: The cut is looked for in the last part of a window, seconds.
_SEARCH_S = 8.0
_FRAME_S = 0.1


def windows(samples: Samples, hz: int) -> Iterator[Samples]:
    """The utterance in pieces of at most `LONGEST_S`, cut in the quietest 100 ms."""
    longest = int(LONGEST_S * hz)
    while samples.size > longest:
        cut = _quietest(samples, longest - int(_SEARCH_S * hz), longest, int(_FRAME_S * hz))
        yield samples[:cut]
        samples = samples[cut:]
    if samples.size:
        yield samples


def _quietest(samples: Samples, start: int, end: int, frame: int) -> int:
    """The middle of the frame with the least energy between two sample positions."""
    frames = samples[start : start + (end - start) // frame * frame].reshape(-1, frame)
    quietest = int(np.argmin((frames**2).sum(axis=1)))
    return start + quietest * frame + frame // 2
