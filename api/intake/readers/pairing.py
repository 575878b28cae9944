"""Labels on a page find their values: beside, below or above them (pure).

No layout is assumed. Every label may take every near text that suits it (`nlp.written.kinds`); the
best pairs are taken first, then once more, now with the direction favoured that most labels of the
page chose.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from api.intake.readers import matching, parties, running
from api.intake.readers.parties import Named
from api.intake.readers.stacking import Block, joined
from nlp.written import kinds
from nlp.written.labels import Label, composite, label
from nlp.written.tables import inline_labels

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


def paired(blocks: Sequence[Block], width: float) -> Paired:
    """The pairs of a page that is `width` pixels wide."""
    blocks, absorbed = running.run_on(blocks)
    cover = sum(map(is_cover, blocks)) >= _COVERS
    labels, inline, values = _sorted(blocks, cover=cover)
    titles = parties.titles(labels, [*labels, *inline], blocks)
    heads = {id(t.block) for t in titles}
    pairs = [Pair(n.label, n.block, v) for n, v in parties.grid(labels, values, titles)]
    used = {id(p.value) for p in pairs} | {id(p.at) for p in pairs}
    free = [v for v in values if id(v) not in used]
    open_labels = [n for n in labels if id(n.block) not in heads | used]
    found = matching.matched(open_labels, free, blocks, width)
    pairs += [Pair(n.label, n.block, v) for n, v in found]
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
    return Paired(tuple(q for p in pairs for q in _each(p)), rest, owners, cover, absorbed)


def is_cover(block: Block) -> bool:
    """Whether a text is of a fax's cover sheet or head."""
    return _COVER.search(block.text) is not None


def _sorted(
    blocks: Sequence[Block], *, cover: bool
) -> tuple[list[Named], list[Named], list[Block]]:
    """Labels, texts that begin with a label and go on with its value, and all others."""
    labels: list[Named] = []
    inline: list[Named] = []
    values: list[Block] = []
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
        lines = [b for b in left if pair.label.what == "place" and running.is_line(b, value)]
        while lines:
            line = min(lines, key=lambda b: abs(b.y - value.y))
            lines.remove(line)
            if running.is_line(line, value) and not running.is_labelled(
                line, names - {id(pair.at)}, blocks
            ):
                left = [b for b in left if b is not line]
                value = joined(value, line) if line.y > value.y else joined(line, value)
        found.append(replace(pair, value=value))
    return found, [b for b in free if id(b) in values or any(b is one for one in left)]


def _each(pair: Pair) -> Iterable[Pair]:
    """A pair for each thing that its label names."""
    both = composite(pair.at.text)
    if not both:
        return [pair]
    split = len(pair.pieces()) == len(both)
    return [replace(pair, label=one, part=n if split else -1) for n, one in enumerate(both)]
