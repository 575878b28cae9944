"""Recognition of pages: lines of characters become rows of a form or a table.

RapidOCR finds slanted lines by itself; only their order needs the page upright, so the slant is
taken out of the boxes and not out of the picture.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile
from statistics import fmean, median

from PIL.Image import Image

from api.intake import limits
from api.intake.readers import pairing, parties
from api.intake.readers.pairing import Pair, Paired
from api.intake.readers.sight import Line, Sight, look
from api.intake.readers.spacing import spaced
from api.intake.readers.stacking import Block, around, before_colon, stacked
from nlp.written import crops
from nlp.written.labels import label, near
from nlp.written.source import Entry, Place, Row, Table, Text
from nlp.written.tables import inline_pairs

#: Below this a line is noise.
_LEAST_SURE = 0.5
#: Lines whose middles differ by less than this share of their height stand side by side.
_SIDE_BY_SIDE = 0.6
_HEADER = 3


@dataclass(slots=True)
class Pages:
    """What was recognised on pages so far."""

    lines: list[Text] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    forms: list[tuple[Entry, ...]] = field(default_factory=list)


def add_page(picture: Image, page: int, part: int, pages: Pages) -> int:
    """Adds what is recognised on a page: lists of orders, what stands under labels, other lines.

    Returns:
        The degrees counter-clockwise that bring the page upright.
    """
    sight = look(picture)
    read_page(sight, Place(part=part, page=page), pages)
    return sight.turn


def read_page(sight: Sight, at: Place, pages: Pages) -> None:
    """Adds what a page that was recognised says."""
    rows = [_respelt(row) for row in _rows(stacked(_recognised(sight)))]
    blocks = [block for row in rows for block in row]
    listed = _list(rows)
    if listed:
        pages.tables.append(_table(listed, replace(at, table=len(pages.tables))))
    inside = {id(block) for row in listed for block in row}
    blocks = [block for block in blocks if id(block) not in inside]
    found = pairing.paired(blocks, sight.size[0])
    form = _form(found, rows, at)
    if len({entry.label for entry, _ in form}) >= _HEADER or listed or (found.cover and form):
        pages.forms.append(tuple(entry for entry, _ in form))
        inside = inside.union(found.absorbed, *(ids for _, ids in form))
    if found.cover:
        rows = [row for row in rows if not any(map(pairing.is_cover, row))]
    _add_lines([[b for b in row if id(b) not in inside] for row in rows], at, pages.lines)


def _respelt(row: Sequence[Block]) -> list[Block]:
    """A row with labels in which one character was taken for another."""
    among = _is_header(row)
    found = [near(block.text, among_labels=among) for block in row]
    return [
        replace(block, text=name, letters=(min(block.letters),) * len(name)) if name else block
        for name, block in zip(found, row, strict=True)
    ]


def _is_header(row: Sequence[Block]) -> bool:
    """Whether most texts of a row, and enough of them, are labels."""
    labels = sum(label(block.text) is not None for block in row)
    return labels >= _HEADER and labels > len(row) // 2


def _form(
    found: Paired, rows: Sequence[Sequence[Block]], at: Place
) -> list[tuple[Entry, set[int]]]:
    """What stands under labels, in the order of reading, and the blocks of each."""
    said = [
        (pair.at, Entry(pair.label, _value(pair, at)), {id(pair.at), id(pair.value)})
        for pair in found.pairs
    ]
    for block in found.rest:
        if label(before_colon(block.text)) is None:
            continue
        for named, text in inline_pairs(_text(block, at)):
            owner = found.owners[id(block)] if parties.is_bare(named) else ""
            whose = parties.of(named, owner) if owner else named
            said.append((block, Entry(whose, text), {id(block)}))
    heights = [median(block.y for block in row) for row in rows]
    said.sort(key=lambda one: (_nearest_row(one[0], heights), one[0].left))
    return [(entry, ids) for _, entry, ids in said]


def _nearest_row(block: Block, heights: Sequence[float]) -> int:
    return min(range(len(heights)), key=lambda n: abs(heights[n] - block.y))


def _value(pair: Pair, at: Place) -> Text:
    text = _text(pair.value, at)
    if pair.part < 0:
        return text
    piece = pair.pieces()[pair.part]
    return Text(piece, text.place, text.sure_of(piece))


def _text(block: Block, at: Place) -> Text:
    return Text(block.text, replace(at, box=block.box), min(block.letters), block.letters)


def _list(rows: Sequence[Sequence[Block]]) -> list[Sequence[Block]]:
    """A row of labels and the orders below it, up to a row with labels; nothing where there is
    but one row below: then its texts stand each under its label."""
    for at, row in enumerate(rows):
        if len(row) < _HEADER or sum(label(s.text) is not None for s in row) <= len(row) // 2:
            continue
        below = list(takewhile(lambda r: not any(_labelled(s) for s in r), rows[at + 1 :]))
        if sum(len(r) >= _HEADER for r in below) > 1:
            return [row, *_whole_rows(below, row)]
    return []


def _whole_rows(rows: Sequence[Sequence[Block]], header: Sequence[Block]) -> list[list[Block]]:
    """Rows of a list with the lines of a cell that stand above or below the others."""
    whole = [row for row in rows if len(row) > len(header) // 2]
    if not whole:
        return [list(row) for row in rows]
    heights = [median(b.y for b in row) for row in whole]
    joined: list[list[Block]] = [list(row) for row in whole]
    for row in rows:
        if any(row is one for one in whole):
            continue
        for block in row:
            joined[_nearest_row(block, heights)].append(block)
    return [sorted(row, key=lambda b: b.y) for row in joined]


def _labelled(block: Block) -> bool:
    return label(before_colon(block.text)) is not None


def _add_lines(rows: Sequence[Sequence[Block]], at: Place, lines: list[Text]) -> None:
    """What stands under no label, row by row."""
    first = lines[-1].place.line + 2 if lines and lines[-1].place.line is not None else 0
    for number, row in enumerate((row for row in rows if row), first):
        place = replace(at, line=number, box=around([s.box for s in row]))
        letters = _joined([seen.letters for seen in row])
        lines.append(Text(" ".join(seen.text for seen in row), place, min(letters), letters))


def _joined(lines: Sequence[tuple[float, ...]]) -> tuple[float, ...]:
    """The characters of lines that are joined with a space."""
    letters = lines[0]
    for line in lines[1:]:
        letters = (*letters, 1.0, *line)
    return letters


def _recognised(sight: Sight) -> list[Block]:
    slant = _slant([line.corners for line in sight.lines])
    return [
        _seen(line, slant, sight) for line in sight.lines if fmean(line.seen.letters) >= _LEAST_SURE
    ][: limits.MOST_LINES]


def _slant(boxes: Sequence[Sequence[tuple[float, float]]]) -> float:
    """The page's slant in radians, by the upper edges of its longer lines."""
    wide = sorted(boxes, key=lambda b: b[0][0] - b[1][0])[: max(1, len(boxes) // 2)]
    angles = [math.atan2(b[1][1] - b[0][1], b[1][0] - b[0][0]) for b in wide]
    return median(angles) if angles else 0.0


def _seen(line: Line, slant: float, sight: Sight) -> Block:
    corners = line.corners
    xs, ys = [x for x, _ in corners], [y for _, y in corners]
    width, tall = sight.size
    upright = (min(xs) / width, min(ys) / tall, max(xs) / width, max(ys) / tall)
    across = [x * math.cos(slant) + y * math.sin(slant) for x, y in corners]
    down = [y * math.cos(slant) - x * math.sin(slant) for x, y in corners]
    text, letters = spaced(line.seen.text, line.seen.letters)
    return Block(
        text=text,
        letters=letters,
        # Places are those of the page as it lies in the file.
        box=crops.upright(upright, -sight.turn % 360),
        left=min(across),
        right=max(across),
        y=fmean(down),
        last=fmean(down),
        height=math.dist(corners[0], corners[3]),
    )


def _rows(seen: Sequence[Block]) -> list[list[Block]]:
    """Lines that stand side by side, from left to right, and the rows from above."""
    rows: list[list[Block]] = []
    for one in sorted(seen, key=lambda s: s.y):
        row = rows[-1] if rows else []
        beside = row and abs(one.y - median(s.y for s in row)) < _SIDE_BY_SIDE * min(
            one.height, median(s.height for s in row)
        )
        if beside:
            row.append(one)
        else:
            rows.append([one])
    return [sorted(row, key=lambda s: s.x) for row in rows]


def _table(rows: Sequence[Sequence[Block]], at: Place) -> Table:
    """The rows as a table; below a header each line goes into the column it stands under."""
    header = rows[0]
    table: list[Row] = []
    for y, row in enumerate(rows, 1):
        columns = list(enumerate(row)) if row is header else [(_nearest(s, header), s) for s in row]
        cells = [Text("", replace(at, row=y, column=x + 1)) for x in range(len(header))]
        for x, seen in columns:
            place = replace(at, row=y, column=x + 1, box=seen.box)
            letters = cells[x].letters + seen.letters
            cells[x] = Text(f"{cells[x].text}{seen.text}", place, min(letters), letters)
        table.append(tuple(cells))
    return tuple(table)


def _nearest(seen: Block, header: Sequence[Block]) -> int:
    return min(range(len(header)), key=lambda index: abs(header[index].x - seen.x))
