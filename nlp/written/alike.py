"""How alike two texts look (pure)."""

from __future__ import annotations


def one_off(one: str, other: str) -> bool:
    """Whether two texts are equally long and differ in one character."""
    return len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
