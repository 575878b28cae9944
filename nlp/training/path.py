"""What a clerk practises next (pure)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from models.call import Lang
from nlp.training.scenario import Lesson
from nlp.training.scorecard import Card

#: Without these an order is wrong, or dangerous: who misses one of them has not passed.
MUST = frozenset({"recorded", "prohibited", "danger_asked"})
#: How many of the other checks may be missed.
MAY_MISS = 1


def passed(card: Card) -> bool:
    """Whether a practice call was good enough for the next level."""
    missed = [check.name for check in card.checks if check.passed is False]
    return len(missed) <= MAY_MISS and not MUST & {*missed}


def passed_lessons(results: Iterable[tuple[str, Card]]) -> frozenset[str]:
    """The lessons, by name, that were passed at least once."""
    return frozenset(name for name, card in results if passed(card))


def following(lessons: Iterable[Lesson], done: Collection[str]) -> Mapping[Lang, Lesson]:
    """By language the easiest lesson that was not passed yet; none where all were.

    Args:
        done: the names of the lessons that were passed.
    """
    found: dict[Lang, Lesson] = {}
    for one in sorted(lessons, key=lambda lesson: lesson.level):
        if one.name not in done:
            found.setdefault(one.lang, one)
    return found
