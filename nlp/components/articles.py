"""Finds goods. Values: `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from models.call import Lang
from nlp.answers import polarity
from nlp.components.hazards import harmless_en, harmless_whole, harmless_zh, named_en, named_zh
from nlp.components.quantities import PACKAGING
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import names
from nlp.gazetteer.goods import Good, goods
from nlp.gazetteer.words import of_calls_en, senseless
from nlp.normalize.numbers_en import NUMBER
from nlp.normalize.numbers_zh import DIGIT
from nlp.phonetics import Match, SoundIndex, distance, syllables


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
#: What may stand before a good and belongs to its name (儿童服装, 汽车轮胎).
_NO_QUALIFIER = (
    "的是了有发运送寄货批些箱桶件托袋个台吨斤包板卷套只双辆盒瓶，、和跟及我们要把装里一二三四五六七八九十百千万两点票到从给用"
    "种都就还嗯啊不没带无含着过去来走拉您你他好对请让\\dA-Za-z"
)
_QUALIFIER_ZH = re.compile(rf"(?:^|[{_NO_QUALIFIER}])(?P<own>[^{_NO_QUALIFIER}]{{1,4}})$")
#: What a name goes on with: the thing itself, of which the known word says the material or use.
_HEAD_ZH = re.compile(
    rf"(?:[^{_NO_QUALIFIER}]{{0,3}}?(?:配件|零件|部件|制品|用品|材料|设备|器材|器械|成品|半成品|原料|产品|样品|模具|模型|外壳|玩具|餐具|工具|刀具|家具|板材"
    rf"|[机器架座料件品板管圈灯瓶盒箱袋壳罩垫带片膜布线轮盘杯碗桶柜锅炉泵阀盖枪笔刷帽鞋衣裤裙巾毯灶卡锁环块粒粉丝网条棒杆])){{1,2}}(?=$|[，？。{_NO_QUALIFIER}])"
)
#: 家具城 is a place, 食品厂 a company.
_PLACE_AFTER = re.compile(
    r"(?:批发|专业|综合|交易)?(?:城|市场|厂|园|街|路|大厦|广场|店|中心|公司|集团|仓库|大道|基地|村|镇)"
)
_COUNTER = re.compile(rf"[{DIGIT}十百千半整][车柜票批台套种款条张块根份幅组对副把捆扎盆棵]")
_COUNTED = re.compile(rf"[{DIGIT}十百千半几]+[箱桶瓶罐件托袋盒批吨公斤包车票些]{{1,2}}的?$")
#: In 纸箱包装 no 箱包 is sent.
_PACKED_ZH = re.compile(rf"(?:{'|'.join(sorted(PACKAGING, key=len, reverse=True))})包?装")
_PHONE_ZH = re.compile(r"(?:号码?|是)?[，：]?(?:[零幺一二三四五六七八九\d]{3}|号)")
_LIMIT, _SHORT_LIMIT = 0.12, 0.0


_QUALIFIER_EN = re.compile(r"(?:^|(?<=[^a-z'-]))(?P<own>(?:[a-z'-]+ ){1,2})$")
_WORD_EN = re.compile(r" ([a-z'-]+)")
_MATERIALS_EN = frozenset(
    "steel plastic wooden cardboard paint battery lithium box bag case roll set gas air liquid stone bronze cotton pine card sand wind sheet sheets parts bean beans pens pins fans cans seeds seed tea can rubber".split()
)
_VERBS_EN = frozenset(
    "is are was be been a an the of in on at by as it its it's i i'm i'd i'll we we're we've we'll they're he she he's some of mostly mainly mainly only or if so but up out off then them wrapped packed loaded moved needed need urgently weigh weighs weighing going goes go come comes got get gets getting us me my mine containing contains contain including includes called named brand new used total totalling each every per plus via over around roughly nearly almost please thanks also too today's no not any don't doesn't isn't aren't without within inside different various several lots lot load loads batch consignment full half inch whose where while because since until asap quickly fast cheap big small heavy large light".split()
)


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
    for name in scene.expectation.vocabulary.goods:
        yield from _own(scene, name)
    for start, end, good in named_zh(text):
        yield Entity("goods", start, end, Article(good, bool(_DENIED_ZH.search(text[:start]))))
    packed = [m.span() for m in _PACKED_ZH.finditer(text)]
    for match in _pattern("zh").finditer(text):
        start, end = match.span()
        if end - start == 1 and not _whole_answer(scene, start, end):
            continue
        if (
            scene.slot == "pieces"
            and text[start] in "零"
            and re.match(f"[{DIGIT}]", text[max(0, start - 1) :])
        ):
            continue
        if scene.slot == "packaging" or (_PLACE_AFTER.match(text, end) and scene.slot != "goods"):
            continue
        if _PHONE_ZH.match(text, end) or any(a < start < b for a, b in packed):
            continue
        good = known[match.group()]
        if good.dangerous and harmless_zh(text, start, end):
            good = Good(good.name)
        denied = bool(_DENIED_ZH.search(text[:start]))
        begin, stop = _name_around(scene, start, end)
        heard = _heard_as(scene, begin, stop) if begin < start else None
        if heard:
            yield heard
            continue
        if good.dangerous and harmless_whole(text[start:end], text[end:stop]):
            good = Good(good.name)
        if (begin, stop) != (start, end):
            kept = good if good.dangerous else replace(good, asks=good.asks and stop == end)
            good = replace(kept, name=text[begin:stop])
        yield Entity("goods", begin, stop, Article(good, denied))


def _heard_as(scene: Scene, start: int, end: int) -> Entity | None:
    """A known name that sounds like all of this (礼电池 is 锂电池)."""
    for match in _by_sound().at(scene.sounds, start, _LIMIT):
        if match.end == end:
            denied = bool(_DENIED_ZH.search(scene.text[:start]))
            article = Article(match.entry, denied)
            return Entity("goods", start, end, article, 0.8 - match.distance, repaired=True)
    return None


def _whole_answer(scene: Scene, start: int, end: int) -> bool:
    """Whether one character (苯, 汞) answers the question for goods."""
    around = scene.text[max(0, start - 1) : start] + scene.text[end : end + 1]
    return (
        scene.slot in {"goods", "dangerous"} and re.fullmatch("[，是有的和、]*", around) is not None
    )


def _name_around(scene: Scene, start: int, end: int) -> tuple[int, int]:
    """The whole name of which a known one is a part (儿童服装, 橡胶密封圈)."""
    before = _QUALIFIER_ZH.search(scene.text, 0, start)
    if before and scene.free(*before.span("own")):
        start = before.start("own")
        if start and _COUNTER.match(scene.text, start - 1):
            start += 1
    after = _HEAD_ZH.match(scene.text, end)
    if after and scene.free(*after.span()):
        end = after.end()
    return start, end


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
            if length < 3 and not _short_meant(scene, match, asked=asked):
                continue
            heard = scene.text[start : match.end]
            if length < 3 and (polarity(heard, "zh") or heard in names().short):
                continue
            denied = bool(_DENIED_ZH.search(scene.text[:start]))
            yield Entity(
                "goods", start, match.end, Article(match.entry, denied), 0.8 - match.distance, True
            )
            break


def _short_meant(scene: Scene, match: Match[Good], *, asked: bool) -> bool:
    """Whether two characters are meant as goods: they make no other sense, or answer for them."""
    sense = not senseless(scene.text, match.start, match.end)
    around = (
        scene.text[max(0, match.start - 1) : match.start] + scene.text[match.end : match.end + 1]
    )
    apart = re.fullmatch(f"[？{_NO_QUALIFIER}]*", around) is not None
    if not sense and apart and scene.free(match.start, match.end):
        counted = _COUNTED.search(scene.text, 0, match.start) is not None
        exact = match.distance <= _SHORT_LIMIT
        return (
            match.entry.dangerous is None
            or (exact and (asked or counted))
            or scene.slot == "dangerous"
        )
    return asked and scene.slot != "open" and match.distance <= _SHORT_LIMIT


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


def find_en(scene: Scene) -> Iterator[Entity]:
    """English goods by name, and unknown ones by their place."""
    known = goods("en")
    for start, end, good in named_en(scene.text):
        yield Entity(
            "goods", start, end, Article(good, bool(_DENIED_EN.search(scene.text[:start])))
        )
    for match in _pattern("en").finditer(scene.text):
        good = known[match.group()]
        if good.dangerous and harmless_en(scene.text, match.start(), match.end()):
            good = Good(good.name)
        start, end = _name_around_en(scene, *match.span())
        good = replace(good, name=scene.text[start:end])
        denied = bool(_DENIED_EN.search(scene.text[:start]))
        yield Entity("goods", start, end, Article(good, denied))
    yield from _unknown(scene, _EN_OPEN)
