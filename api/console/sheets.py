"""Tables that people upload: CSV or Excel, as rows of texts; and tables they take home."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from io import BytesIO, StringIO
from zipfile import BadZipFile, ZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from models.errors import RuleError

#: Bytes of the file, and of what an Excel file unpacks to.
LARGEST = 1_000_000
_UNPACKED = 30_000_000
MOST_ROWS = 1000
_MOST_COLUMNS = 30
_EXCEL = b"PK\x03\x04"
#: A cell that begins so would be taken for a formula, unless it is a telephone number.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?!\d+$)")


class UnfitTable(RuleError):
    """A file is no table that can be read; the message says why."""


#: A row and its number in the file, from 1.
Row = tuple[int, list[str]]


def read_table(content: bytes) -> list[Row]:
    """The rows of a CSV file (UTF-8, or GB 18030 as Excel writes it in China) or of an Excel
    file's first sheet; empty rows are left out.

    Raises:
        UnfitTable: it is too large, or neither.
    """
    if len(content) > LARGEST:
        raise UnfitTable("This file is too large: a table may have 1 MB.")
    rows = _excel(content) if content.startswith(_EXCEL) else _csv(content)
    found: list[Row] = []
    for number, row in enumerate(rows, start=1):
        cells = [_text(cell) for cell in row[:_MOST_COLUMNS]]
        if not any(cells):
            continue
        if len(found) > MOST_ROWS:
            raise UnfitTable("This table is too long: 1000 rows at most.")
        found.append((number, cells))
    return found


def columns(
    rows: Sequence[Row], names: Mapping[str, Iterable[str]]
) -> list[tuple[int, dict[str, str]]]:
    """Each row below the first as texts by name; the first row says which column is which.

    Args:
        names: what a column may be called, by the name it gets.

    Raises:
        UnfitTable: the first row names none of them.
    """
    called = {label.casefold(): name for name, labels in names.items() for label in labels}
    head = [called.get(cell.casefold()) for cell in rows[0][1]] if rows else []
    if not any(head):
        raise UnfitTable("The first row has to name the columns, as in the table above.")
    return [
        (number, {name: cell for name, cell in zip(head, row, strict=False) if name})
        for number, row in rows[1:]
    ]


def safe(cell: object) -> object:
    """The cell, made a text where it would be taken for a formula: nobody's words shall be one."""
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell


def written(rows: Iterable[Iterable[object]]) -> bytes:
    """A CSV file that Excel reads; what would be a formula is made a text."""
    text = StringIO()
    csv.writer(text).writerows([safe(cell) for cell in row] for row in rows)
    # Excel takes a file for UTF-8 by its mark.
    return text.getvalue().encode("utf-8-sig")


def workbook(rows: Iterable[Iterable[object]], title: str, *, width: int = 16) -> bytes:
    """An Excel file of one sheet, whose first row stays in sight.

    Args:
        width: of each column, in characters.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, _MOST_COLUMNS + 1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    for row in rows:
        sheet.append([safe(cell) for cell in row])
    body = BytesIO()
    book.save(body)
    return body.getvalue()


def _csv(content: bytes) -> list[list[object]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = content.decode("gb18030")
        except UnicodeDecodeError as error:
            raise UnfitTable("This is no CSV or Excel file (.xlsx).") from error
    if "\0" in text:
        raise UnfitTable("This is no CSV or Excel file (.xlsx).")
    divider = max(",;\t", key=text.partition("\n")[0].count)
    try:
        return [list(row) for row in csv.reader(StringIO(text), delimiter=divider)]
    except csv.Error as error:
        raise UnfitTable("This is no CSV or Excel file (.xlsx).") from error


def _excel(content: bytes) -> list[list[object]]:
    try:
        with ZipFile(BytesIO(content)) as packed:
            if sum(part.file_size for part in packed.infolist()) > _UNPACKED:
                raise UnfitTable("This file is too large: a table may have 1 MB.")
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MOST_ROWS * 2, max_col=_MOST_COLUMNS, values_only=True)
        return [list(row) for row in rows]
    except (BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError) as error:
        raise UnfitTable("This is no CSV or Excel file (.xlsx).") from error


def _text(cell: object) -> str:
    if cell is None:
        return ""
    # Excel keeps a telephone number as a float.
    whole = isinstance(cell, float) and cell.is_integer()
    text = str(int(cell)) if isinstance(cell, float) and whole else str(cell)
    plain = text.strip()
    return plain[1:] if plain.startswith("'") else plain
