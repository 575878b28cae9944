"""Finds days, times and windows. Values: `nlp.normalize.dates.Moment`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.components.scene import Entity, Scene
from nlp.normalize import dates_en, dates_zh
from nlp.normalize.dates_zh import Found
from nlp.normalize.numbers_en import NUMBER as NUMBER_EN
from nlp.normalize.numbers_zh import NUMBER as NUMBER_ZH

_AMOUNTS = {"pieces", "weight", "weight_kg", "volume", "volume_m3", "declared_value",
            "declared_value_cny"}  # fmt: skip


def find_zh(scene: Scene) -> Iterator[Entity]:
    """Mandarin days and times."""
    for found in dates_zh.find(scene.text, scene.expectation.now):
        if _is_amount(scene, found, NUMBER_ZH):
            continue
        yield Entity("moment", found.start, found.end, found.moment)


def _is_amount(scene: Scene, found: Found, number: str) -> bool:
    """Whether an amount is asked for and a lone clock ("一点五", "six fifty") is that amount."""
    if scene.slot not in _AMOUNTS or not found.moment.implied:
        return False
    said = re.compile(number).match(scene.text, found.start)
    return said is not None and said.end() >= found.end


def find_en(scene: Scene) -> Iterator[Entity]:
    """English days and times."""
    for found in dates_en.find(scene.text, scene.expectation.now):
        if _is_amount(scene, found, NUMBER_EN):
            continue
        yield Entity("moment", found.start, found.end, found.moment)
