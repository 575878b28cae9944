"""Workbooks: values as they are shown, merged cells in each of their places."""

from __future__ import annotations

import io
from datetime import date, datetime, time

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from api.intake import limits
from nlp.written.source import Part, Place, Row, Table, Text


def read(index: int, data: bytes) -> Part:
    """One table a sheet that can be seen."""
    # Formulas give the value that the sender's program kept; links to other files are not followed.
    book = load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    seen = [s for s in book.worksheets if s.sheet_state == "visible"]
    kept = seen[: limits.MOST_SHEETS]
    cut = len(seen) > len(kept) or any(s.max_row > limits.MOST_ROWS for s in kept)
    tables = tuple(
        _table(sheet, Place(part=index, table=number)) for number, sheet in enumerate(kept)
    )
    return Part(index=index, kind="excel", tables=tables, cut=cut)


def _table(sheet: Worksheet, at: Place) -> Table:
    merged: dict[tuple[int, int], str] = {}
    for area in sheet.merged_cells.ranges:
        text = _shown(sheet.cell(area.min_row, area.min_col).value)
        for row in range(area.min_row, min(area.max_row, limits.MOST_ROWS) + 1):
            for column in range(area.min_col, min(area.max_col, limits.MOST_COLUMNS) + 1):
                merged[row, column] = text
    rows: list[Row] = []
    last_row = min(sheet.max_row, limits.MOST_ROWS)
    last_column = min(sheet.max_column, limits.MOST_COLUMNS)
    for y, cells in enumerate(sheet.iter_rows(1, last_row, 1, last_column, values_only=True), 1):
        if sheet.row_dimensions[y].hidden:
            continue
        rows.append(
            tuple(
                Text(
                    merged.get((y, x), _shown(value))[: limits.LONGEST_LINE],
                    Place(part=at.part, table=at.table, row=y, column=x),
                )
                for x, value in enumerate(cells, 1)
            )
        )
    return tuple(rows)


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, time):
        return f"{value:%H:%M}"
    if isinstance(value, float):
        return f"{value:.12g}" if not value.is_integer() else str(int(value))
    return str(value).strip()
