"""Finds places in Mandarin: divisions, abbreviations, street detail. Values: `Place`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import Area, names
from nlp.gazetteer.words import ordinary, senseless
from nlp.normalize.numbers_zh import DIGIT, NUMBER, arabic
from nlp.phonetics import SoundIndex, blurred


@dataclass(frozen=True, slots=True)
class Place:
    """A place as far as it is said.

    Attributes:
        areas: the divisions it may be in, likeliest first; empty for a bare street.
        detail: street and number with Arabic digits.
    """

    areas: tuple[Area, ...]
    detail: str | None = None


_STREET = (
    "大道|大街|公路|马路|街道|胡同|路|街(?!道)|巷|弄|里弄|工业园区|工业园|产业园|科技园|物流园|创业园|软件园|"
    "生态园|高科技园区|园区|开发区|保税区|高新区|工业区|社区|小区|花园|公寓|大厦|广场|写字楼|中心|商场|"
    "市场|城(?![区市东西南北中门镇])|奥特莱斯|批发城|仓库|仓储|厂区|工厂|电子厂|厂房|厂|基地|码头|港区|机场|火车站|货运站|高铁站|车站|物流|医院|大学|"
    "学校|中学|小学|酒店|镇|乡|村|苑|大楼|科技城|桥头|路口"
)
_NUMBERED = "号院|号楼|号门|号仓库|号仓|号库|号厂房|号|弄|栋|幢|座|楼|层|室|单元|库|门|区|期|支弄|支路|组|队"
_STOP = (
    "[，？的是]|发到|发往|运到|送到|送往|寄到|到(?!达)|收货|收件|发货|提货|取货|联系|电话|手机|一共|总共|共|"
    "明天|今天|后天|上午|下午|重|货物|品名|然后|我|你|请|姓|叫|给|交给|装|拉|送|寄|[一二两三四五六七八九十百\\d]+[件箱托桶吨]"
)
_NAME = rf"(?:(?!{_STOP})[\u4e00-\u9fffA-Za-z0-9]){{1,12}}?"
_DOOR = rf"(?:[东西南北中]?[A-Za-z]?{NUMBER}(?:[-之]{NUMBER})?(?:{_NUMBERED})|[A-Za-z](?:座|栋|区|号楼|楼)|(?![{DIGIT}十百千]*万){NUMBER}$|[{DIGIT}]{{3,4}}(?![{DIGIT}十百千件箱托桶吨公斤]))"
_BRANCH = r"(?:[东西南北中一二三四五六七八九]+[路段街]|第[一二三四五六七八九十]+大街)"
DETAIL = re.compile(
    rf"(?!公路|铁路|陆路)(?:(?:{_NAME}(?:{_STREET})(?!发|收|人|货)){_BRANCH}?(?:{_DOOR})*)(?:(?:{_NAME}(?:{_STREET})){_BRANCH}?(?:{_DOOR})*)*|(?:{_DOOR})+"
)
_PART = re.compile(r"(?:的|省|市|，(?=[\u4e00-\u9fff]{1,6}[区县市]))?")
_NOT_A_PLACE = re.compile(r"[东西南北中]?[一二三四五六七八九\d]{0,2}(?:路|街|大道|大街|公路|巷|弄)")
_COMPANY = re.compile(r"[\u4e00-\u9fff]{0,8}(?:有限公司|公司|集团|银行)")
_HINT_BEFORE = re.compile(
    r"(?:从|由|在|到|至|往|去|发|送|寄|运|来|地址|地点|地|点|站|是|：|，(?:到|发))$"
)
_HINT_AFTER = re.compile(
    r"(?:提货|取货|装货|发货|发出|出发|起运|拿货|收货?|卸货|那边|这边|仓|发|到|运到|寄)"
)
#: The word for where it goes, before a city that was not understood.
_AFAR = re.compile(r"(?:从|由|到|往|去|发|送|寄|运|在)[\u4e00-\u9fff]{1,3}$")
_EXACT, _NEAR, _LOOSE = 0.06, 0.12, 0.2
_SHORT = 2


@lru_cache(maxsize=1)
def _by_sound() -> tuple[SoundIndex[tuple[Area, ...]], SoundIndex[tuple[Area, ...]]]:
    """Official names of three characters and more; short names of cities and provinces."""
    known = names()
    official = SoundIndex((n, a) for n, a in known.official.items() if len(n) > _SHORT)
    brief = SoundIndex(
        ((n, a) for n, a in known.short.items() if a[0].level < 2 or a[0].spot), loose_from=4
    )
    return official, brief


def warm_up() -> None:
    """Builds the indexes."""
    _by_sound()
    _parts()


def find(scene: Scene) -> Iterator[Entity]:
    """Places, each with the divisions said one after another and the detail that follows."""
    yield from _chains(scene, _first)
    yield from _chains(scene, _first_by_sound)
    yield from _bare_details(scene)


def _chains(scene: Scene, first: Callable[[Scene, int], _Step | None]) -> Iterator[Entity]:
    """Chains whose first name `first` finds, left to right."""
    position = 0
    while position < len(scene.text):
        chain = _chain(scene, position, first) if scene.free(position, position + 1) else None
        found = _with_detail(scene, chain) if chain else None
        if found is None or not scene.free(found.start, found.end):
            position += 1
            continue
        yield found
        position = found.end


@dataclass(frozen=True, slots=True)
class _Step:
    """One name in a chain of divisions."""

    end: int
    areas: tuple[Area, ...]
    distance: float = 0.0


def _chain(
    scene: Scene, start: int, find_first: Callable[[Scene, int], _Step | None]
) -> Entity | None:
    """The divisions that begin here, each within the one before."""
    first = find_first(scene, start)
    if first is None:
        return None
    steps = [first]
    while True:
        gap = _PART.match(scene.text, steps[-1].end)
        position = gap.end() if gap else steps[-1].end
        following = _next(scene, position, steps[-1].areas)
        if following is None:
            following = _next(scene, steps[-1].end, steps[-1].areas)
        if following is None:
            break
        steps.append(following)
    distance = max(step.distance for step in steps)
    return Entity(
        "place", start, steps[-1].end, Place(steps[-1].areas), 1.0 - distance, distance > 0
    )


def _first(scene: Scene, start: int) -> _Step | None:
    known = names()
    text = scene.text
    for length in range(min(known.longest, len(text) - start), 1, -1):
        said = text[start : start + length]
        end = start + length
        if said in known.official and (length > _SHORT or _asked(scene, start, end)):
            return _Step(end, known.official[said])
        if said in known.short and _plausible(scene, start, end, known.short[said]):
            return _Step(end, known.short[said])
    return None


def _plausible(scene: Scene, start: int, end: int, found: Sequence[Area]) -> bool:
    """Whether a short name is meant as the place: not the street or company named after it."""
    text = scene.text
    if _NOT_A_PLACE.match(text, end) or _COMPANY.match(text, end):
        return False
    if text[end - 1] == "开" and text.startswith("发", end):
        return False  # 东南开发区 holds no 南开.
    if found[0].level < 2 and not found[0].spot and found[0].large:
        return True
    if _next(scene, end, found):
        return True
    if len(found) == 1 and text[start:end] not in ordinary() and _AFAR.search(text[:start]):
        return True
    return _asked(scene, start, end)


def _asked(scene: Scene, start: int, end: int) -> bool:
    """Whether the words around, or the question, make a place likely here."""
    text = scene.text
    if _HINT_BEFORE.search(text[:start]) or _HINT_AFTER.match(text, end):
        return True
    return scene.slot.split(".")[0] in {"origin", "destination"} and start < 3


def _first_by_sound(scene: Scene, start: int) -> _Step | None:
    official, brief = _by_sound()
    for match in official.at(scene.sounds, start, _LOOSE):
        if _worth(scene, match.start, match.end, match.distance):
            return _Step(match.end, match.entry, max(match.distance, _EXACT) * 2)
    for match in brief.at(scene.sounds, start, _NEAR):
        if match.distance > _EXACT and not senseless(scene.text, match.start, match.end):
            continue
        if _asked(scene, match.start, match.end) and _plausible(
            scene, match.start, match.end, match.entry
        ):
            return _Step(match.end, match.entry, 0.25)
    return None


def _worth(scene: Scene, start: int, end: int, distance: float) -> bool:
    """Long names may stand anywhere; short ones need a hint."""
    if not scene.free(start, end):
        return False
    ends_like_one = scene.text[end - 1] in "区县市省州"
    if end - start > 3:
        return ends_like_one or _asked(scene, start, end)
    return (ends_like_one and distance <= 0.12) or (_asked(scene, start, end) and distance <= 0.12)


def _next(scene: Scene, start: int, parents: Sequence[Area]) -> _Step | None:
    """A name here that is within one of `parents`."""
    known = names()
    text = scene.text
    for length in range(min(known.longest, len(text) - start), 1, -1):
        said = text[start : start + length]
        for table in (known.official, known.short):
            inner = _inside(table.get(said, ()), parents)
            street = table is known.short and _NOT_A_PLACE.match(text, start + length)
            if inner and not street:
                return _Step(start + length, inner)
    return _next_by_sound(scene, start, parents)


def _next_by_sound(scene: Scene, start: int, parents: Sequence[Area]) -> _Step | None:
    if not scene.free(start, start + 1):
        return None
    children = _children(tuple(parents))
    for match in children.at(scene.sounds, start, _LOOSE + 0.05):
        short = match.end - match.start <= _SHORT
        near = match.distance <= _EXACT or (
            match.distance <= _NEAR and senseless(scene.text, match.start, match.end)
        )
        if not short or (near and not _NOT_A_PLACE.match(scene.text, match.end)):
            return _Step(match.end, match.entry, max(match.distance, _EXACT) * 1.5)
    return None


@lru_cache(maxsize=1)
def _parts() -> dict[Area, list[tuple[str, Area]]]:
    """Names of what lies in each province and city."""
    found: dict[Area, list[tuple[str, Area]]] = defaultdict(list)
    known = names()
    for table in (known.official, known.short):
        for name, same in table.items():
            for area in same:
                for parent in {Area(area.province), Area(area.province, area.city)} - {area}:
                    found[parent].append((name, area))
    return found


@lru_cache(maxsize=512)
def _children(parents: tuple[Area, ...]) -> SoundIndex[tuple[Area, ...]]:
    """Names within the parents, by sound."""
    entries = ((n, (a,)) for parent in parents for n, a in _parts().get(parent, ()))
    return SoundIndex(entries, loose_from=3)


def _inside(found: Sequence[Area], parents: Sequence[Area]) -> tuple[Area, ...]:
    return tuple(area for area in found if any(area.within(p) and area != p for p in parents))


def _with_detail(scene: Scene, chain: Entity) -> Entity | None:
    place = chain.value
    if not isinstance(place, Place):
        return None
    start = chain.end
    gap = _GAP.match(scene.text, start)
    after = gap.end() if gap else start
    match = DETAIL.match(scene.text, after)
    spot = place.areas[0].spot
    hub = _HUB.match(scene.text, start)
    if hub and not spot:
        name = _last_name(scene.text[chain.start : start])
        end = match.end() if match and match.start() == start else hub.end()
        place = Place(place.areas, name + arabic(scene.text[start:end]))
        return replace(chain, end=end, value=place)
    if match is None:
        return replace(chain, value=Place(place.areas, spot))
    detail = arabic(match.group())
    if spot and (_PARK.match(detail) or not _ROAD_NEXT.match(detail)):
        detail = spot + detail
    return replace(chain, end=match.end(), value=Place(place.areas, detail))


_GAP = re.compile(r"[的，]?")
_ROAD_NEXT = re.compile(r"(?!镇|街道|乡).{1,8}?(?:路|街|大道|弄|巷)")
_PARK = re.compile(r"[^路街道巷弄\d]{0,6}?(?:园区|开发区|工业园|产业园|科技园|保税区|新区|大学城)")
#: Airports and stations are named after the place before them.
_HUB = re.compile(
    r"(?:国际)?机场|火车[东西南北]?站|高铁站|汽车站|客运站|货运站|[东西南北]站|站(?![点在])|港(?![口区湾]?到)|码头"
)


def _last_name(said: str) -> str:
    """The last place's name of a chain (萧山 of 杭州萧山)."""
    known = names()
    for length in range(2, len(said) + 1):
        if said[-length:] in known.short or said[-length:] in known.official:
            return said[-length:]
    return said


