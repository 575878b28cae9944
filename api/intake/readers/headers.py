"""The line that a sending fax machine prints along the upper edge of a page (pure)."""

from __future__ import annotations

import re

#: Such a line ends above this share of the page.
ABOVE = 0.06
_MARKS = (
    re.compile(
        r"\d{1,4}[-/.年](?:\d{1,2}|[a-z]{3})[-/.月]\d{1,4}|\d{1,2}[-/ ]?[a-z]{3}[-/ ]?\d{2,4}"
    ),
    re.compile(r"\b\d{1,2}:\d{2}\b|\d{1,2}时\d{2}分"),
    re.compile(r"\bp(?:age|g)?\s*[.:#]?\s*\d{1,3}|\b\d{1,3}\s*/\s*\d{1,3}\b|第\s*\d+\s*页"),
    re.compile(r"\b(?:fax|from|to|tel|id|rx|tx)\b|传真|发自"),
    re.compile(r"\+?\d[\d ()-]{6,}\d"),
)
_ENOUGH = 3


def is_header(text: str) -> bool:
    """Whether a line at the upper edge is a machine's: date, time, page, numbers."""
    rest, found = text.lower(), 0
    for mark in _MARKS:
        rest, times = mark.subn(" ", rest)
        found += times > 0
    return found >= _ENOUGH
