"""Whose a name, a telephone number or an address on a page is, where its label does not say (pure).

A party's title (收货方, "Consignee details") heads the column below it or the rows at its right; a
party's box holds lines without labels.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.intake.readers.stacking import Block
from nlp.written import kinds
from nlp.written.labels import Label, title

#: What stands in one row differs in height by less than this many lines.
LEVEL = 0.7
#: A column begins so many lines before the left edge of what heads it.
_MARGIN = 1.0
#: The first label under a title is within so many lines below it, or so many beside it.
_NEAR, _NEAR_BESIDE = 3.2, 6
#: Titles in one row that make columns.
_SIDES = 2
#: What a box holds one below the other, how far apart its lines stand and begin.
_BOX_LINES, _BOX_GAP, _INDENT = 4, 2.2, 2
_BARE = frozenset({"name", "phone", "place"})
#: Labels that are a party's own below its title, and the desk's customer's elsewhere.
_UNDER_TITLE = {"contact.name": "name", "contact.phone": "phone"}


@dataclass(frozen=True, slots=True)
class Named:
    """A text that is a label, or begins with one."""

    label: Label
    block: Block


@dataclass(frozen=True, slots=True)
class Boxed:
    """What stands in parties' boxes: texts with what they are, and whose texts with labels are."""

    values: list[tuple[Named, Block]] = field(default_factory=list)
    owners: dict[int, str] = field(default_factory=dict)


def is_bare(named: Label) -> bool:
    """Whether a label leaves open whose name, telephone number or address it names."""
    return (named.what in _BARE and not named.party) or named.what in _UNDER_TITLE


def level(one: Block, other: Block) -> bool:
    """Whether two texts stand in one row."""
    return abs(one.y - other.y) < LEVEL * min(one.height, other.height)


def over(one: Block, other: Block) -> bool:
    """Whether one stands over the other."""
    margin = _MARGIN * min(one.height, other.height)
    return one.left - margin < other.right and other.left < one.right + margin


def titles(
    labels: Sequence[Named], all_labels: Sequence[Named], blocks: Sequence[Block]
) -> list[Named]:
    """Texts that name a party and nothing of it: bare labels stand below or beside them."""
    bare = [n.block for n in all_labels if is_bare(n.label)]
    named = {id(n.block) for n in all_labels}
    return [
        Named(Label("name", party), block)
        for block in blocks
        if (party := title(block.text))
        and (any(_heads(block, other) for other in bare) or _is_side(block, party, blocks, bare))
        and not _has_value(block, blocks, named)
    ]


def _is_side(head: Block, party: str, blocks: Sequence[Block], bare: Sequence[Block]) -> bool:
    """Whether the other party's title stands in the same row, over rows with bare labels."""
    others = (title(b.text) for b in blocks if b is not head and level(b, head))
    below = any(0 < b.y - head.y < _NEAR * head.height for b in bare)
    return below and any(other not in ("", party) for other in others)


def _has_value(head: Block, blocks: Sequence[Block], named: set[int]) -> bool:
    """Whether what stands next at a title's right is a value: then it is a label."""
    tall = max(b.height for b in blocks)
    beside = [b for b in blocks if abs(b.y - head.y) < LEVEL * tall and b.left > head.right]
    if not beside:
        return False
    nearest = min(beside, key=lambda b: b.left)
    return id(nearest) not in named and not title(nearest.text)


def _heads(head: Block, other: Block) -> bool:
    """Whether a bare label stands next below a title, or close at its right."""
    if 0 < other.y - head.y < _NEAR * head.height and over(head, other):
        return True
    gap = other.left - head.right
    return 0 < gap < _NEAR_BESIDE * head.height and abs(other.y - head.y) < _NEAR * head.height


