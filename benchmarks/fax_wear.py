"""What a fax machine, its toner and its line do to a page: drawn by a seeded generator."""

from __future__ import annotations

import io
import random
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

Grey = NDArray[np.uint8]

#: ITU-T T.30: 1,728 pixels a line; "standard" has 98 lines an inch, "fine" 196.
_LINE = 1_728
_FROM_DPI = 300
#: Format to its dots an inch across and down.
FORMATS = {"fine": (204, 196), "standard": (204, 98), "fine_g3": (204, 196), "scan": (200, 200)}
_BLACK_BELOW = 150


@dataclass(frozen=True, slots=True)
class Wear:
    """What is done to one fax.

    Attributes:
        skew: degrees.
        pepper: the share of pixels that flip.
        faded: how much of the toner is missing at worst, 0 to 1.
        turn: degrees clockwise that the paper lay wrong.
    """

    format: str
    skew: float
    pepper: float
    scale: float = 1.0
    faded: float = 0.0
    streaks: int = 0
    blots: int = 0
    turn: int = 0
    header: str = ""
    seed: int = 0


def drawn(rng: random.Random, number: int, header: str) -> Wear:
    """The wear of the fax with this number: every format in turn, the rest by chance."""
    turns = {7: 180, 13: 90, 18: 180}
    ills = set(rng.sample(["faded", "streaks", "blots", "scale"], 2))
    return Wear(
        format=list(FORMATS)[number % len(FORMATS)],
        skew=rng.uniform(-3, 3),
        pepper=rng.uniform(0.0005, 0.006),
        scale=rng.uniform(0.88, 0.97) if "scale" in ills else 1.0,
        faded=rng.uniform(0.3, 0.6) if "faded" in ills else 0.0,
        streaks=rng.randint(1, 4) if "streaks" in ills else 0,
        blots=rng.randint(3, 9) if "blots" in ills else 0,
        turn=turns.get(number, 0),
        header=header if rng.random() < 0.75 else "",
        seed=rng.randrange(10**6),
    )


def faxed(pages: Sequence[Image.Image], wear: Wear) -> tuple[str, bytes]:
    """File name and bytes: a TIFF of the machine, or a PDF of the scanner."""
    rng = np.random.default_rng(wear.seed)
    worn = [_page(np.asarray(page), wear, n, len(pages), rng) for n, page in enumerate(pages, 1)]
    across, down = FORMATS[wear.format]
    kept = io.BytesIO()
    if wear.format == "scan":
        worn[0].save(kept, "PDF", resolution=across, save_all=True, append_images=worn[1:])
        return "scan.pdf", kept.getvalue()
    packing = "group3" if wear.format == "fine_g3" else "group4"
    worn[0].save(
        kept, "TIFF", compression=packing, dpi=(across, down), save_all=True,
        append_images=worn[1:],
    )  # fmt: skip
    return "fax.tif", kept.getvalue()


def _page(page: Grey, wear: Wear, number: int, count: int, rng: np.random.Generator) -> Image.Image:
    page = np.rot90(_laid(page, wear), -wear.turn // 90)
    page = _toner(page, wear, rng)
    across, down = FORMATS[wear.format]
    width = _LINE if across == FORMATS["fine"][0] else round(page.shape[1] * across / _FROM_DPI)
    height = round(page.shape[0] * down / _FROM_DPI)
    small = cv2.resize(page, (width, height), interpolation=cv2.INTER_AREA)
    grain = rng.normal(0, 12, small.shape)
    bits = (small + grain) > _BLACK_BELOW
    bits ^= rng.random(bits.shape) < wear.pepper
    worn = Image.fromarray(np.where(bits, 255, 0).astype(np.uint8))
    if wear.header:
        _stamp(worn, f"{wear.header}   P.{number:02}/{count:02}", down)
    return worn.convert("1", dither=Image.Dither.NONE)


def _laid(page: Grey, wear: Wear) -> Grey:
    """The paper as it lay: slanted, and smaller."""
    height, width = page.shape
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), wear.skew, wear.scale)
    laid = cv2.warpAffine(page, matrix, (width, height), borderValue=255, flags=cv2.INTER_AREA)
    return np.asarray(laid, dtype=np.uint8)


def _toner(page: Grey, wear: Wear, rng: np.random.Generator) -> Grey:
    height, width = page.shape
    ink = np.ascontiguousarray(255 - page, dtype=np.float32)
    if wear.faded:
        coarse = rng.random((6, 5)).astype(np.float32)
        ink *= 1 - wear.faded * cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC)
    for _ in range(wear.streaks):
        x, wide = int(rng.integers(width // 10, width * 9 // 10)), int(rng.integers(1, 4))
        ink[:, x : x + wide] = 255 if rng.random() < 0.6 else 0
    for _ in range(wear.blots):
        middle = (int(rng.integers(width)), int(rng.integers(height)))
        axes = (int(rng.integers(4, 22)), int(rng.integers(4, 18)))
        cv2.ellipse(ink, middle, axes, float(rng.uniform(0, 180)), 0, 360, 255.0, -1)
    return np.asarray(255 - np.clip(ink, 0, 255), dtype=np.uint8)


def _stamp(page: Image.Image, text: str, down: int) -> None:
    """The sending machine's line along the upper edge, in dots that are as flat as the page's."""
    line = Image.new("L", (page.width, 34), 255)
    font = ImageFont.truetype("DejaVuSansMono.ttf", 26)
    ImageDraw.Draw(line).text((60, 2), text, font=font, fill=0)
    tall = max(14, round(34 * down / 204))
    page.paste(line.resize((page.width, tall)).point(lambda p: 255 if p > 128 else 0), (0, 12))
