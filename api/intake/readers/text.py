"""Plain text."""

from __future__ import annotations

from api.intake import limits
from nlp.written.source import Part, Place, Text


def read(index: int, data: bytes) -> Part:
    """The lines of a text in UTF-8."""
    lines = data.decode("utf-8", "replace").splitlines()
    kept = tuple(
        Text(line[: limits.LONGEST_LINE], Place(part=index, line=number))
        for number, line in enumerate(lines[: limits.MOST_LINES])
    )
    return Part(index=index, kind="text", lines=kept, cut=len(lines) > limits.MOST_LINES)
