"""Which of the values read out "the second one" means (pure)."""

from __future__ import annotations

import re

from nlp.components.scene import Scene

ORDINAL = re.compile(
    r"第([一二三四五六七八九十\d])(?![类批人次天季届级\d])[个项条]?|(最后)(?:一个|一项|那个)|\bthe (first|second|third|fourth|fifth|sixth|last)\b"
)
_ORDINALS = {w: i for i, w in enumerate("一二三四五六七八九十")}
_ORDINALS |= {str(i + 1): i for i in range(9)}
_ORDINALS |= {w: i for i, w in enumerate(("first", "second", "third", "fourth", "fifth", "sixth"))}


def ordinal(scene: Scene) -> str | None:
    """The field that "the second one" means in what was read out."""
    readback = scene.expectation.readback
    match = ORDINAL.search(scene.text)
    if match is None or not readback:
        return None
    if match[2] or match[3] == "last":
        return readback[-1]
    place = _ORDINALS.get(match[1] or match[3] or "", len(readback))
    return readback[place] if place < len(readback) else None
