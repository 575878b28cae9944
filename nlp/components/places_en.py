"""Finds places in lower-case English text. Values: `Place`."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache

from rapidfuzz import fuzz, process

from nlp.components.places import Place
from nlp.components.scene import Entity, Scene
from nlp.components.streets_en import DETAIL, STREET, street, street_around
from nlp.gazetteer.areas import Area, areas, by_rank, own_name, short
from nlp.normalize.numbers_en import NUMBER
from nlp.readings import syllables
from nlp.romanised import apart, sounded

_LINKING = r"(?:from|to|in|at|is|the|and|of|it's)\b"
_UNKNOWN_NAME = re.compile(
    rf"(?:^|\b(?:from|to|in|at|is)\s+|,\s*|\b{STREET},?\s+)"
    rf"(?P<name>(?!{_LINKING})[a-z']{{3,}}(?: (?!{_LINKING})[a-z']+)?)[, ]+$"
)
#: Mean cost of a sound up to which a name is taken for a district of the city.
_DISTRICT_LIMIT = 0.3


#: What places that are no divisions end in, and what that is called.
_SPOTS = (
    ("工业园区", "industrial park"), ("工业园", "industrial park"), ("机场", "airport"), ("湖", "lake"),
    ("港", "port"), ("新区", "new area"), ("航空港", "airport zone"), ("商品城", "market"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _names() -> tuple[dict[str, tuple[Area, ...]], int]:
    """Romanised names to areas, with and without the kind of division."""
    found: dict[str, list[Area]] = defaultdict(list)
    for area in areas():
        plain = "".join(syllables(short(own_name(area))))
        found[plain].append(area)
        whole = own_name(area)
        for ending, english in _SPOTS if area.spot else ():
            if whole.endswith(ending):
                stem = "".join(syllables(whole.removesuffix(ending)))
                found[f"{stem} {english}"].append(area)
        if whole.endswith("新区"):
            found[f"{plain} new area"].append(area)
            found[f"{plain} new district"].append(area)
        if whole.endswith("区"):
            found[f"{plain} district"].append(area)
    for name, usual in (
        ("chaoyang", "zhaoyang"),
        ("chaoyang district", "zhaoyang district"),
        ("panyu", "fanyu"),
        ("panyu district", "fanyu district"),
        ("minhang", "minxing"),
        ("minhang district", "minxing district"),
        ("xi'an", "xian"),
        ("hong kong", "xianggang"),
        ("macau", "aomen"),
        ("inner mongolia", "neimenggu"),
        ("tibet", "xizang"),
        ("harbin", "haerbin"),
        ("urumqi", "wulumuqi"),
        ("hohhot", "huhehaote"),
        ("lhasa", "lasa"),
        ("shaanxi", "shanxi"),
    ):
        found[name] = [*found.get(usual, []), *found.get(name, [])]
    return {n: tuple(sorted(a, key=by_rank)) for n, a in found.items()}, 4


def place_names() -> Collection[str]:
    """The romanised names of all divisions, in lower case."""
    return _names()[0].keys()


def warm_up() -> None:
    """Builds the index of romanised names."""
    _districts()


_WORDS = re.compile(r"[a-z']+")
_COMMON = frozenset("an he she to in an long can sun man fan dan ban pan min lin gang bin".split())


def find(scene: Scene) -> Iterator[Entity]:
    """Divisions in either order ("Pudong, Shanghai"), with the street before or after."""
    known, longest = _names()
    words = list(_WORDS.finditer(scene.text))
    index = 0
    while index < len(words):
        hit = _name_at(scene, words, index, known, longest)
        if hit is None:
            index += 1
            continue
        count, found = hit
        start, end = words[index].start(), words[index + count - 1].end()
        said = scene.text[start:end]
        index += count
        while (
            index < len(words)
            and re.fullmatch(
                r"[\s,]*(?:in |city,? |province,? )?", scene.text[end : words[index].start()]
            )
            is not None
        ):
            skip = (
                1
                if words[index].group() in {"in", "city", "province"} and index + 1 < len(words)
                else 0
            )
            hit = _name_at(scene, words, index + skip, known, longest, chained=True)
            joined = _joined(found, hit[1]) if hit else ()
            if not hit or not joined:
                break
            found, count = joined, hit[0]
            end = words[index + skip + count - 1].end()
            index += skip + count
        start, narrower, sure = _district_before(scene, start, found)
        start, end, detail = street_around(scene.text, start, end)
        if len(found) and scene.free(start, end):
            place = Place(narrower or found, detail or _spot(found, said))
            yield Entity("place", start, end, place, sure, narrower != ())
    if scene.slot.split(".")[0] in {"origin", "destination"}:
        match = DETAIL.search(scene.text)
        if match and scene.free(*match.span()):
            yield Entity("place", *match.span(), Place((), street(match)), 0.9)


def _spot(found: Sequence[Area], said: str) -> str | None:
    """The well-known place in a division, as it was called."""
    return said.title() if found[0].spot else None


def _name_at(
    scene: Scene,
    words: Sequence[re.Match[str]],
    index: int,
    known: dict[str, tuple[Area, ...]],
    longest: int,
    *,
    chained: bool = False,
) -> tuple[int, tuple[Area, ...]] | None:
    for count in range(longest, 0, -1):
        if index + count > len(words):
            continue
        span = words[index : index + count]
        said = scene.text[span[0].start() : span[-1].end()]
        found = (
            known.get(said) or known.get(said.replace(" ", "").replace("'", ""))
            if said not in _COMMON
            else None
        )
        if (
            not found
            and count == 1
            and len(said) > 5
            and (chained or _expected(scene, span[0].start()))
        ):
            near = process.extractOne(said, known.keys(), scorer=fuzz.ratio, score_cutoff=88)
            found = known[near[0]] if near else None
        if not found or _names_a_street(scene.text, span[0].start(), span[-1].end()):
            continue
        if found[0].level > 1 and not (
            chained or "district" in said or _expected(scene, span[0].start())
        ):
            continue
        if not found[0].large and not (chained or _expected(scene, span[0].start())):
            continue
        return count, found
    return None


def _names_a_street(text: str, start: int, end: int) -> bool:
    """Whether a place's name is (part of) a street's: "Beijing Road", "93 Jian Guo Road"."""
    numbered = re.search(rf"(?:\d[a-z]?|\b{NUMBER})\s+$", text[:start])
    more = r"(?: [a-z']+)?" if numbered else ""
    return re.match(rf"{more} {STREET}\b", text[end:]) is not None


def _expected(scene: Scene, start: int) -> bool:
    before = scene.text[max(0, start - 24) : start]
    return scene.slot.split(".")[0] in {"origin", "destination"} or bool(
        re.search(
            r"\b(?:from|to|in|at|for|is|deliver|road|street|avenue|lane|drive|boulevard|park|building|zone|address|via|near|district|it's|not)[\s,]*(?:\w+ )?$",
            before,
        )
    )


def _district_before(
    scene: Scene, start: int, found: Sequence[Area]
) -> tuple[int, tuple[Area, ...], float]:
    """Where a city's district begins that stands before it under an unknown spelling ("Kaying,
    Beijing"), the district, and how sure it is."""
    words = _UNKNOWN_NAME.search(scene.text[:start])
    if words is None or not scene.free(words.start("name"), start):
        return start, (), 1.0
    if not found or found[0].level > 2:
        return start, (), 1.0
    heard = sounded(words["name"])
    near = min(
        ((apart(heard, sounded(name)), area) for name, area in _districts().get(found[0], ())),
        key=lambda scored: scored[0],
        default=None,
    )
    if near is None or near[0] > _DISTRICT_LIMIT * len(heard):
        return start, (), 1.0
    return words.start("name"), (near[1],), 1 - near[0] / len(heard)


@lru_cache(maxsize=1)
def _districts() -> dict[Area, list[tuple[str, Area]]]:
    """Names of the districts of each province and city."""
    found: dict[Area, list[tuple[str, Area]]] = defaultdict(list)
    for name, group in _names()[0].items():
        for area in group:
            if area.district:
                for whole in {Area(area.province), Area(area.province, area.city), area}:
                    found[whole].append((name, area))
    return found


def _joined(one: Sequence[Area], other: Sequence[Area]) -> tuple[Area, ...]:
    """The narrower areas of two names that lie within the wider ones."""
    down = tuple(a for a in other if any(a.within(b) and a != b for b in one))
    up = tuple(a for a in one if any(a.within(b) for b in other))
    return down or up
