"""What a recogniser is told about the answer that is expected (pure)."""

from __future__ import annotations

from nlp.meaning import Expectation


def hint(expectation: Expectation) -> str:
    """Text that could have stood before the answer: it sets topic, script and spelling."""
    return ""
