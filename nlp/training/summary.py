"""Scores of several calls together, by what the handbook asks (pure)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from nlp.training.scorecard import CHECKS, Card

#: What a real call is judged by; practice knows no signature.
ALL_CHECKS = (*CHECKS, "signed")


def shares(cards: Iterable[Card]) -> Mapping[str, float | None]:
    """By name of a check the part of calls that passed it, 0 to 1, of those that could show it;
    None where none could."""
    passed = dict.fromkeys(ALL_CHECKS, 0)
    asked = dict.fromkeys(ALL_CHECKS, 0)
    for card in cards:
        for check in card.checks:
            asked[check.name] += check.passed is not None
            passed[check.name] += check.passed is True
    return {name: passed[name] / asked[name] if asked[name] else None for name in ALL_CHECKS}
