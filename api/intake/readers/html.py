"""HTML bodies: what is seen of them, without the mails that they quote."""

from __future__ import annotations

from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from api.intake import limits
from nlp.written.source import Part, Place, Row, Table, Text

_UNSEEN = (
    "script, style, head, template, [hidden], [style*='display:none'], [style*='display: none']"
)
#: How Gmail, Outlook, Apple Mail, QQ, NetEase and Thunderbird mark the mail that is answered.
_QUOTED = (
    "blockquote, .gmail_quote, .gmail_quote_container, #divRplyFwdMsg, #divRplyFwdMsg ~ *, "
    "#appendonsend ~ *, .moz-cite-prefix, includetail, #isReplyContent, .ntes_not_fresh"
)
_BLOCKS = frozenset(
    (
        "p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "table", "ul", "ol",
        "section", "article", "header", "footer", "blockquote", "hr", "pre",
    )
)  # fmt: skip
_FEW = 2


def read(index: int, data: bytes) -> Part:
    """Lines and tables of a mail that is new or an answer."""
    return _read(index, data, forward=False)


def read_forwarded(index: int, data: bytes) -> Part:
    """Lines and tables of a mail that passes another one on."""
    return _read(index, data, forward=True)


def _read(index: int, data: bytes, *, forward: bool) -> Part:
    tree = LexborHTMLParser(data.decode("utf-8", "replace"))
    for node in tree.css(_UNSEEN if forward else f"{_UNSEEN}, {_QUOTED}"):
        node.decompose()
    tables: list[Table] = []
    for node in tree.css("table"):
        if node.parent is not None and not node.css("table table") and _is_data(node):
            tables.append(_table(node, Place(part=index, table=len(tables))))
            node.decompose()
    body = tree.body
    text = "".join(_text(body)) if body is not None else ""
    lines = [line.strip().replace("\xa0", " ") for line in text.splitlines()]
    kept = tuple(
        Text(line[: limits.LONGEST_LINE], Place(part=index, line=number))
        for number, line in enumerate(lines[: limits.MOST_LINES])
    )
    cut = len(lines) > limits.MOST_LINES
    return Part(index=index, kind="html", lines=kept, tables=tuple(tables), cut=cut)


def _is_data(table: LexborNode) -> bool:
    """Whether a table holds data: others only lay a page out."""
    if len(table.css("table")) > 1:
        return False
    rows = table.css("tr")
    return len(rows) >= _FEW and any(len(row.css("td, th")) >= _FEW for row in rows)


def _table(table: LexborNode, at: Place) -> Table:
    """The table's cells; one that spans several is repeated in each."""
    grid: list[list[str]] = []
    hanging: dict[tuple[int, int], str] = {}
    for y, row in enumerate(table.css("tr")[: limits.MOST_ROWS]):
        cells: list[str] = []
        for cell in row.css("td, th"):
            while (y, len(cells)) in hanging:
                cells.append(hanging[y, len(cells)])
            text = " ".join(cell.text(separator=" ").split())
            wide, high = _span(cell, "colspan"), _span(cell, "rowspan")
            for x in range(len(cells), min(len(cells) + wide, limits.MOST_COLUMNS)):
                hanging.update({(y + down, x): text for down in range(1, high)})
                cells.append(text)
        while (y, len(cells)) in hanging:
            cells.append(hanging[y, len(cells)])
        grid.append(cells[: limits.MOST_COLUMNS])
    return tuple(_row(cells, y, at) for y, cells in enumerate(grid))


def _row(cells: list[str], y: int, at: Place) -> Row:
    return tuple(
        Text(
            text[: limits.LONGEST_LINE],
            Place(part=at.part, table=at.table, row=y + 1, column=x + 1),
        )
        for x, text in enumerate(cells)
    )


def _span(cell: LexborNode, name: str) -> int:
    said = (cell.attributes.get(name) or "1").strip()
    return min(max(int(said), 1), limits.MOST_COLUMNS) if said.isdecimal() else 1


def _text(node: LexborNode) -> Iterator[str]:
    """The text as lines: blocks begin and end one."""
    for child in node.iter(include_text=True):
        if child.tag == "-text":
            yield " ".join((child.text(deep=False) or "").split("\n"))
            continue
        block = child.tag in _BLOCKS
        if block:
            yield "\n"
        yield from _text(child)
        if block and child.tag != "br":
            yield "\n"
