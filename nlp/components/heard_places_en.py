"""Finds the large cities in English by their sound, where a recogniser wrote what it knew better:
"from Fochon", "in sujo tomorrow". Values: `Place`.

Only names behind a word of place, or said alone where a place is asked for, and only words that
calls have no other use for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from nlp.components.places import Place
from nlp.components.places_en import place_names
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import Area, areas, short
from nlp.gazetteer.goods import goods
from nlp.gazetteer.words import lookalikes_en, of_calls_en, of_streets_en
from nlp.readings import syllables
from nlp.romanised import apart, sounded

_NAME = re.compile(
    r"\b(?:from|to|in|at|out of|near|around|city of|is|it's)\s+(?P<name>[a-z']{4,14})\b"
    r"(?!'|\s+(?:street|road|avenue|lane|building|company|limited|ltd)\b)"
)
_ALONE = re.compile(
    r"(?:it's |it is |from |to |in |the city is )?(?P<name>[a-z']{4,14}(?: [a-z']{2,8})?)(?: city| please)?[.,?! ]*"
)
_SIDES = frozenset({"origin", "destination"})
#: How a city is called beside its Pinyin.
_USUAL = {"哈尔滨市": "harbin", "乌鲁木齐市": "urumqi", "呼和浩特市": "hohhot", "拉萨市": "lhasa"}
#: Mean cost of a sound up to which a word is a city; how much nearer it is than the next one.
_LIMIT, _MARGIN = 0.16, 0.04
_SURE = 0.75


def find(scene: Scene) -> Iterator[Entity]:
    """Cities that nothing else explains."""
    alone = None
    if scene.slot.split(".")[0] in _SIDES:
        alone = _ALONE.fullmatch(scene.text)
        if alone and scene.free(*alone.span("name")):
            yield from _meant(alone)
    for match in _NAME.finditer(scene.text):
        said = match["name"]
        if alone is None and scene.free(*match.span("name")) and said not in _words():
            yield from _meant(match)


def warm_up() -> None:
    """Builds the tables."""
    _cities()
    _words()


def _meant(match: re.Match[str]) -> Iterator[Entity]:
    heard = sounded(match["name"])
    near = sorted(
        ((apart(heard, sound) / max(len(heard), len(sound)), area) for sound, area in _cities()),
        key=lambda scored: scored[0],
    )
    (best, area), (other, _) = near[:2]
    if best <= _LIMIT and other - best >= _MARGIN:
        place = Place((area,))
        yield Entity("place", *match.span("name"), place, _SURE - best, repaired=True)


@lru_cache(maxsize=1)
def _cities() -> tuple[tuple[str, Area], ...]:
    """The large cities by their sound."""
    return tuple(
        (sounded(_USUAL.get(area.city, "".join(syllables(short(area.city))))), area)
        for area in areas()
        if area.city and area.large and area.level == 1 and not area.spot
    )


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    """Words that mean something else."""
    of_goods = {word for name in goods("en") for word in name.split()}
    return of_calls_en().union(lookalikes_en(), of_streets_en(), of_goods, place_names())
