"""Finds goods in lower-case English text. Values: `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from nlp.components.articles import Article, named
from nlp.components.hazards import harmless_en, named_en, taken_out_en
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.goods import Good
from nlp.gazetteer.words import of_calls_en
from nlp.normalize.numbers_en import NUMBER

_DENIED_EN = re.compile(r"(?:\bno|\bnot|without|n't|\bnor|\bany)\b(?: \w+){0,3} $")

_NOT_GOODS = re.compile(
    r"^(?:货物?|东西|货|上海|北京|什么|这个|那个|一共|总共|的|是|我|公斤|发|到|从|没有|不|对|好|左右|电话|先生)|公斤|吨|(?:市|区|省|县|路|号)$|先生|女士|地址"
)

_EN_OPEN = re.compile(
    r"(?:(?:pallets?|cartons?|boxes|cases|drums?|crates?|bags?|sacks?|rolls?|pieces|packages|bundles|barrels|units|sets|tons?|tonnes|kilos|kg|kilograms|pounds|bales|skids|totes) of|"
    r"(?:goods|cargo|commodity|contents?|product|shipment) (?:is|are|would be|will be)|(?:ship|shipping|send|sending|move|it's|they're|they are|it is)(?: some| a load of| a batch of)?) "
    r"(?P<name>(?!(?:"
    + NUMBER
    + r")\b)(?!from|to|by|on|in|the|my|our|a |about|not|no |for|going|coming|ready|being|located|based|shipped|leaving|paid|due|correct|wrong|all\b|just|only|really|please|ok|okay|fine|good|right|great|perfect|packed|packaged|wrapped|spel(?:t|led)|urgent|supposed|actually|still|tomorrow|today|at|this|that|it\b|them|and\b|\d)[a-z][a-z'-]*(?: (?!(?:from|to|by|on|in|and|at|for|with|each|weighing|total|going|tomorrow|today|please|packed|of|about|is|are|next|moved|shipped|sent|delivered|picked|collected|loaded|out|over|via|worth|not|but|which|that|we|i|they|it|or|around|approximately|roughly|this|monday|tuesday|wednesday|thursday|friday|saturday|sunday|transported|taken)\b)[a-z'-]+){0,2})"
)

_QUALIFIER_EN = re.compile(r"(?:^|(?<=[^a-z'-]))(?P<own>(?:[a-z'-]+ ){1,2})$")
_WORD_EN = re.compile(r" ([a-z'-]+)")
_MATERIALS_EN = frozenset(
    "steel plastic wooden cardboard paint battery lithium box bag case roll set gas air liquid stone bronze cotton pine card sand wind sheet sheets parts bean beans pens pins fans cans seeds seed tea can rubber".split()
)
_VERBS_EN = frozenset(
    "is are was be been a an the of in on at by as it its it's i i'm i'd i'll we we're we've we'll they're he she he's some of mostly mainly mainly only or if so but up out off then them wrapped packed loaded moved needed need urgently weigh weighs weighing going goes go come comes got get gets getting us me my mine containing contains contain including includes called named brand new used total totalling each every per plus via over around roughly nearly almost please thanks also too today's no not any don't doesn't isn't aren't without within inside different various several lots lot load loads batch consignment full half inch whose where while because since until asap quickly fast cheap big small heavy large light".split()
)


def _unknown(scene: Scene, pattern: re.Pattern[str]) -> Iterator[Entity]:
    for match in pattern.finditer(scene.text):
        name = match["name"].strip()
        if _NOT_GOODS.search(name) is None:
            yield Entity("goods", *match.span("name"), Article(Good(name)), 0.7)


def _name_around_en(scene: Scene, start: int, end: int) -> tuple[int, int]:
    """The whole name of which a known one is a part ("green tea", "stainless steel screws")."""
    text = scene.text
    before = _QUALIFIER_EN.search(text, 0, start)
    if before:
        words = before["own"].split(" ")[:-1]
        while words and words[0] in _no_part_en():
            words.pop(0)
        if not any(word in _no_part_en() for word in words):
            start -= sum(len(word) + 1 for word in words)
    return start, _end_en(scene, end)


def _end_en(scene: Scene, end: int) -> int:
    """Where the name ends, with up to two more words that belong to it."""
    stop = end
    for _ in range(2):
        word = _WORD_EN.match(scene.text, stop)
        if word is None or word[1] in _no_part_en() or not scene.free(*word.span()):
            break
        stop = word.end()
    return stop


@lru_cache(maxsize=1)
def _no_part_en() -> frozenset[str]:
    """Words of calls, which are no part of a name of goods."""
    return (of_calls_en() | _VERBS_EN) - _MATERIALS_EN


def find(scene: Scene) -> Iterator[Entity]:
    """English goods by name, and unknown ones by their place."""
    for start, end, good in named_en(scene.text):
        yield Entity(
            "goods", start, end, Article(good, bool(_DENIED_EN.search(scene.text[:start])))
        )
    for first, last, meant in named(scene.text, "en"):
        harmless = meant.dangerous and harmless_en(scene.text, first, last)
        start, end = _name_around_en(scene, first, last)
        name = scene.text[start:end]
        good = Good(name) if harmless else replace(meant, name=name)
        denied = bool(_DENIED_EN.search(scene.text[:first])) or taken_out_en(
            scene.text, first, last
        )
        yield Entity("goods", start, end, Article(good, denied))
    yield from _unknown(scene, _EN_OPEN)
