"""Labels on a page find their values: beside, below or above them (pure).

No layout is assumed. Every label may take every near text that suits it (`nlp.written.kinds`); the
best pairs are taken first, then once more, now with the direction favoured that most labels of the
page chose.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from api.intake.readers import parties
from api.intake.readers.parties import Named
from api.intake.readers.stacking import Block, joined
from nlp.written import kinds
from nlp.written.labels import Label, composite, label
from nlp.written.tables import inline_labels


class Way(Enum):
    """Where a value stands, seen from its label; how likely that is before a page is known."""

    RIGHT = 1.0
    BELOW = 0.9
    ABOVE = 0.7


#: A value stands within so many lines below or above its label, and so many page widths beside it.
_BELOW, _ABOVE, _BESIDE = 3.2, 2.6, 0.45
#: What stands in one row differs in height by less than this many lines.
_LEVEL = 0.7
#: The next line of an address is so many lines further, and begins so many beside.
_LINES, _INDENT = 1.9, 1.5
#: Where the label stands before it, so many lines are the most that it hangs.
_HANGS = 6
#: The first of two lines beside a label is so far from their middle at most, and so much less
#: likely meant.
_HALF_WAY, _ASIDE = 1.15, 0.6
#: The part of a direction's weight that the page's other labels decide.
_OTHERS = 0.6
#: Pairs worth less than this are none.
_LEAST = 0.12
#: A cover sheet's own words; who receives the fax is not who receives the goods.
_COVER = re.compile(
    r"页\s*[数码]|共\s*\d+\s*页|传\s*真|fax|no\. of pages|cover sheet", re.IGNORECASE
)
_RECEIVES = re.compile(r"收\s*件|接\s*收|收\s*文|to\b|attn", re.IGNORECASE)
_COVERS = 2
_PARTS = re.compile(r"\s*[/、;；|]\s*|\s{2,}")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label, where it stands, and the text that it names.

    Attributes:
        part: which piece of the text, where the label names several things; -1: the whole.
    """

    label: Label
    at: Block
    value: Block
    part: int = -1

    def pieces(self) -> list[str]:
        """The pieces of the text."""
        return _PARTS.split(self.value.text)


@dataclass(frozen=True, slots=True)
class Paired:
    """What a page says under labels, and all other texts.

    Attributes:
        absorbed: texts, by `id`, that are a part of one in the rest now.
        cover: the page is a fax's cover sheet or has its head.
        owners: the party of texts in the rest, by `id`, whose labels leave it open.
    """

    pairs: tuple[Pair, ...]
    rest: tuple[Block, ...]
    owners: Mapping[int, str] = field(default_factory=dict)
    cover: bool = False
    absorbed: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class _Edge:
    worth: float
    way: Way
    named: int
    value: int


def paired(blocks: Sequence[Block], width: float) -> Paired:
    """The pairs of a page that is `width` pixels wide."""
    blocks, absorbed = _run_on(blocks)
    labels, inline, values = _sorted(blocks)
    titles = parties.titles(labels, [*labels, *inline], blocks)
    heads = {id(t.block) for t in titles}
    pairs = [Pair(n.label, n.block, v) for n, v in parties.grid(labels, values, titles)]
    used = {id(p.value) for p in pairs} | {id(p.at) for p in pairs}
    free = [v for v in values if id(v) not in used]
    open_labels = [n for n in labels if id(n.block) not in heads | used]
    pairs += _matched(open_labels, free, blocks, width)
    pairs, free = _continued(pairs, free, labels, blocks)
    taken = {id(p.value) for p in pairs}
    having = {id(p.at): p.value for p in pairs}
    boxed = parties.boxes(labels, [v for v in free if id(v) not in taken], inline, having)
    pairs += [Pair(n.label, n.block, v) for n, v in boxed.values]
    pairs = [replace(p, label=parties.owned(p.label, p.at, p.value, titles, labels)) for p in pairs]
    taken |= {id(v) for _, v in boxed.values}
    pairs += [
        Pair(Label(what), v, v) for v in free if id(v) not in taken and (what := kinds.told(v.text))
    ]
    owners = {id(b): parties.governing(b, titles) or boxed.owners.get(id(b), "") for b in blocks}
    done = {id(p.value) for p in pairs} | {id(n.block) for n in labels} | heads
    done |= {id(v) for v in values} - {id(v) for v in free}
    rest = tuple(b for b in blocks if id(b) not in done)
    return Paired(
        tuple(q for p in pairs for q in _each(p)), rest, owners, _has_cover(blocks), absorbed
    )


def _has_cover(blocks: Sequence[Block]) -> bool:
    return sum(map(is_cover, blocks)) >= _COVERS


def is_cover(block: Block) -> bool:
    """Whether a text is of a fax's cover sheet or head."""
    return _COVER.search(block.text) is not None


