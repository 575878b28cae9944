"""Finds goods in Mandarin. Values: `Article`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from nlp.answers import polarity
from nlp.components.articles import Article, named
from nlp.components.hazards import harmless_whole, harmless_zh, named_zh, taken_out_zh
from nlp.components.quantities import PACKAGING
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import names
from nlp.gazetteer.goods import Good, goods
from nlp.gazetteer.words import is_word, senseless
from nlp.normalize.numbers_zh import DIGIT
from nlp.phonetics import Match, SoundIndex, distance, syllables

_DENIED_ZH = re.compile(
    r"(?:没有?|(?<![就可])不(?:带|含|是|包含|包括|存在|属于)|无(?!水|铅|烟|油|机|人|线)|不会有|没装|没带|非)(?:任何|什么|有|任何的)?"
    r"(?:(?![是而])[\u4e00-\u9fff、和或]){0,6}$"
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
_COUNTER = re.compile(rf"[{DIGIT}十百千半整][打车柜票批台套种款条张块根份幅组对副把捆扎盆棵]")
_COUNTED = re.compile(rf"[{DIGIT}十百千半几]+[箱桶瓶罐件托袋盒批吨公斤包车票些]{{1,2}}的?$")
#: In 纸箱包装 no 箱包 is sent.
_PACKED_ZH = re.compile(rf"(?:{'|'.join(sorted(PACKAGING, key=len, reverse=True))})包?装")
_PHONE_ZH = re.compile(r"(?:号码?|是)?[，：]?(?:[零幺一二三四五六七八九\d]{3}|号)")
_NUMERALS = re.compile(rf"[{DIGIT}十百千万亿半]+")
_LIMIT, _SHORT_LIMIT = 0.12, 0.0
#: Shorter names sound like too much else.
_WHOLE = 4


@lru_cache(maxsize=1)
def _by_sound() -> SoundIndex[Good]:
    return SoundIndex(
        ((n, g) for n, g in goods("zh").items() if len(n) > 1 and not re.search("[A-Za-z0-9]", n)),
        loose_from=4,
    )


def warm_up() -> None:
    """Builds the indexes."""
    _by_sound()


def find(scene: Scene) -> Iterator[Entity]:
    """Goods by their sound."""
    yield from _sounding(scene)


def find_named(scene: Scene) -> Iterator[Entity]:
    """The customer's own goods, and known goods by name."""
    text = scene.text
    for name in scene.expectation.vocabulary.goods:
        yield from _own(scene, name)
    for start, end, good in named_zh(text):
        yield Entity("goods", start, end, Article(good, bool(_DENIED_ZH.search(text[:start]))))
    packed = [m.span() for m in _PACKED_ZH.finditer(text)]
    for start, end, meant in named(text, "zh"):
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
        good = meant
        if good.dangerous and harmless_zh(text, start, end):
            good = Good(good.name)
        longer = _longer(scene, start, end)
        if longer:
            yield longer
            continue
        denied = bool(_DENIED_ZH.search(text[:start])) or taken_out_zh(text, start, end)
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


def _longer(scene: Scene, start: int, end: int) -> Entity | None:
    """A longer dangerous name by its sound that begins as this one (汽油法电机 is 汽油发电机)."""
    for match in _by_sound().at(scene.sounds, start, _LIMIT):
        heard = scene.text[start : match.end]
        if match.end <= end or len(heard) < _WHOLE or heard == match.entry.name:
            return None
        if is_word(scene.text[match.end - 1 : match.end + 1]):
            continue
        if match.entry.dangerous and not harmless_zh(scene.text, start, match.end):
            denied = bool(_DENIED_ZH.search(scene.text[:start]))
            article = Article(match.entry, denied)
            return Entity("goods", start, match.end, article, 0.8 - match.distance, repaired=True)
    return None


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
            if _NUMERALS.fullmatch(heard):
                continue  # 五万 is no 戊烷
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
