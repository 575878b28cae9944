"""Finds days, times and windows. Values: `nlp.normalize.dates.Moment`."""

from __future__ import annotations

from collections.abc import Iterator

from nlp.components.scene import Entity, Scene
from nlp.normalize import dates_en, dates_zh


def find_zh(scene: Scene) -> Iterator[Entity]:
    """Mandarin days and times."""
    for found in dates_zh.find(scene.text, scene.expectation.now):
        yield Entity("moment", found.start, found.end, found.moment)


def find_en(scene: Scene) -> Iterator[Entity]:
    """English days and times."""
    for found in dates_en.find(scene.text, scene.expectation.now):
        yield Entity("moment", found.start, found.end, found.moment)
