"""Lines of an address that stand above or below its first one (pure)."""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet

from api.intake.readers import parties
from api.intake.readers.stacking import Block, joined
from nlp.written import kinds
from nlp.written.labels import label
from nlp.written.tables import inline_labels

#: The next line of an address is so many lines further, and begins so many beside.
_LINES, _INDENT = 1.9, 1.5
#: Where the label stands before it, so many lines are the most that it hangs.
_HANGS = 6


def run_on(blocks: Sequence[Block]) -> tuple[list[Block], frozenset[int]]:
    """The texts, those that begin with an address's label with the lines below them; and, by `id`,
    what is a part of another one now."""
    lines = [b for b in blocks if label(b.text) is None and not inline_labels(b.text)]
    found: list[Block] = []
    absorbed: set[int] = set()
    for block in sorted(blocks, key=lambda b: b.y):
        named = inline_labels(block.text)
        if len(named) != 1 or named[0].what != "place":
            found.append(block)
            continue
        whole = block
        while line := next(
            (b for b in lines if _runs_on(whole, b) and id(b) not in absorbed), None
        ):
            whole = joined(whole, line)
            absorbed |= {id(block), id(line)}
        found.append(whole)
    return [b for b in found if id(b) not in absorbed], frozenset(absorbed)


def _runs_on(block: Block, line: Block) -> bool:
    """Whether a line stands right below a text, under its beginning or what its label names."""
    below = 0 < line.y - block.last < _LINES * block.height
    return (
        below and _is_plain(line) and -line.height < line.left - block.left < _HANGS * line.height
    )


def _is_plain(line: Block) -> bool:
    other = kinds.is_phone(line.text) or kinds.is_company(line.text)
    return not other and not kinds.begins_address(line.text)


def is_line(line: Block, value: Block) -> bool:
    """Whether a text stands right above or below another, as its next line does."""
    height = max(line.height, value.height)
    gap = line.y - value.last if line.y > value.y else 2 * value.y - value.last - line.y
    aligned = abs(line.left - value.left) < _INDENT * height
    later = line if line.y > value.y else value
    goes_on = _is_plain(line) if later is line else not kinds.begins_address(value.text)
    return 0 < gap < _LINES * height and aligned and goes_on


def is_labelled(line: Block, names: AbstractSet[int], blocks: Sequence[Block]) -> bool:
    """Whether what stands next at the left of a text is a label."""
    beside = [b for b in blocks if b.right < line.left + line.height and parties.level(b, line)]
    return bool(beside) and id(max(beside, key=lambda b: b.right)) in names
