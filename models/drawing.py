"""A signature drawn by hand: strokes of points, checked and bounded (pure).

The browser sends points, not a picture: what is kept can be drawn again at any size, and nothing
of it has to be decoded as an image.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from models.errors import RuleError

#: A long signature has some hundred points; this is what a page may send.
LONGEST_TEXT = 120_000
_MOST_STROKES = 200
_MOST_POINTS = 6_000
_SIDES = range(40, 5_001)
#: A dot or a slip of the finger is no signature; a part of the pad's width.
_SHORTEST = 0.15

Point = tuple[float, float]


class BadDrawing(RuleError):
    """What came as a drawing is none, or nothing was drawn."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Strokes on a pad of `width` by `height`, each at least one point."""

    width: int
    height: int
    strokes: tuple[tuple[Point, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """What is stored; `from_json` is the inverse."""
        strokes = [[list(point) for point in stroke] for stroke in self.strokes]
        return {"width": self.width, "height": self.height, "strokes": strokes}

    def path(self) -> str:
        """The strokes as the data of an SVG path."""
        return " ".join(_path(stroke) for stroke in self.strokes)

    def svg(self) -> str:
        """A whole SVG picture, black on nothing."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}">'
            f'<path d="{self.path()}" fill="none" stroke="#000" stroke-width="2.5" '
            'stroke-linecap="round" stroke-linejoin="round"/></svg>'
        )


def parse(text: str) -> Drawing | None:
    """The drawing that a page sent, None when it sent none.

    Raises:
        BadDrawing: it cannot be a signature.
    """
    if not text:
        return None
    if len(text) > LONGEST_TEXT:
        raise BadDrawing("The drawing is too large.")
    try:
        drawing = from_json(json.loads(text))
    except (ValueError, TypeError, KeyError, OverflowError, RecursionError) as error:
        raise BadDrawing("The drawing cannot be read.") from error
    if sum(map(_length, drawing.strokes)) < drawing.width * _SHORTEST:
        raise BadDrawing("The drawing is too short to be a signature.")
    return drawing


def from_json(body: Any) -> Drawing:
    """The checked drawing. Raises ValueError, TypeError, KeyError or OverflowError."""
    width, height = int(body["width"]), int(body["height"])
    strokes = body["strokes"]
    if width not in _SIDES or height not in _SIDES or not isinstance(strokes, list):
        raise ValueError("no pad")
    if len(strokes) > _MOST_STROKES or sum(map(len, strokes)) > _MOST_POINTS:
        raise ValueError("too many points")
    inside = tuple(
        tuple((_within(x, width), _within(y, height)) for x, y in stroke)
        for stroke in strokes
        if stroke
    )
    return Drawing(width, height, inside)


def _within(value: Any, most: int) -> float:
    number = float(value)
    if not math.isfinite(number):
        raise ValueError("no coordinate")
    return round(min(max(number, 0.0), float(most)), 1)


def _length(stroke: Sequence[Point]) -> float:
    return sum(math.dist(one, other) for one, other in pairwise(stroke))


def _path(stroke: Sequence[Point]) -> str:
    (x, y), *others = stroke
    rest = "".join(f" L{a:g} {b:g}" for a, b in others) or f" L{x:g} {y:g}"
    return f"M{x:g} {y:g}{rest}"
