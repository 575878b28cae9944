"""Where a turn's words are in its text, and which seconds a value comes from (pure)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from models.call import Turn, Word


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a turn's text: a word with its times, or what stands between words."""

    text: str
    word: Word | None = None


def pieces(turn: Turn) -> tuple[Piece, ...]:
    """The turn's whole text, cut into words whose times are known and the rest."""
    found: list[Piece] = []
    at = 0
    for word, start in _places(turn):
        if start > at:
            found.append(Piece(turn.text[at:start]))
        at = start + len(word.text)
        found.append(Piece(turn.text[start:at], word))
    if at < len(turn.text):
        found.append(Piece(turn.text[at:]))
    return tuple(found)


def span_of(turn: Turn, heard: str) -> tuple[int, int] | None:
    """When the turn's words for a value were said, milliseconds in the call.

    Args:
        heard: the words, as they stand in the turn's text but for spaces, signs and case.
            Where they stand there twice, the last time counts: so do corrections.

    Returns:
        None where the words or their times are not known.
    """
    wanted, text, origin = _bare(heard)[0], *_bare(turn.text)
    begin = text.rfind(wanted) if wanted else -1
    if begin < 0:
        return None
    first, last = origin[begin], origin[begin + len(wanted) - 1]
    said = [w for w, at in _places(turn) if at <= last and at + len(w.text) > first]
    if not said:
        return None
    return said[0].started_ms, max(word.ended_ms for word in said)


def _places(turn: Turn) -> Iterator[tuple[Word, int]]:
    """Each word with its place in the text; one that does not stand there is left out."""
    at = 0
    for word in turn.words:
        start = turn.text.find(word.text, at)
        if start >= 0:
            yield word, start
            at = start + len(word.text)


def _bare(text: str) -> tuple[str, list[int]]:
    """The text's letters and digits in lower case, and where each of them stood."""
    kept = [(char.lower(), at) for at, char in enumerate(text) if char.isalnum()]
    # A letter may be several in lower case: each keeps its letter's place.
    flat = [(low, at) for lowered, at in kept for low in lowered]
    return "".join(low for low, _ in flat), [at for _, at in flat]
