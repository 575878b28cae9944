"""Spaces that recognition leaves out (pure)."""

from __future__ import annotations

import re

#: 2026-11-2715:00, LiLei, 93JianguoRoad, Road,Chaoyang.
_LEFT_OUT = re.compile(
    r"(?<=\d{4}[/.]\d{2}[/.]\d{2})(?=\d{1,2}[:：]\d{2})|(?<=\d{4}年\d{2}月\d{2}日)(?=\d)"
    r"|(?<=[a-z])(?=[A-Z][a-z])|(?<=\d)(?=[A-Z][a-z])|(?<=[a-z],)(?=[A-Za-z])"
)


#: 2026112715:00, 2026-112715:00: hyphens are lost like spaces.
_DATE = re.compile(r"(?<!\d)(20\d\d)(-?)([01]\d)(-?)([0-3]\d)(\s*)(?=\d{1,2}[:：]\d\d)")


#: 1C37 is 1037, 8l6 is 816.
_FIGURES = {"C": "0", "O": "0", "o": "0", "D": "0", "l": "1", "I": "1"}
_BETWEEN = re.compile(r"(?<=\d)[COoDlI](?=\d)")


def spaced(text: str, letters: tuple[float, ...]) -> tuple[str, tuple[float, ...]]:
    """The text with these spaces, and hyphens in a date, each as sure as can be; and with figures
    for letters between figures."""
    text = _BETWEEN.sub(lambda found: _FIGURES[found[0]], text)
    date = _DATE.search(text)
    if date is not None:
        for group, mark in ((6, " "), (4, "-"), (2, "-")):
            if not date[group]:
                text, letters = _with(mark, date.start(group), text, letters)
    for gap in reversed([m.start() for m in _LEFT_OUT.finditer(text)]):
        text, letters = _with(" ", gap, text, letters)
    return text, letters


def _with(
    mark: str, at: int, text: str, letters: tuple[float, ...]
) -> tuple[str, tuple[float, ...]]:
    return f"{text[:at]}{mark}{text[at:]}", (*letters[:at], 1.0, *letters[at:])
