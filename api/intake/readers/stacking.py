"""Lines of one cell that stand below each other become one text (pure)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.written import kinds
from nlp.written.labels import label
from nlp.written.source import Box

#: A line that goes on stands this many heights below the one before; rows of forms are further.
_NEXT_WITHIN = 1.35
_NEXT_BEYOND = 0.45
#: It begins under the other's beginning, and ends no later, in heights.
_ALIGNED, _LONGER = 0.7, 1.5
#: What stands in one row differs by less than this many heights.
_LEVEL = 0.35
_CJK = re.compile(r"[\u4e00-\u9fff]")
_LATIN_END, _LATIN_BEGIN = re.compile(r"[A-Za-z0-9,.;]$"), re.compile(r"[A-Za-z0-9(]")


@dataclass(frozen=True, slots=True)
class Block:
    """Characters that belong together.

    Attributes:
        letters: how sure each character is.
        box: as shares of the page as it lies in the file.
        left, right, y: on the page without its slant, pixels; `y` is the middle.
        last: the middle of its last line.
        height: of one line; `tall` is that of all its lines.
    """

    text: str
    letters: tuple[float, ...]
    box: Box
    left: float
    right: float
    y: float
    height: float
    last: float

    @property
    def tall(self) -> float:
        """From its first line to its last."""
        return 2 * (self.last - self.y) + self.height

    @property
    def x(self) -> float:
        """The middle."""
        return (self.left + self.right) / 2


def before_colon(text: str) -> str:
    """What stands before the first colon; the whole where there is none."""
    return text.replace(":", "：").split("：", maxsplit=1)[0]


def stacked(lines: Sequence[Block]) -> list[Block]:
    """Lines with those that go on below them."""
    blocks: list[Block] = []
    for line in sorted(lines, key=lambda b: b.y):
        row = _has_row(line, lines)
        at = next((i for i, block in enumerate(blocks) if _goes_on(block, line, row)), None)
        if at is None:
            blocks.append(line)
        else:
            blocks[at] = joined(blocks[at], line)
    return blocks


def _has_row(line: Block, lines: Sequence[Block]) -> bool:
    """Whether something beside it stands at its own height: then it is a row, and no part of a
    cell of several lines, whose neighbours stand at the height of the cell's middle."""
    return any(
        abs(other.y - line.y) < _LEVEL * min(other.height, line.height)
        and (other.left > line.right or other.right < line.left)
        for other in lines
    )


def _goes_on(block: Block, line: Block, row: bool) -> bool:
    height = min(block.height, line.height)
    below = line.y - block.last
    if not _NEXT_BEYOND * height < below < _NEXT_WITHIN * height:
        return False
    if abs(line.left - block.left) > _ALIGNED * height:
        return False
    if line.right > block.right + _LONGER * height or kinds.is_whole(block.text):
        return False
    if kinds.begins_address(line.text) or kinds.is_phone(line.text):
        return False
    named, names = label(before_colon(block.text)), label(before_colon(line.text))
    if label(_text(block, line)) is not None and not re.search(r"\d", line.text):
        return named is None or names is None
    return named is None and names is None and not row


def _text(block: Block, line: Block) -> str:
    return f"{block.text}{_between(block.text, line.text)}{line.text}"


def _between(before: str, after: str) -> str:
    latin = _LATIN_END.search(before) and _LATIN_BEGIN.match(after)
    return " " if latin and not _CJK.search(before + after) else ""


def joined(block: Block, line: Block) -> Block:
    """The block with a line that goes on below it."""
    gap = (1.0,) * len(_between(block.text, line.text))
    return Block(
        text=_text(block, line),
        letters=(*block.letters, *gap, *line.letters),
        box=around([block.box, line.box]),
        left=min(block.left, line.left),
        right=max(block.right, line.right),
        y=(block.y + line.y) / 2,
        height=block.height,
        last=line.y,
    )


def around(boxes: Sequence[Box]) -> Box:
    """The box around boxes."""
    return (
        min(b[0] for b in boxes),
        min(b[1] for b in boxes),
        max(b[2] for b in boxes),
        max(b[3] for b in boxes),
    )
