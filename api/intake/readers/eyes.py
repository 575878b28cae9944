"""RapidOCR's models, each by itself: where lines are, which are upside down, what they say."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from rapidocr import RapidOCR
from rapidocr.ch_ppocr_det import TextDetOutput

from api.intake import limits
from api.intake.readers.paper import Pixels

Point = tuple[float, float]
#: Of a line: left above, right above, right below, left below.
Corners = tuple[Point, Point, Point, Point]

#: The longest side while lines are looked for; characters of 10 points stay 14 pixels high.
_FIND_AT = 1_600
#: The models take no more than this, and make larger pages smaller.
_LONGEST = 2_400


@dataclass(frozen=True, slots=True)
class Seen:
    """What a line says, and how sure each of its characters is, 0 to 1."""

    text: str
    letters: tuple[float, ...] = ()


@lru_cache(maxsize=1)
def _engine() -> RapidOCR:
    return RapidOCR(
        params={
            "Global.log_level": "critical",
            "Global.max_side_len": _LONGEST,
            "Global.return_word_box": True,
            "EngineConfig.onnxruntime.intra_op_num_threads": 2,
            "Det.limit_type": "max",
            "Det.limit_side_len": _FIND_AT,
        }
    )


def find(page: Pixels) -> list[Corners]:
    """The page's lines of characters, from above."""
    found = _engine()(page, use_det=True, use_cls=False, use_rec=False)
    if not isinstance(found, TextDetOutput) or found.boxes is None:
        return []
    return [_corners(box) for box in found.boxes[: limits.MOST_LINES]]


def _corners(box: Sequence[Sequence[float]]) -> Corners:
    a, b, c, d = ((float(x), float(y)) for x, y in box)
    return a, b, c, d


def cut(page: Pixels, corners: Corners) -> Pixels:
    """A line made level."""
    a, b, c, d = corners
    width = max(round(max(math.dist(a, b), math.dist(d, c))), 1)
    height = max(round(max(math.dist(a, d), math.dist(b, c))), 1)
    level = np.array([(0, 0), (width, 0), (width, height), (0, height)], np.float32)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), level)
    piece = cv2.warpPerspective(
        page, matrix, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )
    return np.asarray(piece, dtype=np.uint8)


def upside_down(pieces: Sequence[Pixels]) -> list[float]:
    """How sure it is that each line lies upside down, 0 to 1."""
    if not pieces:
        return []
    found = _engine().cls_and_rotate(list(pieces))[1].cls_res or ()
    return [float(sure) if said == "180" else 1 - float(sure) for said, sure in found]


def read(pieces: Sequence[Pixels]) -> list[Seen]:
    """What each line says."""
    if not pieces:
        return []
    found = _engine().recognize_txt(list(pieces))
    texts: Sequence[str] = found.txts or ()
    words: Sequence[Any] = found.word_results
    return [
        Seen(text, tuple(map(float, word.confs)) if text else ())
        for text, word in zip(texts, words, strict=True)
    ]
