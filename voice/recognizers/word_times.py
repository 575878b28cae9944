"""When Whisper's words were said: its attention, laid along the audio, tells.

Asked for after a reading: it costs another pass of the decoder, about a tenth of a reading's time.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from models.call import Lang, Word

#: Frames of 10 ms in a second of Whisper's features.
_FRAMES_A_SECOND = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is needed to find the words of a window's best hypothesis again.

    Attributes:
        encoded: the encoder's view of the window; the engine's own type.
        tokens: the hypothesis' tokens.
        seconds: the window's length without the silence that was added.
    """

    encoded: Any
    tokens: Sequence[int]
    lang: Lang
    seconds: float

    @property
    def frames(self) -> int:
        """The window's length in feature frames."""
        return max(1, round(self.seconds * _FRAMES_A_SECOND))


def as_words(
    aligned: Sequence[dict[str, Any]], write: Callable[[str], str], from_ms: int
) -> tuple[Word, ...]:
    """Words as faster-whisper's `find_alignment` gives them, without what is only punctuation.

    Args:
        write: the spelling of a text that pages show.
        from_ms: where the window begins in the utterance.
    """
    texts = _written([str(found["word"]) for found in aligned], write)
    return tuple(
        Word(
            text=text,
            started_ms=from_ms + round(float(found["start"]) * 1000),
            ended_ms=from_ms + round(float(found["end"]) * 1000),
            confidence=round(float(found["probability"]), 3),
        )
        for text, found in zip(texts, aligned, strict=True)
        if any(char.isalnum() for char in text)
    )


def _written(texts: Sequence[str], write: Callable[[str], str]) -> list[str]:
    """Each word in the spelling that the whole text gets, where that keeps its length."""
    joined = "".join(texts)
    whole = write(joined)
    if len(whole) != len(joined):
        return [write(text).strip() for text in texts]
    pieces, at = [], 0
    for text in texts:
        pieces.append(whole[at : at + len(text)].strip())
        at += len(text)
    return pieces
