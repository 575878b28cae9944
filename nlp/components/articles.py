"""Finds goods. Values: `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from models.call import Lang
from nlp.answers import polarity
from nlp.components.quantities import PACKAGING
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import names
from nlp.gazetteer.goods import Good, goods
from nlp.normalize.numbers_en import NUMBER
from nlp.phonetics import SoundIndex, distance, syllables


@dataclass(frozen=True, slots=True)
class Article:
    """A good in an utterance. `denied`: the caller says that it is not in the shipment."""

    good: Good
    denied: bool = False


_DENIED_ZH = re.compile(
    r"(?:没有?|不(?:带|含|是|包含|包括|存在|属于)|无|不会有|没装|没带|非)(?:任何|什么|有|任何的)?"
    r"(?:(?![是而])[\u4e00-\u9fff、和或]){0,6}$"
)
_DENIED_EN = re.compile(r"(?:\bno|\bnot|without|n't|\bnor|\bany)\b(?: \w+){0,3} $")
#: Words in which a dangerous name means something harmless.
_HARMLESS_ZH = re.compile(
    r"(?:架|盒|壳|支架|座|柜|机|笔|贴|桶|刷|罐体|包装盒|收纳盒|空瓶|瓶盖|仓|检测仪|表|阀|管|线|充电器|回收箱|瓶(?=子)|面板|纸|套|笼)(?!.{0,2}电池)"
)
_HARMLESS_EN = re.compile(
    r" (?:holders?|cases?|racks?|brush(?:es)?|covers?|testers?|bottles? empty|cabinets?|valves?|stands?|rollers?|pens?|caps)\b"
)
_SAFE_ZH = re.compile(
    r"水性(?:漆|涂料|油漆|油墨|胶)|空(?:的)?(?:气瓶|油桶|桶|瓶)|(?:漆|涂料|油漆)桶空|啤酒|葡萄酒|红酒"
)
_NOT_GOODS = re.compile(
    r"^(?:货物?|东西|货|上海|北京|什么|这个|那个|一共|总共|的|是|我|公斤|发|到|从|没有|不|对|好|左右|电话|先生)|公斤|吨|(?:市|区|省|县|路|号)$|先生|女士|地址"
)
_EN_OPEN = re.compile(
    r"(?:(?:pallets?|cartons?|boxes|cases|drums?|crates?|bags?|sacks?|rolls?|pieces|packages|bundles|barrels|units|sets|tons?|tonnes|kilos|kg|kilograms|pounds|bales|skids|totes) of|"
    r"(?:goods|cargo|commodity|contents?|product|shipment) (?:is|are|would be|will be)|(?:ship|shipping|send|sending|move|it's|they're|they are|it is)(?: some| a load of| a batch of)?) "
    r"(?P<name>(?!(?:"
    + NUMBER
    + r")\b)(?!from|to|by|on|in|the|my|our|a |about|not|no |for|tomorrow|today|at|this|that|it\b|them|and\b|packed|packaged|wrapped|spel(?:t|led)|wrong|right|correct|ready|urgent|\d)[a-z][a-z'-]*(?: (?!from|to|by|on|in|and|at|for|with|each|weighing|total|going|tomorrow|today|please|packed|of|about|is|are|next)[a-z'-]+){0,2})"
)
#: What may stand before a good and belongs to its name (儿童服装, 汽车轮胎).
_NO_QUALIFIER = (
    "的是了有发运送寄货批些箱桶件托袋个台吨斤包板卷套只双辆盒瓶，、和跟及我们要把装里一二三四五六七八九十百千万两点票到从给用"
    "种都就还嗯啊不没带无含着过去来走拉您你他好对请让\\dA-Za-z"
)
_QUALIFIER_ZH = re.compile(rf"[^{_NO_QUALIFIER}]{{2,4}}$")
#: In 纸箱包装 no 箱包 is sent.
_PACKED_ZH = re.compile(rf"(?:{'|'.join(sorted(PACKAGING, key=len, reverse=True))})包?装")
_PHONE_ZH = re.compile(r"(?:号码?|是)?[，：]?(?:[零幺一二三四五六七八九\d]{3}|号)")
_LIMIT, _SHORT_LIMIT = 0.12, 0.0


@lru_cache(maxsize=1)
def _by_sound() -> SoundIndex[Good]:
    return SoundIndex(
        ((n, g) for n, g in goods("zh").items() if len(n) > 1 and not re.search("[A-Za-z0-9]", n)),
        loose_from=4,
    )


@lru_cache(maxsize=2)
def _pattern(lang: Lang) -> re.Pattern[str]:
    ordered = sorted(goods(lang), key=len, reverse=True)
    edge = r"\b" if lang == "en" else ""
    return re.compile(edge + "(?:" + "|".join(map(re.escape, ordered)) + ")" + edge)


def warm_up() -> None:
    """Builds the indexes."""
    _by_sound()
    _pattern("zh")
    _pattern("en")


def find_zh(scene: Scene) -> Iterator[Entity]:
    """Goods by their sound."""
    yield from _sounding(scene)


def find_named_zh(scene: Scene) -> Iterator[Entity]:
    """The customer's own goods, and known goods by name."""
    text = scene.text
    known = goods("zh")
    safe = [m.span() for m in _SAFE_ZH.finditer(text)]
    packed = [m.span() for m in _PACKED_ZH.finditer(text)]
    for name in scene.expectation.vocabulary.goods:
        yield from _own(scene, name)
    for match in _pattern("zh").finditer(text):
        good = known[match.group()]
        if len(match.group()) == 1 and scene.slot not in {"goods", "dangerous"}:
            continue
        harmless = good.dangerous is not None and (
            _HARMLESS_ZH.match(text, match.end()) or any(a <= match.start() < b for a, b in safe)
        )
        denied = bool(_DENIED_ZH.search(text[: match.start()]))
        start, end = match.span()
        if _PHONE_ZH.match(text, end) or any(a < start < b for a, b in packed):
            continue
        added = _HARMLESS_ZH.match(text, end) if good.asks else None
        if added:
            end, good = added.end(), Good(text[start : added.end()])
        before = _QUALIFIER_ZH.search(text[:start])
        if before and scene.free(*before.span()):
            start = before.start()
            good = replace(good, name=text[start:end])
        if harmless:
            good = Good(good.name)
        yield Entity("goods", start, end, Article(good, denied))


