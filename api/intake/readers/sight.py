"""One page as it is seen: cleaned, the machine's own line left out, read upright."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PIL.Image import Image

from api.intake.readers import eyes, paper
from api.intake.readers.eyes import Corners, Seen
from api.intake.readers.headers import ABOVE, is_header
from api.intake.readers.paper import Pixels

#: The longest side that is looked at, pixels: A4 at 200 dpi has 2,339.
_LONGEST = 2_400
#: A line this many times as high as wide runs from above to below.
_UPRIGHT = 1.8
#: As many of the longest lines say how the page lies.
_WITNESSES = 12
_RIGHT_ANGLE = 90


@dataclass(frozen=True, slots=True)
class Line:
    """A line of characters: where on the upright page, in pixels, and what it says."""

    corners: Corners
    seen: Seen


@dataclass(frozen=True, slots=True)
class Sight:
    """A page's lines.

    Attributes:
        turn: degrees counter-clockwise that brought it upright.
        size: width and height of the upright page, pixels.
    """

    lines: tuple[Line, ...]
    turn: int
    size: tuple[int, int]


def look(picture: Image) -> Sight:
    """Finds and reads the lines of a page."""
    page = paper.clean(paper.pixels(picture, _LONGEST))
    found = _without_header(page, eyes.find(page))
    turn = _turn(page, found)
    height, width = page.shape[:2]
    found = [_turned(corners, turn, width, height) for corners in found]
    page = paper.turned(page, turn)
    said = eyes.read([eyes.cut(page, corners) for corners in found])
    lines = tuple(Line(c, s) for c, s in zip(found, said, strict=True) if s.text.strip())
    return Sight(lines, turn, (page.shape[1], page.shape[0]))


def _without_header(page: Pixels, found: Sequence[Corners]) -> list[Corners]:
    """The lines but the machine's own at the upper edge.

    That one is upright in what was sent, however the paper lay.
    """
    edge = page.shape[0] * ABOVE
    above = [c for c in found if max(y for _, y in c) < edge and not _stands(c)]
    ordered = sorted(above, key=lambda c: c[0][0])
    text = " ".join(s.text for s in eyes.read([eyes.cut(page, c) for c in ordered]))
    return [c for c in found if c not in above] if is_header(text) else list(found)


def _turned(corners: Corners, turn: int, width: int, height: int) -> Corners:
    """A line's corners on the page that was turned; the left upper one is again the first.

    Args:
        width, height: of the page before.
    """
    a, b, c, d = corners
    if turn == _RIGHT_ANGLE:
        a, b, c, d = ((y, width - x) for x, y in (b, c, d, a))
    elif turn == 2 * _RIGHT_ANGLE:
        a, b, c, d = ((width - x, height - y) for x, y in (c, d, a, b))
    elif turn:
        a, b, c, d = ((height - y, x) for x, y in (d, a, b, c))
    return a, b, c, d


def _turn(page: Pixels, found: Sequence[Corners]) -> int:
    """Degrees counter-clockwise to bring the page upright."""
    longest = sorted(found, key=_length, reverse=True)[:_WITNESSES]
    if not longest:
        return 0
    standing = sum(_length(c) for c in longest if _stands(c))
    lies = standing > sum(map(_length, longest)) / 2
    witnesses = [eyes.cut(page, c) for c in longest if _stands(c) == lies]
    if lies:
        witnesses = [paper.turned(piece, 90) for piece in witnesses]
    over = eyes.upside_down(witnesses)
    return (90 if lies else 0) + (180 if sum(over) > len(over) / 2 else 0)


def _length(corners: Corners) -> float:
    a, b, _, d = corners
    return max(math.dist(a, b), math.dist(a, d))


def _stands(corners: Corners) -> bool:
    a, b, _, d = corners
    return math.dist(a, d) > _UPRIGHT * math.dist(a, b)
