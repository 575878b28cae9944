"""Word documents: paragraphs and tables."""

from __future__ import annotations

import io

from docx import Document
from docx.table import Table as WordTable

from api.intake import limits
from nlp.written.source import Part, Place, Table, Text


def read(index: int, data: bytes) -> Part:
    """Paragraphs as lines, tables with their merged cells in each of their places."""
    document = Document(io.BytesIO(data))
    paragraphs = [p.text for p in document.paragraphs]
    lines = tuple(
        Text(text[: limits.LONGEST_LINE], Place(part=index, line=number))
        for number, text in enumerate(paragraphs[: limits.MOST_LINES])
    )
    tables = tuple(
        _table(table, Place(part=index, table=number))
        for number, table in enumerate(document.tables[: limits.MOST_SHEETS])
    )
    cut = len(paragraphs) > limits.MOST_LINES or len(document.tables) > limits.MOST_SHEETS
    return Part(index=index, kind="word", lines=lines, tables=tables, cut=cut)


def _table(table: WordTable, at: Place) -> Table:
    return tuple(
        tuple(
            Text(
                cell.text.strip()[: limits.LONGEST_LINE],
                Place(part=at.part, table=at.table, row=y, column=x),
            )
            for x, cell in enumerate(row.cells[: limits.MOST_COLUMNS], 1)
        )
        for y, row in enumerate(table.rows[: limits.MOST_ROWS], 1)
    )