def governing(block: Block, heads: Sequence[Named]) -> str:
    """The party of the title above in the same column, else of the nearest one at the left."""
    above = [t for t in heads if t.block.y < block.y and _in_column(block, t, heads)]
    if above:
        return max(above, key=lambda t: t.block.y).label.party
    beside = [t for t in heads if t.block.right < block.left and len(_row(t, heads)) < _SIDES]
    if beside:
        return min(beside, key=lambda t: abs(t.block.y - block.y)).label.party
    return ""


def _row(one: Named, heads: Sequence[Named]) -> list[Block]:
    return [t.block for t in heads if level(t.block, one.block)]


def _in_column(block: Block, head: Named, heads: Sequence[Named]) -> bool:
    """Whether a title heads the column that a text stands in."""
    row = _row(head, heads)
    if level(head.block, block):
        return False
    if len(row) < _SIDES:
        return over(head.block, block)
    return min(row, key=lambda b: _apart(b, block)) is head.block


def _apart(head: Block, block: Block) -> float:
    if over(head, block):
        return 0.0
    return min(abs(head.x - block.x), abs(head.left - block.left))


def grid(
    labels: Sequence[Named], values: Sequence[Block], heads: Sequence[Named]
) -> Iterator[tuple[Named, Block]]:
    """Rows with one bare label for two parties, whose titles stand over the columns."""
    columns = [t.block for t in heads if len(_row(t, heads)) >= _SIDES]
    if not columns:
        return
    first = min(block.left for block in columns)
    for named in labels:
        if not is_bare(named.label) or named.block.right > first:
            continue
        beside = [v for v in values if level(v, named.block) and v.left > named.block.right]
        if len(beside) >= _SIDES:
            yield from ((named, value) for value in beside)


def boxes(
    labels: Sequence[Named],
    values: Sequence[Block],
    inline: Sequence[Named],
    having: Mapping[int, Block],
) -> Boxed:
    """Lines in parties' boxes: a name, an address, a telephone number below each other.

    Args:
        having: the text that a label has already, by the `id` of its block.
    """
    found = Boxed()
    left = [*values, *(n.block for n in inline if is_bare(n.label))]
    labelled = {id(n.block) for n in inline}
    for named in labels:
        if not named.label.party or named.label.what not in {"name", "place"}:
            continue
        at = first = having.get(id(named.block), named.block)
        for _ in range(_BOX_LINES):
            below = [v for v in left if _goes_on(first, at, v)]
            if not below:
                break
            at = min(below, key=lambda v: v.y)
            left.remove(at)
            if id(at) in labelled:
                found.owners[id(at)] = named.label.party
            else:
                line = replace(named.label, what=_kind(at.text))
                found.values.append((Named(line, named.block), at))
    return found


def _goes_on(first: Block, before: Block, line: Block) -> bool:
    indent = abs(line.left - first.left)
    return 0 < line.y - before.last < _BOX_GAP * before.height and indent < _INDENT * first.height


def _kind(text: str) -> str:
    if kinds.is_phone(text):
        return "phone"
    return "place" if kinds.is_place(text) else "name"


def owned(
    named: Label, at: Block, value: Block, heads: Sequence[Named], labels: Sequence[Named]
) -> Label:
    """A label with the party that a label before it in its row says, or else its title; a firm in
    a party's block is that party."""
    firm = named.what == "customer.name"
    if not (is_bare(named) or firm):
        return named
    party = _before(at, labels) or governing(value, heads) or governing(at, heads)
    if not party or (firm and party == "consignor"):
        return named
    if firm:
        return replace(named, what="name", party=party, weak=True)
    return of(named, party)


def _before(at: Block, labels: Sequence[Named]) -> str:
    """The party of the label that stands next before another one in its row."""
    before = [n for n in labels if n.block.right < at.left and level(n.block, at)]
    return max(before, key=lambda n: n.block.right).label.party if before else ""


def of(named: Label, party: str) -> Label:
    """A bare label as a party's."""
    return replace(named, what=_UNDER_TITLE.get(named.what, named.what), party=party)
