"""The piece of a page that a field was read from (pure)."""

from __future__ import annotations

from dataclasses import dataclass

from nlp.written.source import Box, Place

#: What is shown around a line, as a share of its height; and at least of the page.
_MARGIN = 0.6
_LEAST = 0.008


@dataclass(frozen=True, slots=True)
class Crop:
    """A piece of a page.

    Attributes:
        page: from 1.
        box: with a margin, on the page as it lies in the file.
    """

    page: int
    box: Box


def crop_of(place: Place) -> Crop | None:
    """The piece around a place; None where its reader knew none."""
    if place.page is None or place.box is None:
        return None
    left, top, right, bottom = place.box
    around = max(_MARGIN * min(right - left, bottom - top), _LEAST)
    return Crop(
        place.page,
        (max(left - around, 0), max(top - around, 0), min(right + around, 1), min(bottom + around, 1)),
    )  # fmt: skip


def upright(box: Box, turn: int) -> Box:
    """The box on the page that was turned counter-clockwise by 0, 90, 180 or 270 degrees."""
    left, top, right, bottom = box
    if turn == 90:
        return (top, 1 - right, bottom, 1 - left)
    if turn == 180:
        return (1 - right, 1 - bottom, 1 - left, 1 - top)
    if turn == 270:
        return (1 - bottom, left, 1 - top, right)
    return box
