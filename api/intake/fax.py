"""A fax's bytes as its pages: what they say, and how they look. All in processes of their own."""

from __future__ import annotations

from api.intake import kinds, limits, sandbox
from api.intake.limits import Refusal, Refused
from nlp.written.source import Box, Part

_PAPER = frozenset({"pdf", "picture"})
_WHOLE: Box = (0.0, 0.0, 1.0, 1.0)
_SHOWN = 1_000


def parts(data: bytes, name: str = "") -> tuple[Part, ...]:
    """The fax as one part with index 0, read; one that is not read says why in `refused`."""
    try:
        return (sandbox.read(0, _kind(data), data, name),)
    except Refused as error:
        return (sandbox.refused(0, "", name, error.reason),)


def page_png(data: bytes, page: int, turn: int = 0, width: int = _SHOWN) -> bytes:
    """A page as PNG, with square dots.

    Args:
        page: from 1.
        turn: of `Part.turns`, brings it upright.
        width: of the upright page, pixels; a page with fewer dots stays as small.

    Raises:
        Refused: there is no such page, or it cannot be shown.
    """
    return sandbox.show(_kind(data), data, page, _WHOLE, turn, width)


def crop_png(data: bytes, page: int, box: Box, turn: int = 0) -> bytes:
    """A piece of a page as PNG, as fine as the page is; `nlp.written.crops.crop_of` says which.

    Raises:
        Refused: there is no such page, or it cannot be shown.
    """
    return sandbox.show(_kind(data), data, page, box, turn, limits.WIDEST_SHOWN)


def _kind(data: bytes) -> str:
    kind = kinds.kind_of(data)
    if kind not in _PAPER:
        raise Refused(Refusal.UNKNOWN)
    return kind
