"""Finds the goods of the desk's own list, before those of the product's. Values: `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from models.call import Lang
from models.dangerous_list import Listed
from nlp.components.articles import Article
from nlp.components.hazards import harmless_en, harmless_zh
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.goods import Good
from nlp.phonetics import SoundIndex

_DENIED = {
    "zh": re.compile(
        r"(?:没有?|不(?:带|含|是|包含|包括|存在|属于)|无|没装|没带|非)(?:任何|什么|的)?$"
    ),
    "en": re.compile(r"(?:\bno|\bnot|without|n't|\bany)\b(?: \w+){0,2} $"),
}
#: Shorter names sound like too much else.
_BY_SOUND_FROM = 3
_LIMIT = 0.12


@dataclass(frozen=True, slots=True)
class _Index:
    pattern: re.Pattern[str]
    goods: dict[str, Good]
    sounds: SoundIndex[Good]


def find(scene: Scene) -> Iterator[Entity]:
    """The list's goods by name, in Mandarin also by sound."""
    lang = scene.expectation.lang
    index = _index(scene.expectation.listed, lang)
    if index is None:
        return
    harmless = harmless_zh if lang == "zh" else harmless_en
    for match in index.pattern.finditer(scene.text):
        good, start, end = index.goods[match.group()], *match.span()
        if good.dangerous and harmless(scene.text, start, end):
            good = Good(good.name)
        yield Entity("goods", start, end, Article(good, _denied(scene, start)))
    if lang == "zh":
        yield from _sounding(scene, index.sounds)


def _sounding(scene: Scene, sounds: SoundIndex[Good]) -> Iterator[Entity]:
    for start in range(len(scene.text)):
        for match in sounds.at(scene.sounds, start, _LIMIT):
            article = Article(match.entry, _denied(scene, start))
            yield Entity("goods", start, match.end, article, 0.8 - match.distance, True)
            break


def _denied(scene: Scene, start: int) -> bool:
    return bool(_DENIED[scene.expectation.lang].search(scene.text[:start]))


@lru_cache(maxsize=8)
def _index(listed: tuple[Listed, ...], lang: Lang) -> _Index | None:
    """Kept for the lists in force and those just before; None where the list is empty."""
    goods = {
        name: Good(name, one.dangerous(name), one.air, one.rail)
        for one in listed
        if one.lang == lang
        for name in one.names
    }
    if not goods:
        return None
    edge = r"\b" if lang == "en" else ""
    words = "|".join(map(re.escape, sorted(goods, key=len, reverse=True)))
    long = ((name, good) for name, good in goods.items() if len(name) >= _BY_SOUND_FROM)
    sounds = SoundIndex(long if lang == "zh" else (), loose_from=4)
    return _Index(re.compile(f"{edge}(?:{words}){edge}"), goods, sounds)
