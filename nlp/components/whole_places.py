"""Finds places in Mandarin that are misheard throughout ("程度双游"). Values: `Place`.

`places` goes from name to name, and a name of two characters has to sound nearly right. Here a
whole place, city and district at once, is compared with all there are: four syllables and more
tell a place from the others though each of them is a little wrong.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import lru_cache

from nlp.components.places import Place
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import Area, areas, by_rank, own_name, short
from nlp.nearest import NearestPhrase, Phrase
from nlp.phonetics import syllables

_BEFORE = re.compile(
    r"(?:从|由|在|到|至|往|去|发|送|寄|运|来|地址|地点|地|点|站|是|改成|改为|：|，(?:到|发))$"
)
_SHORTEST, _LONGEST = 3, 10
#: Of the mean cost of a syllable; three syllables could be too much else.
_LIMIT, _SHORT_LIMIT = 0.3, 0.15
#: For districts without their city, and for places that are seldom called about.
_BARE_DISTRICT, _SMALL = 0.15, 0.1
#: A longer place may be this much farther for each syllable.
_LENGTH = 0.03
_SIDES = frozenset({"origin", "destination"})
_SURE = 0.9


def find(scene: Scene) -> Iterator[Entity]:
    """Places where one is expected and none was found, and districts behind a city."""
    position = 0
    while position < len(scene.text) - 1:
        found = _longer(scene, position) or _at(scene, position)
        if found is None:
            position += 1
            continue
        yield found
        position = found.end


def warm_up() -> None:
    """Builds the table."""
    _places()


def _at(scene: Scene, start: int) -> Entity | None:
    if not scene.free(start, start + 1) or not _expected(scene, start):
        return None
    return _nearest(scene, start, _SHORTEST, free_from=start)


def _longer(scene: Scene, start: int) -> Entity | None:
    """A city or province that rules found here, with the district that they did not."""
    old = next((e for e in scene.entities if e.start == start), None)
    if old is None or not isinstance(old.value, Place):
        return None
    place = old.value
    if place.detail or not place.areas or place.areas[0].level > 1:
        return None
    found = _nearest(scene, start, old.end - start + 1, free_from=old.end)
    if found is None or not isinstance(found.value, Place):
        return None
    if not found.value.areas[0].within(place.areas[0]):
        return None
    scene.drop(old)
    return found


def _nearest(scene: Scene, start: int, shortest: int, *, free_from: int) -> Entity | None:
    """The place that fits best here, of all lengths.

    Args:
        free_from: from here on nothing may be explained yet.
    """
    best: tuple[float, Entity] | None = None
    for end in range(start + shortest, min(start + _LONGEST, len(scene.text)) + 1):
        if not scene.free(free_from, end) or not scene.text[start:end].isalnum():
            break
        limit = _LIMIT if end - start > _SHORTEST else _SHORT_LIMIT
        match = _places().find(scene.sounds[start:end], limit)
        if match is None:
            continue
        meant, apart = match
        score = apart - _LENGTH * (end - start)
        if best is None or score < best[0]:
            place = Place(meant, meant[0].spot)
            best = (score, Entity("place", start, end, place, _SURE - apart, repaired=True))
    return best[1] if best else None


def _expected(scene: Scene, start: int) -> bool:
    asked = scene.slot.split(".")[0] in _SIDES
    return (asked and start == 0) or _BEFORE.search(scene.text, 0, start) is not None


@lru_cache(maxsize=1)
def _places() -> NearestPhrase[tuple[Area, ...]]:
    meant: dict[tuple[str, ...], list[Area]] = defaultdict(list)
    for area in sorted(areas(), key=by_rank):
        for sounds in _said(area):
            if _SHORTEST <= len(sounds) <= _LONGEST:
                meant[sounds].append(area)
    return NearestPhrase(
        Phrase(sounds, tuple(same), _handicap(sounds, same)) for sounds, same in meant.items()
    )


def _handicap(sounds: tuple[str, ...], same: list[Area]) -> float:
    if len(sounds) <= _SHORTEST and all(area.level > 1 for area in same):
        return _BARE_DISTRICT
    return 0.0 if any(area.large for area in same) else _SMALL


def _said(area: Area) -> dict[tuple[str, ...], None]:
    """How the area is called: by its name, and with the city or province before it."""
    own = own_name(area)
    names = (syllables(own), syllables(short(own)))
    return dict.fromkeys(before + name for before in _parents(area) for name in names)


def _parents(area: Area) -> Iterator[tuple[str, ...]]:
    """What may be said before the area's own name."""
    yield ()
    if area.city and (area.district or area.spot):
        city = syllables(short(area.city))
        yield syllables(area.city)
        yield city
        if area.city != area.province:
            yield syllables(short(area.province)) + city
    elif area.city and area.city != area.province:
        yield syllables(area.province)
        yield syllables(short(area.province))
