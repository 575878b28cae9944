"""Which text a label names: to its right, below or above it (pure)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from api.intake.readers import parties
from api.intake.readers.parties import Named
from api.intake.readers.stacking import Block
from nlp.written import kinds


class Way(Enum):
    """Where a value stands, seen from its label; how likely that is before a page is known."""

    RIGHT = 1.0
    BELOW = 0.9
    ABOVE = 0.7


#: A value stands within so many lines below or above its label, and so many page widths beside it.
_BELOW, _ABOVE, _BESIDE = 3.2, 2.6, 0.45
#: The first of two lines beside a label is so far from their middle at most, and so much less
#: likely meant.
_HALF_WAY, _ASIDE = 1.15, 0.6
#: The part of a direction's weight that the page's other labels decide.
_OTHERS = 0.6
#: Pairs worth less than this are none.
_LEAST = 0.12


@dataclass(frozen=True, slots=True)
class _Edge:
    worth: float
    way: Way
    named: int
    value: int


def matched(
    labels: Sequence[Named], values: Sequence[Block], blocks: Sequence[Block], width: float
) -> list[tuple[Named, Block]]:
    """Each label with at most one text, each text with at most one label.

    Args:
        blocks: everything on the page, which is `width` pixels wide.
    """
    edges = list(_edges(labels, values, blocks, width))
    ways = Counter(edge.way for edge in _best(edges, {way: way.value for way in Way}))
    whole = max(ways.total(), 1)
    weights = {way: way.value * (1 - _OTHERS + _OTHERS * ways[way] / whole) for way in Way}
    return [(labels[e.named], values[e.value]) for e in _best(edges, weights)]


def _best(edges: Sequence[_Edge], weights: Mapping[Way, float]) -> list[_Edge]:
    """The pairs of most worth, the best first."""
    names: set[int] = set()
    values: set[int] = set()
    chosen = []
    for edge in sorted(edges, key=lambda e: e.worth * weights[e.way], reverse=True):
        if edge.named not in names and edge.value not in values and edge.worth >= _LEAST:
            names.add(edge.named)
            values.add(edge.value)
            chosen.append(edge)
    return chosen


def _edges(
    labels: Sequence[Named], values: Sequence[Block], blocks: Sequence[Block], width: float
) -> Iterable[_Edge]:
    for n, named in enumerate(labels):
        for v, value in enumerate(values):
            found = _way(named.block, value, width)
            if found is None or _between(named.block, value, found[0], blocks):
                continue
            worth = kinds.fits(named.label.what, value.text) * found[1]
            if worth:
                yield _Edge(worth, found[0], n, v)


def _way(named: Block, value: Block, width: float) -> tuple[Way, float] | None:
    """Where a text stands beside a label, and how near, 0 to 1; None where it is elsewhere."""
    gap = (value.left - named.right) / width
    if value.left > named.right - min(named.height, value.height) and gap < _BESIDE:
        near = _on_the_right(named, value)
        return (Way.RIGHT, near * (1 - gap)) if near else None
    if not parties.over(named, value):
        return None
    lines = (value.y - named.y) / max(named.height, value.height)
    if 0 < lines < _BELOW:
        return Way.BELOW, 1 - lines / (2 * _BELOW)
    if -_ABOVE < lines < 0:
        return Way.ABOVE, 1 + lines / (2 * _ABOVE)
    return None


def _on_the_right(named: Block, value: Block) -> float:
    """How likely a text at the right is meant: less where it is one of two lines there."""
    if _beside(named, value):
        return 1.0
    half_way = abs(named.y - value.y) < _HALF_WAY * min(named.height, value.height)
    return _ASIDE if half_way else 0.0


def _beside(one: Block, other: Block) -> bool:
    """Whether one stands beside the other, or beside one of its lines."""
    more = (max(one.tall, other.tall) - max(one.height, other.height)) / 2
    return abs(one.y - other.y) < parties.LEVEL * min(one.height, other.height) + more


def _between(named: Block, value: Block, way: Way, blocks: Sequence[Block]) -> bool:
    """Whether another text stands between them."""
    for other in blocks:
        if other is named or other is value:
            continue
        if way is Way.RIGHT:
            if named.right - 1 < other.x < value.left and _beside(named, other):
                return True
        elif parties.over(named, other) and parties.over(other, value):
            low, high = sorted((named.y, value.y))
            alike = parties.level(other, named) or parties.level(other, value)
            if low < other.y < high and not alike:
                return True
    return False
