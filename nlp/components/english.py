"""Finds persons, quantities and places in lower-case English text.

Values are those of the Mandarin components: `Quantity`, `Place`, names as text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from math import prod

from rapidfuzz import fuzz, process

from nlp.components.choices import plural
from nlp.components.letters import Spelled, spelled_words
from nlp.components.places import Place
from nlp.components.quantities import Quantity, summed
from nlp.components.scene import Entity, Scene
from nlp.gazetteer.areas import Area, areas, by_rank, own_name, short
from nlp.normalize.numbers_en import NUMBER, digits, number
from nlp.normalize.units import LENGTH, VOLUME, WEIGHT, alternatives, tidy_amount
from nlp.readings import syllables
from nlp.romanised import apart, sounded

_W, _V, _L = alternatives(WEIGHT), alternatives(VOLUME), alternatives(LENGTH)
_PACK = (
    "wooden crate|wooden case|wooden box|wooden pallet|plastic drum|steel drum|cardboard box|"
    "jumbo bag|cylinder|bundle|pallet|carton|crate|drum|barrel|sack|bag|roll|box|case|skid|tote|bale|"
    "coil|tub|pail|bucket|can|keg"
)
_COUNT = "piece|pcs|package|unit|item|set|parcel|machine|pack"
_EACH_BEFORE = r"(?P<each>\b(?:each|every|per)(?: (?:\w+ )??(?:one|pallet|box|carton|drum|crate|bag|piece|package|case|roll|unit|barrel)s?)?(?: (?:one )?(?:is|weighs?|weighing|has|of|at|about|around))*\s+)?"
_EACH_AFTER = r"(?P<after>\s*(?:each|apiece|per \w+|a (?:piece|pallet|box|carton|drum|crate|bag|case|roll|barrel)))?"
_WEIGHT = re.compile(
    rf"{_EACH_BEFORE}\b(?P<n>{NUMBER}|an?(?= (?:\w+ )?(?:{_W})))(?:\s+of)?(?:\s+an?\b)?(?:\s*-)?\s*(?P<unit>{_W})(?P<half>\s+and a half)?\b{_EACH_AFTER}"
)
_VOLUME = re.compile(
    rf"{_EACH_BEFORE}\b(?P<n>{NUMBER}|an?(?= (?:{_V})))(?:\s+of)?(?:\s+an?)?\s*(?P<unit>{_V})(?P<half>\s+and a half)?\b{_EACH_AFTER}"
)
_PIECES = re.compile(
    rf"\b(?P<n>{NUMBER})\s+(?:\w+ )??(?:(?P<pack>{_PACK})(?:e?s)?|(?P<count>{_COUNT})s?)\b"
)
_SIDE = rf"(?:{NUMBER})(?:\s*(?:{_L}))?"
_WAY = r"(?:in )?(?:long|wide|high|tall|deep|length|width|height)"
_BY = rf"(?:\s*(?:by|x|×|\*|times)\s*|\s*{_WAY}[, ]*(?:by |and )*)"
_DIMS = re.compile(
    rf"(?P<each>each (?:\w+ )?(?:is |measures )?)?(?P<a>{_SIDE}){_BY}(?P<b>{_SIDE}){_BY}(?P<c>{_SIDE})\s*(?P<unit>{_L})?"
)
_MONEY = re.compile(
    rf"\b(?P<n>{NUMBER})\s*(?:yuan|rmb|cny|renminbi|kuai)\b|(?:rmb|cny|¥)\s*(?P<m>\d[\d.]*)"
)
_NUMBER = re.compile(rf"\b{NUMBER}")

_TITLES = frozenset("mr mr. mrs mrs. ms ms. miss dr dr.".split())
_NOT_NAME = (
    r"(?:and|at|his|her|their|the|phone|number|is|are|on|in|from|to|mobile|with|for|of|a|an|we|i|it|my|our|"
    r"please|tel|telephone|contact|address|pick|deliver|will|call|thanks|also|not|no|yes|correct|here|one|two|three|four|five|six|"
    r"seven|eight|nine|zero|double|triple|oh|calling|someone|somebody|anyone|anybody|you|them|him|me|us|him|her|a|back|same|current|afraid|glad|happy|done|interested|unable|able|just|still|very|so|really|only|based|located|trying|having|before|agent|operator|manager|customer|speaking|that|this|company|spelled|spelt|wrong|should|name|but|going|looking|shipping|sending|ready|sorry|sure)\b"
)
_NAME = rf"(?P<name>(?:mr\.? |ms\.? |mrs\.? |miss |dr\.? )?(?!{_NOT_NAME})[a-z][a-z'-]+(?: (?!{_NOT_NAME})[a-z][a-z'-]+){{0,2}})"
_PERSON = re.compile(
    rf"(?:(?:consignee|receiver|recipient|addressee|shipper|sender|consignor|contact(?: person)?|contact name|name)(?:'s name| name)?(?: is| should be| to| will be|:|,)?(?: called| named)?|attention(?: of)?|attn\.?|ask for|my name is|my name's|this is|i'm|i am|care of|to the attention of|speak to|name is|his name is|her name is|call(?:ed)?)\s+{_NAME}"
)
_TITLED = re.compile(
    r"\b(?P<name>(?:mr|ms|mrs|miss|dr)\.? [a-z][a-z'-]+(?: (?!and\b|at\b|on\b|is\b|in\b|his\b|her\b|from\b|to\b|phone\b|will\b|number\b)[a-z][a-z'-]+)?)"
)
_COMPANY = re.compile(
    r"(?:this is|we are|we're|i'm (?:calling )?from|i am (?:calling )?from|calling from|company (?:name )?is|from|on behalf of|for) (?P<name>(?:(?!(?:from|at|with|calling|and|to|in)\b)[a-z&'-]+ ){1,4}?(?:ltd|limited|co|company|inc|corporation|corp|group|trading|logistics|electronics|technology|industries|factory|international|imports|exports|enterprises?|freight|manufacturing|machinery|textiles|furniture|foods|pharmaceuticals?|solutions|systems|holdings|supplies|motors|energy|garments|fashion|packaging|plastics|steel|chemicals|tools|engineering|automotive|medical|shipping|supply chain|works|brothers|and sons)(?: (?:ltd|limited|co|company|inc|corp)\b)*)\b"
)
_ACCOUNT = re.compile(
    r"(?:account|contract|customer)(?: number| no\.?| code| id)?(?: is|:)?\s+(?P<id>(?:(?:[a-z] ){1,4}(?:\d ?){2,}(?!\w)|[a-z]{0,6}[ -]?(?:\d[\d-]+|(?:(?:double|triple)? ?(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)\b ?){3,})))"
)

_STREET = r"(?:roads?|rd|streets?|st|avenue|ave|lane|boulevard|blvd|highway|drive|park|industrial (?:park|zone|estate)|building|plaza|tower|square|warehouse|airport|port|terminal|free trade zone|development zone|technology park|logistics park|science park|district center|center|centre)"
_DETAIL = re.compile(
    rf"(?<!')\b(?P<unit>(?:(?:unit|room|suite|floor|building|tower|block|gate|warehouse|shop|flat|apartment) (?:no\.? |number )?(?:\d+[a-z]?|[a-z]|{NUMBER}),? )+)?(?:(?:(?:no\.?|number) )?(?P<no>{NUMBER}|\d+[a-z]?),? )?(?P<street>(?!(?:it's|number|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|from|to|in|on|at|by|and|is|of|the pick|pallets?|boxes|cartons|drums?|kilos?|tons?)\b)[a-z][a-z&'-]*(?: (?!(?:from|to|in|on|at|by|and|is|pallets?|boxes|cartons)\b)[a-z][a-z&'-]*){{0,4}}? {_STREET})\b(?P<after>,? (?:no\.? |number )?\d{{1,5}}[a-z]?\b(?! ?(?:kilo|kg|ton|pallet|box|carton|piece|by|x|cm|meter)))?(?P<tail>(?:,? (?:no\.?|number|building|floor|room|unit|block|gate|suite) (?:\d+[a-z]?|{NUMBER}))*)"
)
_CERTAIN = 94
_LINKING = r"(?:from|to|in|at|is|the|and|of|it's)\b"
_UNKNOWN_NAME = re.compile(
    rf"(?:^|\b(?:from|to|in|at|is)\s+|,\s*|\b{_STREET},?\s+)"
    rf"(?P<name>(?!{_LINKING})[a-z']{{3,}}(?: (?!{_LINKING})[a-z']+)?)[, ]+$"
)
#: Mean cost of a sound up to which a name is taken for a district of the city.
_DISTRICT_LIMIT = 0.3


def find_people(scene: Scene) -> Iterator[Entity]:
    """Companies, persons after their cues, spelled names, titled names."""
    text = scene.text
    for match in _COMPANY.finditer(text):
        yield Entity("company", *match.span("name"), _written(match["name"]))
    spelled = spelled_words(text)
    spelling = {word.start for word in spelled}
    for match in [*_PERSON.finditer(text), *_TITLED.finditer(text)]:
        start, end = match.span("name")
        if (
            text[start - 8 : start].strip() in {"this is", "i'm", "i am"}
            and start not in spelling
            and re.match(r"[a-z]+ing\b", match["name"])
        ):
            continue
        yield Entity("person", start, *_with_spelling(match["name"], end, spelled))
    if scene.slot.split(".")[0] in {"consignee", "consignor", "contact"}:
        yield from _answer(scene, spelled)


def _answer(scene: Scene, spelled: list[Spelled]) -> Iterator[Entity]:
    match = re.match(
        rf"(?:yes |it's |it is |that's |that is |the name is |name is )?{_NAME}(?=$|[,.]| and\b| (?:at|on|his|her|phone|number|mobile|tel)\b| \d| (?:one|zero|plus|double)\b)",
        scene.text,
    )
    if match:
        start, end = match.span("name")
        yield Entity("person", start, *_with_spelling(match["name"], end, spelled))
    elif spelled:
        word = spelled[0]
        yield Entity("person", word.start, word.end, word.letters.title())


def _with_spelling(name: str, end: int, spelled: list[Spelled]) -> tuple[int, str]:
    """Letters spelled after a name replace the word they resemble most."""
    words = name.split()
    for word in spelled:
        if 0 <= word.start - end <= 24:
            near = max(range(len(words)), key=lambda i: fuzz.ratio(words[i], word.letters))
            words[near] = word.letters
            end = word.end
    return end, _written(_untitled(" ".join(words)))


def _untitled(name: str) -> str:
    """The name without its title, where more than a surname follows it."""
    title, _, rest = name.partition(" ")
    return rest if title in _TITLES and " " in rest else name


def _written(name: str) -> str:
    return " ".join(
        w if w[:1].isdigit() else re.sub(r"(^|['-])[a-z]", lambda m: m.group().upper(), w)
        for w in name.split()
    )


def find_accounts(scene: Scene) -> Iterator[Entity]:
    """Contract and account numbers."""
    for match in _ACCOUNT.finditer(scene.text):
        said = match["id"].strip()
        yield Entity("account", *match.span("id"), (digits(said) or said).upper().replace(" ", ""))


def find_quantities(scene: Scene) -> Iterator[Entity]:
    """Volumes by sides, weights, volumes, money, pieces."""
    text = scene.text
    for match in _DIMS.finditer(text):
        common = match["unit"] or _common_unit(match["a"], match["b"], match["c"])
        sides = [_length(match[side], common) for side in "abc"]
        if all(sides):
            yield Entity(
                "volume",
                *match.span(),
                Quantity(tidy_amount(prod(sides)), bool(match["each"]), sides=True),
            )
    yield from summed(text, _amounts(text, _WEIGHT, WEIGHT, "weight"))
    yield from _amounts(text, _VOLUME, VOLUME, "volume")
    for match in _MONEY.finditer(text):
        money = number(match["n"] or match["m"])
        if money:
            yield Entity("money", *match.span(), Quantity(money))
    for match in _PIECES.finditer(text):
        count = number(match["n"])
        if count and count == int(count):
            packaging = plural(match["pack"]) if match["pack"] else None
            yield Entity("pieces", *match.span(), Quantity(count, packaging=packaging))


def _amounts(
    text: str, pattern: re.Pattern[str], units: dict[str, float], kind: str
) -> Iterator[Entity]:
    for match in pattern.finditer(text):
        base = 1.0 if match["n"] in {"a", "an"} else number(match["n"])
        if base:
            half = 0.5 if match["half"] else 0
            value = tidy_amount((base + half) * units[match["unit"]])
            each = bool(match["each"] or match["after"])
            yield Entity(kind, *match.span(), Quantity(value, each))


def find_numbers(scene: Scene) -> Iterator[Entity]:
    """Numbers that nothing else explains."""
    for match in _NUMBER.finditer(scene.text):
        value = number(match.group())
        if value is not None:
            yield Entity("number", *match.span(), Quantity(value))


def _common_unit(*sides: str) -> str:
    """The unit said only once, after the last side."""
    units = [re.search(rf"\b(?:{_L})$", side) for side in sides]
    last = units[-1]
    return last[0] if last and not any(units[:-1]) else ""


def _length(said: str, unit: str) -> float:
    parts = re.fullmatch(rf"({NUMBER})(?:\s*({_L}))?", said)
    value = number(parts[1]) if parts else None
    if parts is None or not value:
        return 0.0
    own = parts[2] or unit
    return value * LENGTH[own] if own else value / 100 if value >= 10 else value


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
    _names()


_WORDS = re.compile(r"[a-z']+")
_COMMON = frozenset("an he she to in an long can sun man fan dan ban pan min lin gang bin".split())


def find_places(scene: Scene) -> Iterator[Entity]:
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
        start, end, detail = _street_around(scene.text, start, end)
        if len(found) and scene.free(start, end):
            place = Place(narrower or found, detail or _spot(found, said))
            yield Entity("place", start, end, place, sure, narrower != ())
    if scene.slot.split(".")[0] in {"origin", "destination"}:
        match = _DETAIL.search(scene.text)
        if match and scene.free(*match.span()):
            yield Entity("place", *match.span(), Place((), _detail(match)), 0.9)


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
    return re.match(rf"{more} {_STREET}\b", text[end:]) is not None


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
        ((apart(heard, sounded(name)), area) for name, area in _districts(found[0])),
        key=lambda scored: scored[0],
        default=None,
    )
    if near is None or near[0] > _DISTRICT_LIMIT * len(heard):
        return start, (), 1.0
    return words.start("name"), (near[1],), 1 - near[0] / len(heard)


@lru_cache(maxsize=512)
def _districts(city: Area) -> tuple[tuple[str, Area], ...]:
    known, _ = _names()
    return tuple(
        (name, area)
        for name, group in known.items()
        for area in group
        if area.district and area.within(city)
    )


def _joined(one: Sequence[Area], other: Sequence[Area]) -> tuple[Area, ...]:
    """The narrower areas of two names that lie within the wider ones."""
    down = tuple(a for a in other if any(a.within(b) and a != b for b in one))
    up = tuple(a for a in one if any(a.within(b) for b in other))
    return down or up


def _street_around(text: str, start: int, end: int) -> tuple[int, int, str | None]:
    before = None
    for match in _DETAIL.finditer(text[:start]):
        if re.fullmatch(r"[\s,]*(?:in )?", text[match.end() : start]):
            before = match
    if before:
        return before.start(), end, _detail(before)
    gap = re.match(r"[\s,]*(?:at )?", text[end:])
    after = _DETAIL.match(text, end + (gap.end() if gap else 0))
    return (start, after.end(), _detail(after)) if after else (start, end, None)


def _detail(match: re.Match[str]) -> str:
    no = match["no"]
    street = re.sub(r"^(?:the|at|is) ", "", match["street"]).title()
    plain = digits(no) or (f"{number(no):g}" if no and number(no) else no) if no else ""
    tail = re.sub(
        NUMBER, lambda m: digits(m.group()) or f"{number(m.group()) or 0:g}", match["tail"] or ""
    )
    unit = re.sub(
        NUMBER, lambda m: digits(m.group()) or f"{number(m.group()) or 0:g}", match["unit"] or ""
    )
    if not plain and match["after"]:
        plain = re.sub(r"^[, ]*(?:no\.? |number )?", "", match["after"])
    return f"{unit.title()}{plain} {street}{tail.title()}".strip()