def _own(scene: Scene, name: str) -> Iterator[Entity]:
    sounds = syllables(name)
    known = goods("zh").get(name, Good(name))
    for start in range(len(scene.text) - len(name) + 1):
        end = start + len(name)
        apart = distance(scene.sounds[start:end], sounds)
        if apart <= _LIMIT:
            yield Entity("goods", start, end, Article(known), 1 - apart, apart > 0)
            return


def _sounding(scene: Scene) -> Iterator[Entity]:
    index = _by_sound()
    asked = scene.slot in {"goods", "dangerous", "open"}
    for start in range(len(scene.text)):
        for match in index.at(scene.sounds, start, _LIMIT):
            length = match.end - match.start
            if length < 3 and not (asked and match.distance <= _SHORT_LIMIT):
                continue
            if length < 3 and scene.slot == "open":
                continue
            heard = scene.text[start : match.end]
            if length < 3 and (polarity(heard, "zh") or heard in names().short):
                continue
            denied = bool(_DENIED_ZH.search(scene.text[:start]))
            yield Entity(
                "goods", start, match.end, Article(match.entry, denied), 0.8 - match.distance, True
            )
            break


def _unknown(scene: Scene, pattern: re.Pattern[str]) -> Iterator[Entity]:
    for match in pattern.finditer(scene.text):
        name = match["name"].strip()
        if _NOT_GOODS.search(name) is None:
            yield Entity("goods", *match.span("name"), Article(Good(name)), 0.7)


def _qualified_en(text: str, start: int, name: str) -> int:
    """Where the name begins with its qualifier ("green tea"), after "of", "is" and the like."""
    open_name = next((m for m in _EN_OPEN.finditer(text) if m.start("name") < start), None)
    if open_name and open_name.end("name") >= start + len(name):
        return open_name.start("name")
    return start


def find_en(scene: Scene) -> Iterator[Entity]:
    """English goods by name, and unknown ones by their place."""
    known = goods("en")
    for match in _pattern("en").finditer(scene.text):
        good = known[match.group()]
        if good.dangerous and _HARMLESS_EN.match(scene.text, match.end()):
            good = Good(good.name)
        start = _qualified_en(scene.text, match.start(), match.group())
        good = replace(good, name=scene.text[start : match.end()])
        denied = bool(_DENIED_EN.search(scene.text[:start]))
        yield Entity("goods", start, match.end(), Article(good, denied))
    yield from _unknown(scene, _EN_OPEN)
