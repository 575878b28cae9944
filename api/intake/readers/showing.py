"""A page, or a piece of one, as a PNG to look at."""

from __future__ import annotations

import io

import pdfplumber
from pdfplumber.utils.exceptions import PdfminerException
from PIL import Image, ImageOps, UnidentifiedImageError

from api.intake import limits
from api.intake.limits import Refusal, Refused
from api.intake.readers import paper, pdf
from nlp.written.source import Box


def show(kind: str, data: bytes, page: int, box: Box, turn: int, width: int) -> bytes:
    """The piece of a page, upright, with square dots.

    Args:
        kind: `pdf` or `picture`.
        page: from 1.
        box: on the page as it lies in the file.
        turn: degrees counter-clockwise, a multiple of 90.
        width: the most that the upright piece has, pixels.

    Raises:
        Refused: there is no such page, or it cannot be shown.
    """
    Image.MAX_IMAGE_PIXELS = None
    try:
        whole = _pdf(data, page) if kind == "pdf" else _picture(data, page)
        piece = whole.crop(_corners(box, whole.size)).convert("L" if _grey(whole) else "RGB")
    except (UnidentifiedImageError, PdfminerException, OSError, SyntaxError, ValueError) as error:
        raise Refused(Refusal.BROKEN) from error
    upright = piece.rotate(turn, expand=True)
    if upright.width > width:
        upright = upright.resize((width, max(round(upright.height * width / upright.width), 1)))
    kept = io.BytesIO()
    upright.save(kept, "PNG")
    return kept.getvalue()


def _picture(data: bytes, page: int) -> Image.Image:
    with Image.open(io.BytesIO(data)) as picture:
        if not 1 <= page <= getattr(picture, "n_frames", 1):
            raise Refused(Refusal.BROKEN)
        picture.seek(page - 1)
        if picture.width * picture.height > limits.MOST_PIXELS:
            raise Refused(Refusal.TOO_MANY_PIXELS)
        return paper.square(ImageOps.exif_transpose(picture))


def _pdf(data: bytes, page: int) -> Image.Image:
    with pdfplumber.open(io.BytesIO(data)) as document:
        if not 1 <= page <= len(document.pages):
            raise Refused(Refusal.BROKEN)
        return pdf.picture(document.pages[page - 1])


def _grey(picture: Image.Image) -> bool:
    return picture.mode in {"1", "L", "I;16"}


def _corners(box: Box, size: tuple[int, int]) -> tuple[int, int, int, int]:
    width, height = size
    left, top, right, bottom = (min(max(edge, 0.0), 1.0) for edge in box)
    x, y = min(int(left * width), width - 1), min(int(top * height), height - 1)
    return x, y, max(round(right * width), x + 1), max(round(bottom * height), y + 1)
