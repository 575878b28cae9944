"""Tables: a row of labels with an order a row below it, or a form of labels with values beside
them (pure)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from nlp.written import entries
from nlp.written.entries import Sheet
from nlp.written.labels import Label, label
from nlp.written.source import Entry, Place, Row, Table, Text

#: Labels that make a row a header.
_HEADER = 3
#: Values that make a row below it an order.
_ORDER = 2
_HEADER_WITHIN = 30
_TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计|total|sum|sub ?total)", re.IGNORECASE)
_INLINE = re.compile(r"^\s*(?P<label>[^:：]{1,32}?)\s*[:：]\s*(?P<value>.*\S)\s*$", re.DOTALL)
#: Columns under a group's head, such as 收货人 over 姓名, 电话, 地址.
_BELOW = frozenset({"phone", "place", "name"})

Column = tuple[int, Label]


def orders(table: Table) -> tuple[Sheet, list[Sheet]]:
    """What a table says for all its orders, and each of them."""
    at, columns, body = _header(table)
    if not columns:
        return _forms(table)
    common, forms = _forms(table[:at])
    shared = Sheet()
    for form in (common, *forms):
        shared.entries += form.entries
    rows: list[Sheet] = []
    for row in table[body:]:
        if any(_TOTAL.match(cell.text) for cell in row if cell.text.strip()):
            continue
        sheet = Sheet()
        for index, named in columns:
            if index < len(row) and row[index].text.strip():
                sheet.add(named, row[index])
        if sheet.count() >= _ORDER and len(_labels(row)) < _HEADER:
            rows.append(sheet)
        elif _inline(row):
            for named, text in _pairs(row):
                shared.add(named, text)
    return shared, rows


def _header(table: Table) -> tuple[int, list[Column], int]:
    """Where the row of labels is, its columns, and where the orders begin."""
    for at, row in enumerate(table[:_HEADER_WITHIN]):
        labels = _labels(row)
        under = table[at + 1] if at + 1 < len(table) else ()
        below = _labels(under)
        if len({named for _, named in labels}) >= _HEADER and len(under) and not _looks_form(row):
            if len(below) >= _ORDER and all(named.what in _BELOW for _, named in below):
                return at, _grouped(row, under), at + 2
            if len(below) < _ORDER:
                return at, labels, at + 1
        elif labels and len(below) >= _HEADER and any(n.party for _, n in labels):
            inner = [named for _, named in below if named.what in _BELOW and not named.party]
            if len(inner) >= _ORDER:
                return at, _grouped(row, under), at + 2
    return 0, [], 0


def _labels(row: Row) -> list[Column]:
    return [(i, named) for i, cell in enumerate(row) if (named := label(cell.text)) is not None]


def _looks_form(row: Row) -> bool:
    """Whether labels and values take turns, as in a form."""
    filled = [cell for cell in _distinct(row) if cell.text.strip()]
    marked = [label(cell.text) is not None for cell in filled]
    return 0 < sum(marked) <= (len(marked) + 1) // 2


def _grouped(head: Row, under: Row) -> list[Column]:
    """The columns of a header of two rows: the upper one names the party."""
    columns: list[Column] = []
    party = ""
    for index in range(max(len(head), len(under))):
        above = label(head[index].text) if index < len(head) else None
        below = label(under[index].text) if index < len(under) else None
        if above is not None:
            party = above.party
        elif index < len(head) and head[index].text.strip():
            party = ""
        if below is not None:
            owner = below.party or (party if below.what in _BELOW else "")
            columns.append((index, Label(below.what, owner, below.unit, below.weak)))
        elif above is not None:
            columns.append((index, above))
    return columns


def _forms(table: Sequence[Row]) -> tuple[Sheet, list[Sheet]]:
    """Forms in a table: labels with their values to the right, or in the same cell."""
    return entries.split(Entry(named, text) for row in table for named, text in _pairs(row))


def _pairs(row: Row) -> Iterator[tuple[Label, Text]]:
    waiting: Label | None = None
    for cell in _distinct(row):
        if not cell.text.strip():
            continue
        named = label(cell.text)
        if named is not None:
            waiting = named
            continue
        inline = list(inline_pairs(cell))
        if inline:
            yield from inline
            waiting = None
        elif waiting is not None:
            yield waiting, cell
            waiting = None


def _inline(row: Row) -> bool:
    return any(_INLINE.match(cell.text) for cell in row)


def _distinct(row: Row) -> Iterator[Text]:
    """The cells of a row, those that were merged only once."""
    before: Text | None = None
    for cell in row:
        if before is None or cell.text != before.text or not cell.text.strip():
            yield cell
        before = cell


def inline_pairs(cell: Text) -> Iterator[tuple[Label, Text]]:
    """Labels and values within one text: 收货人：李雷 电话：138..."""
    for line in cell.text.splitlines():
        yield from _of_line(replace(cell, text=line) if line != cell.text else cell)


def before_labels(line: Text) -> Text:
    """What stands in a line before its first label."""
    marks = _marks(line)
    text = line.text[: marks[0][0]] if marks else line.text
    return Text(text, line.place, line.sure_of(text.strip()))


def inline_labels(text: str) -> list[Label]:
    """The labels within a text that have a value there."""
    place = Place()
    return [named for named, _ in inline_pairs(Text(text, place))]


_CJK = re.compile(r"[\u4e00-\u9fff]")
_PAIR = re.compile(r"(?P<label>[^\s:：,，;；。|]{1,20}(?: [A-Za-z.]{1,12}){0,3})\s*[:：]\s*")


def _marks(line: Text) -> list[tuple[int, int, Label]]:
    """Where labels begin, where what they name begins, and the labels."""
    marks: list[tuple[int, int, Label]] = []
    for mark in _PAIR.finditer(line.text):
        named = None if mark["label"][-1].isdigit() else _tail_label(mark["label"], bool(marks))
        if named is not None:
            marks.append((mark.start() + named[0], mark.end(), named[1]))
    return marks


def _of_line(line: Text) -> Iterator[tuple[Label, Text]]:
    marks = _marks(line)
    ends = [begins for begins, _, _ in marks[1:]] + [len(line.text)]
    for (_, begins, what), end in zip(marks, ends[: len(marks)], strict=True):
        value = line.text[begins:end].strip(" ,，;；、|　\t")
        if value:
            yield what, Text(value, line.place, line.sure_of(value))


def _tail_label(text: str, follows: bool) -> tuple[int, Label] | None:
    """The label that a text ends in, and where: "Li Lei Phone", and in Mandarin, where another
    value stands before it, 李雷电话."""
    spaces = [m.end() for m in re.finditer(" ", text)]
    tails = range(1, len(text) - 1) if follows and _CJK.search(text) else ()
    for first in (0, *spaces, *tails):
        named = label(text[first:])
        if named is not None:
            return first, named
    return None