_LEADS = r"从|在|到|发往|送往|寄往|送到|(?:地址|地点|路名)[，]?是?|发到|运到|寄到"

_ADDRESS = ("di", "zi")


def _bare_details(scene: Scene) -> Iterator[Entity]:
    """Streets without a division, where a place is asked for or a cue stands before."""
    checked = [name for name in scene.expectation.readback if name.endswith(".detail")]
    alone = checked and len(scene.expectation.readback) == 1
    asked = alone or scene.slot.split(".")[0] in {"origin", "destination"}
    pattern = rf"(?:{_LEADS})|^|(?<=[，对错了])(?:应该)?是" if asked else _LEADS
    leads = [hint.end() for hint in re.finditer(pattern, scene.text)]
    if asked and tuple(map(blurred, scene.sounds[:2])) == _ADDRESS:
        # 地址 heard as 弟子: what follows is the street.
        leads.insert(0, 3 if scene.text[2:3] == "是" else 2)
    for lead in leads:
        match = DETAIL.match(scene.text, lead)
        if match and scene.free(*match.span()) and re.search(_STREET, match.group()):
            yield Entity("place", *match.span(), Place((), arabic(match.group())), 0.9)


def chosen(areas: Sequence[Area], hints: Sequence[str]) -> tuple[Area, ...]:
    """The areas that agree with known names (a city already taken down), or all of them."""
    fitting = tuple(a for a in areas if any(h in {a.city, a.district, a.province} for h in hints))
    return fitting or tuple(areas)
