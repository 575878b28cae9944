"""Pictures and multi-page TIFFs."""

from __future__ import annotations

import io

from PIL import Image, ImageOps, ImageSequence, UnidentifiedImageError

from api.intake import limits
from api.intake.limits import Refusal, Refused
from api.intake.readers import paper, seeing
from nlp.written.source import Part

#: Logos and lines of signatures are smaller than any form.
_LEAST = 300


def read(index: int, data: bytes) -> Part:
    """What is recognised on each page.

    Raises:
        Refused: too many pixels or pages, or no picture at all.
    """
    pages = seeing.Pages()
    turns: list[int] = []
    # The size is checked before a pixel is unpacked; Pillow's own limit would only warn.
    Image.MAX_IMAGE_PIXELS = None
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > limits.MOST_PIXELS:
                raise Refused(Refusal.TOO_MANY_PIXELS)
            if getattr(picture, "n_frames", 1) > limits.MOST_SCANNED_PAGES:
                raise Refused(Refusal.TOO_MANY_PAGES)
            for number, frame in enumerate(ImageSequence.Iterator(picture), 1):
                if frame.width * frame.height > limits.MOST_PIXELS:
                    raise Refused(Refusal.TOO_MANY_PIXELS)
                turn = 0
                if min(frame.size) >= _LEAST:
                    page = paper.square(ImageOps.exif_transpose(frame))
                    turn = seeing.add_page(page, number, index, pages)
                turns.append(turn)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError) as error:
        raise Refused(Refusal.BROKEN) from error
    return Part(
        index=index,
        kind="picture",
        lines=tuple(pages.lines),
        tables=tuple(pages.tables),
        forms=tuple(pages.forms),
        turns=tuple(turns),
    )
