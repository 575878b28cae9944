"""From which confidence on a value that was read needs no second look (pure)."""

from __future__ import annotations

#: Below it a clerk is to compare the value with the page.
SURE = 0.8


def is_sure(confidence: float) -> bool:
    """Whether nobody needs to look at the page for a value of this confidence."""
    return confidence >= SURE
