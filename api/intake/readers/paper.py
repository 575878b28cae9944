"""Pages as a machine sent them: dots made square, specks taken off, turned upright."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

#: Rows by columns by blue, green, red.
Pixels = NDArray[np.uint8]

#: Dots of a fax are at most four times as wide as high (204 by 98 and 408 by 98 an inch, T.30).
_MOST_FLAT = 4.3
_ALIKE = 1.1
#: ITU-T T.4: dots a line of a page of A4; a page with fewer than 1,400 lines of them is "standard".
_FAX_LINE, _FEW_LINES, _STANDARD_FLAT = 1_728, 1_400, 2.0
#: A page is ink and paper when this share of it is nearly black or white.
_TWO_LEVELS = 0.9
_BLACK, _WHITE = 60, 195
#: The longest diagonal of a speck, as a share of the page's longer side: 2 dots at 200 dpi.
_SPECK = 2.1 / 2_339


def square(picture: Image.Image) -> Image.Image:
    """The picture with dots as wide as high; one whose dots are so already as it is."""
    flat = _flatness(picture)
    if 1 / _ALIKE < flat < _ALIKE:
        return picture
    grey = picture.convert("L") if picture.mode == "1" else picture
    width, height = picture.size
    size = (width, round(height * flat)) if flat > 1 else (round(width / flat), height)
    return grey.resize(size, Image.Resampling.BICUBIC)


def _flatness(picture: Image.Image) -> float:
    """How many times a dot is as high as wide."""
    across, down = (float(d) for d in picture.info.get("dpi", (0, 0)))
    if across > 1 and down > 1:
        flat = across / down
        return flat if 1 / _MOST_FLAT < flat < _MOST_FLAT else 1.0
    bare = picture.mode == "1" and picture.width == _FAX_LINE and picture.height < _FEW_LINES
    return _STANDARD_FLAT if bare else 1.0


def pixels(picture: Image.Image, longest: int) -> Pixels:
    """The picture in colours, its longer side no longer than this."""
    plain = picture.convert("RGB")
    plain.thumbnail((longest, longest))
    return np.ascontiguousarray(np.asarray(plain)[:, :, ::-1])


def clean(page: Pixels) -> Pixels:
    """A page of ink and paper without single specks; any other page as it is.

    A full stop of 8 points has 3 dots across at 200 dpi and stays.
    """
    grey = cv2.cvtColor(page, cv2.COLOR_BGR2GRAY)
    if np.mean((grey < _BLACK) | (grey > _WHITE)) < _TWO_LEVELS:
        return page
    longest = _SPECK * max(grey.shape)
    ink = np.asarray(grey < (_BLACK + _WHITE) // 2, dtype=np.uint8)
    specks = _small(ink, longest)
    holes = _small(1 - ink, longest)
    cleaned = page.copy()
    cleaned[cv2.dilate(specks, np.ones((3, 3), np.uint8)).astype(bool) & (ink == specks)] = 255
    cleaned[holes.astype(bool)] = 0
    return cleaned


def _small(mask: NDArray[np.uint8], longest: float) -> NDArray[np.uint8]:
    """What of a mask is in pieces no longer than this."""
    _, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    sides = np.hypot(stats[:, cv2.CC_STAT_WIDTH] - 1, stats[:, cv2.CC_STAT_HEIGHT] - 1)
    small = sides + 1 <= longest
    small[0] = False
    return np.asarray(small[labels], dtype=np.uint8)


def turned(page: Pixels, turn: int) -> Pixels:
    """The page turned counter-clockwise by 0, 90, 180 or 270 degrees."""
    return np.ascontiguousarray(np.rot90(page, turn // 90))