def _sorted(blocks: Sequence[Block]) -> tuple[list[Named], list[Named], list[Block]]:
    """Labels, texts that begin with a label and go on with its value, and all others."""
    labels: list[Named] = []
    inline: list[Named] = []
    values: list[Block] = []
    cover = _has_cover(blocks)
    for block in blocks:
        both = composite(block.text)
        named = both[0] if both else label(block.text)
        within = inline_labels(block.text)
        if named is not None and not (cover and _RECEIVES.match(block.text)):
            labels.append(Named(named, block))
        elif within:
            inline.append(Named(within[0], block))
        else:
            values.append(block)
    return labels, inline, values


def _run_on(blocks: Sequence[Block]) -> tuple[list[Block], frozenset[int]]:
    """The texts, those that begin with an address's label with the lines below them."""
    lines = [b for b in blocks if label(b.text) is None and not inline_labels(b.text)]
    found: list[Block] = []
    absorbed: set[int] = set()
    for block in sorted(blocks, key=lambda b: b.y):
        named = inline_labels(block.text)
        if len(named) != 1 or named[0].what != "place":
            found.append(block)
            continue
        whole = block
        while line := next(
            (b for b in lines if _runs_on(whole, b) and id(b) not in absorbed), None
        ):
            whole = joined(whole, line)
            absorbed |= {id(block), id(line)}
        found.append(whole)
    return [b for b in found if id(b) not in absorbed], frozenset(absorbed)


def _runs_on(block: Block, line: Block) -> bool:
    """Whether a line stands right below a text, under its beginning or what its label names."""
    below = 0 < line.y - block.last < _LINES * block.height
    return (
        below and _is_plain(line) and -line.height < line.left - block.left < _HANGS * line.height
    )


def _is_plain(line: Block) -> bool:
    other = kinds.is_phone(line.text) or kinds.is_company(line.text)
    return not other and not kinds.begins_address(line.text)


def _continued(
    pairs: Sequence[Pair], free: Sequence[Block], labels: Sequence[Named], blocks: Sequence[Block]
) -> tuple[list[Pair], list[Block]]:
    """Addresses with their lines above and below, however far apart somebody wrote them; and what
    is left."""
    names = {id(n.block) for n in labels}
    values = {id(p.value) for p in pairs}
    left = [b for b in free if id(b) not in values]
    found = []
    for pair in pairs:
        value = pair.value
        lines = [b for b in left if pair.label.what == "place" and _is_line(b, value)]
        while lines:
            line = min(lines, key=lambda b: abs(b.y - value.y))
            lines.remove(line)
            if _is_line(line, value) and not _labelled(line, names - {id(pair.at)}, blocks):
                left = [b for b in left if b is not line]
                value = joined(value, line) if line.y > value.y else joined(line, value)
        found.append(replace(pair, value=value))
    return found, [b for b in free if id(b) in values or any(b is one for one in left)]


def _is_line(line: Block, value: Block) -> bool:
    """Whether a text stands right above or below another, as its next line does."""
    height = max(line.height, value.height)
    gap = line.y - value.last if line.y > value.y else 2 * value.y - value.last - line.y
    aligned = abs(line.left - value.left) < _INDENT * height
    later = line if line.y > value.y else value
    goes_on = _is_plain(line) if later is line else not kinds.begins_address(value.text)
    return 0 < gap < _LINES * height and aligned and goes_on


def _labelled(line: Block, names: set[int], blocks: Sequence[Block]) -> bool:
    """Whether what stands next at the left of a text is a label."""
    beside = [b for b in blocks if b.right < line.left + line.height and parties.level(b, line)]
    return bool(beside) and id(max(beside, key=lambda b: b.right)) in names


def _each(pair: Pair) -> Iterable[Pair]:
    """A pair for each thing that its label names."""
    both = composite(pair.at.text)
    if not both:
        return [pair]
    split = len(pair.pieces()) == len(both)
    return [replace(pair, label=one, part=n if split else -1) for n, one in enumerate(both)]


def _matched(
    labels: Sequence[Named], values: Sequence[Block], blocks: Sequence[Block], width: float
) -> list[Pair]:
    """Each label with at most one text, each text with at most one label."""
    edges = list(_edges(labels, values, blocks, width))
    ways = Counter(edge.way for edge in _best(edges, {way: way.value for way in Way}))
    whole = max(ways.total(), 1)
    weights = {way: way.value * (1 - _OTHERS + _OTHERS * ways[way] / whole) for way in Way}
    return [
        Pair(labels[e.named].label, labels[e.named].block, values[e.value])
        for e in _best(edges, weights)
    ]


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
    return abs(one.y - other.y) < _LEVEL * min(one.height, other.height) + more


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
