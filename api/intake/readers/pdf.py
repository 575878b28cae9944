"""PDFs: text and tables with their places on the page; pages without text as pictures."""

from __future__ import annotations

import io
from itertools import count

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page
from pdfplumber.table import Table as PdfTable
from pdfplumber.utils.exceptions import PdfminerException
from PIL.Image import Image

from api.intake import limits
from api.intake.limits import Refusal, Refused
from api.intake.readers import seeing
from nlp.written.source import Box, Part, Place, Row, Table, Text

#: Fewer characters than this on a page, and it is a picture with a stamp.
_FEW = 20
_DPI = 200


def read(index: int, data: bytes) -> Part:
    """Every page's tables, and the lines outside of them.

    Raises:
        Refused: a password, too many pages, or a file that is broken.
    """
    pages = seeing.Pages()
    turns: list[int] = []
    try:
        with pdfplumber.open(io.BytesIO(data)) as document:
            if len(document.pages) > limits.MOST_PAGES:
                raise Refused(Refusal.TOO_MANY_PAGES)
            scanned = 0
            for page in document.pages:
                turn = 0
                if len(page.chars) >= _FEW:
                    _page(page, index, pages.lines, pages.tables)
                elif page.images:
                    scanned += 1
                    if scanned > limits.MOST_SCANNED_PAGES:
                        raise Refused(Refusal.TOO_MANY_PAGES)
                    turn = seeing.add_page(picture(page), page.page_number, index, pages)
                turns.append(turn)
                page.close()
    except PdfminerException as error:
        encrypted = any(isinstance(e, PDFPasswordIncorrect) for e in error.args)
        raise Refused(Refusal.ENCRYPTED if encrypted else Refusal.BROKEN) from error
    return Part(
        index=index,
        kind="pdf",
        lines=tuple(pages.lines),
        tables=tuple(pages.tables),
        forms=tuple(pages.forms),
        turns=tuple(turns),
    )


def picture(page: Page) -> Image:
    """The page at 200 dpi, at which faxes and scans come.

    Raises:
        Refused: it is too large.
    """
    width, height = (float(edge) / 72 * _DPI for edge in (page.width, page.height))
    if width * height > limits.MOST_PIXELS:
        raise Refused(Refusal.TOO_MANY_PIXELS)
    return page.to_image(resolution=_DPI, antialias=True).original


def _page(page: Page, index: int, lines: list[Text], tables: list[Table]) -> None:
    found = page.find_tables()
    for table in found:
        at = Place(part=index, page=page.page_number, table=len(tables))
        tables.append(_table(page, table, at))
    numbers = count(lines[-1].place.line + 2 if lines and lines[-1].place.line is not None else 0)
    for line in page.extract_text_lines(return_chars=False):
        middle = (line["top"] + line["bottom"]) / 2
        if any(t.bbox[1] <= middle <= t.bbox[3] for t in found):
            continue
        box = _box(page, (line["x0"], line["top"], line["x1"], line["bottom"]))
        place = Place(part=index, page=page.page_number, line=next(numbers), box=box)
        lines.append(Text(line["text"][: limits.LONGEST_LINE], place))


def _table(page: Page, table: PdfTable, at: Place) -> Table:
    texts = table.extract()
    return tuple(
        _row(page, list(row.cells), texts[y], y, at)
        for y, row in enumerate(table.rows[: limits.MOST_ROWS])
    )


def _row(
    page: Page,
    cells: list[tuple[float, float, float, float] | None],
    texts: list[str | None],
    y: int,
    at: Place,
) -> Row:
    row: list[Text] = []
    for x, (cell, text) in enumerate(zip(cells, texts, strict=True)):
        place = Place(
            part=at.part, page=at.page, table=at.table, row=y + 1, column=x + 1,
            box=None if cell is None else _box(page, cell),
        )  # fmt: skip
        row.append(Text((text or "").replace("\n", "")[: limits.LONGEST_LINE], place))
    return tuple(row)


def _box(page: Page, corners: tuple[float, float, float, float]) -> Box:
    left, top, right, bottom = corners
    width, height = float(page.width), float(page.height)
    return (left / width, top / height, right / width, bottom / height)
