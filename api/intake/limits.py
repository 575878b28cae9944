"""What of a mail is read and what is refused, with the reasons for each figure."""

from __future__ import annotations

from enum import StrEnum

#: Mail servers commonly take 20 to 35 MB; what is longer is no order.
MOST_MAIL_BYTES = 30_000_000
#: An order's Excel or scan; a photo of a telephone has up to 12 MB.
MOST_PART_BYTES = 15_000_000
#: Signatures' logos count too.
MOST_PARTS = 30
#: A workbook of 10,000 rows unpacks to some 10 MB; a bomb to gigabytes.
MOST_UNPACKED_BYTES = 120_000_000
#: Spreadsheet XML packs to a tenth, seldom to a fortieth; bombs to a thousandth.
MOST_RATIO = 150
MOST_ENTRIES = 1_000
#: One order a row: a day of the largest customer.
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 500, 60, 12
#: A form has one or two pages; each page that is only a picture costs seconds of recognition.
MOST_PAGES, MOST_SCANNED_PAGES = 20, 8
#: A telephone's photo has 12 to 50 megapixels; A4 at 600 dpi has 35.
MOST_PIXELS = 60_000_000
#: A piece of a page is shown no wider, pixels: A4 at 200 dpi has 1,654.
WIDEST_SHOWN = 2_400
MOST_LINES, LONGEST_LINE = 2_000, 2_000
#: A reader's own process: Excel and PDF stay below 300 MB, recognition of a page below 700 MB.
READER_MEMORY = 2_500_000_000
READER_CPU_S = 240
#: On a loaded machine a scanned page takes ten seconds and more.
READER_WALL_S = 600


class Refusal(StrEnum):
    """Why a part is not read."""

    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    ZIP_BOMB = "zip_bomb"
    MACRO = "macro"
    ARCHIVE = "archive"
    ENCRYPTED = "encrypted"
    TOO_MANY_PAGES = "too_many_pages"
    TOO_MANY_PIXELS = "too_many_pixels"
    OLD_FORMAT = "old_format"
    UNKNOWN = "unknown_kind"
    BROKEN = "broken"
    TOOK_TOO_LONG = "took_too_long"


class Refused(Exception):
    """A part that is not read."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(reason.value)
        self.reason = reason
