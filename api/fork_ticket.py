"""What lets a fork of a call in."""

from __future__ import annotations


def ticket(call_sid: str) -> str:
    """What a fork's token is sealed for: it lets nobody talk with the caller."""
    return f"fork {call_sid}"
