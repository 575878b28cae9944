"""Prints the pages of faxes: typst, with what is filled in by hand in a hand's font."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pypdfium2
import typst
from PIL.Image import Image

from benchmarks.mail_orders import Goal

#: Writes one value: printed, or by hand.
Write = Callable[[str], str]
#: The orders and how to write what is filled in give the pages' typst.
Layout = Callable[[Sequence[Goal], Write], str]
_DPI = 300
#: From fonts-dkg-handwriting and fonts-breip; Chinese characters from fonts-arphic-gkai00mp.
_HANDS = {"dev": "dkgHandwriting", "held_out": "Breip"}
_CHINESE_HAND = "AR PL KaitiM GB"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A layout, the orders it holds, and their language."""

    layout: Layout
    orders: int = 1
    lang: str = "zh"
    by_hand: bool = False


Sheets = Mapping[str, Sheet]


def quoted(text: str) -> str:
    """A text as typst's content."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'#"{escaped}"'


def hand(half: str, rng: random.Random) -> Write:
    """Writes like a person: each character a little turned, moved and scaled."""

    def write(text: str) -> str:
        letters = []
        for letter in text:
            if letter == " ":
                letters.append("#h(5pt)")
                continue
            turn, down = rng.uniform(-5, 5), rng.uniform(-0.8, 0.8)
            size = rng.uniform(15.5, 18.0)
            letters.append(
                f"#box(move(dy: {down:.2f}pt, rotate({turn:.1f}deg, text(size: {size:.1f}pt, "
                f'font: ("{_HANDS[half]}", "{_CHINESE_HAND}"))[{quoted(letter)}])))'
            )
        return "".join(letters)

    return write


def table(rows: Sequence[Sequence[str]], *, columns: str, stroke: str = "0.7pt") -> str:
    """Cells of typst content as a table."""
    cells = ", ".join(f"[{cell}]" for row in rows for cell in row)
    return f"#table(columns: {columns}, stroke: {stroke}, inset: 6pt, align: horizon, {cells})"


def pages(source: str, *, size: float = 11, font: str = "Noto Sans CJK SC") -> list[Image]:
    """The pages in grey at 300 dpi."""
    head = f'#set page(paper: "a4", margin: 1.9cm)\n#set text(font: "{font}", size: {size}pt)\n'
    document = pypdfium2.PdfDocument(bytes(typst.compile((head + source).encode())))
    return [page.render(scale=_DPI / 72, grayscale=True).to_pil().convert("L") for page in document]
