"""Respells the words of every order where a recogniser took others of the same sound.

下午 heard as 夏午 becomes 下午 again, so that every rule after it sees the word that was meant.
Lengths never change, so places in the text stay true.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from nlp.components.people import surnames
from nlp.gazetteer.areas import names
from nlp.gazetteer.goods import goods
from nlp.gazetteer.words import of_calls, of_every_order, senseless
from nlp.phonetics import Match, SoundIndex, blurred, syllables
from nlp.roadwords import road_words

_NUMERALS = frozenset("零〇一二两三四五六七八九幺十百千万佰仟拾0123456789")
_BY_SOUND = dict(
    zip(
        ("ling", "yao", "er", "san", "si", "wu", "liu", "qi", "ba", "jiu", "bai", "qian", "wan"),
        "零幺二三四五六七八九百千万",
        strict=True,
    )
)
#: Words that stand between numbers in their own right.
_NOT_ONE = frozenset("是时事到至点要前又把")
_LONG = 3
_BEFORE_NAME = re.compile(r"(?:^|[，人叫姓找是给让])$")
#: Streets have names of their own, which sound like those of cities.
_ROAD_NEXT = frozenset("路街巷弄道")
_DAY = re.compile(
    r"(?<![前之以然])[今明后](?P<day>[^天年面边])(?=(?:上午|下午|中午|晚上|早上|傍晚|一早))"
)
_NEXT_MONTH = re.compile(r"下(?P<one>[午吴五武务])月(?=[一二三四五六七八九十\d]{1,3}[号日])")
_QUARTER = re.compile(r"[点店][一三13](?P<quarter>[^刻公])")
_EXACT, _NEAR, _LOOSE = 0.0, 0.12, 0.2
#: What stands after a number, by its sound; characters that do so in their own right.
_UNITS = {
    "dun": "吨", "xiang": "箱", "jian": "件", "tuo": "托", "tong": "桶", "dai": "袋", "fang": "方", "jin": "斤",
    "bang": "磅", "ge": "个", "juan": "卷", "bao": "包", "he": "盒", "kuai": "块", "dian": "点", "hao": "号",
    "wan": "万", "qian": "千", "bai": "百", "shi": "十", "tai": "台",
}  # fmt: skip
#: Those of pieces, which seldom sound like the beginning of another word.
_MEASURES = frozenset({"xiang", "jian", "tuo", "tong"})
_COUNTS = frozenset("零一二两三四五六七八九十百千万半几0123456789")
_NO_UNIT = frozenset(
    "保报饱抱何河荷快会吨箱件托桶袋方斤磅个卷包盒块点号万千百十台是时事的市室栋座间张条架根套双只年月日天周拾佰仟代带辆板楼层项想像向响响前钱把摆拜见建合和过各今进近金同通"
)


@dataclass(frozen=True, slots=True)
class Respelled:
    """The text, and which of its characters were changed."""

    text: str
    changed: frozenset[int]


_NUMBERED = re.compile(rf"(?<=[{_NUMERALS}])号")


def respell(text: str) -> Respelled:
    """The text with common words respelled; known words stay as they are."""
    roads = road_words(text)
    turned = {i for i, (a, b) in enumerate(zip(text, roads, strict=True)) if a != b}
    text = roads
    sounds = syllables(text)
    kept = _known_words(text) | {i for i, c in enumerate(text) if c in _NUMERALS}
    # 二十八号吧 is a day, and no 好吧.
    kept |= {m.start() for m in _NUMBERED.finditer(text)}
    written, changed = list(text), turned
    position = 0
    while position < len(text):
        # 二十乡要 is 二十箱要, and not 想要 behind a number.
        counts = position > 0 and _counts_pieces(text, sounds, position)
        match = None if counts else _word_at(text, sounds, position, kept)
        if match is None:
            position += 1
            continue
        written[match.start : match.end] = match.entry
        changed.update(i for i in range(match.start, match.end) if text[i] != written[i])
        position = match.end
    changed |= _respell_days(written, sounds)
    changed |= _respell_numerals(written, sounds)
    changed |= _respell_units(written, sounds)
    return Respelled("".join(written), frozenset(changed))


def _word_at(text: str, sounds: tuple[str, ...], start: int, kept: set[int]) -> Match[str] | None:
    """The word that is written here, or meant by what is."""
    for match in _index().at(sounds, start, _LOOSE):
        heard = text[match.start : match.end]
        if heard == match.entry:
            return match
        if not kept.isdisjoint(range(match.start, match.end)):
            continue
        length = match.end - match.start
        if match.entry in of_every_order() and (
            match.distance <= _EXACT or (length >= _LONG and match.distance <= _NEAR)
        ):
            return match
        if text[match.end : match.end + 1] in _ROAD_NEXT and match.entry in names().short:
            continue
        if _names_person(text, match.start):
            continue
        sure = match.distance <= _NEAR or length > _LONG
        if sure and (length > _LONG or senseless(text, match.start, match.end)):
            return match
    return None


def _names_person(text: str, start: int) -> bool:
    """Whether given names stand here: they make no sense and need none."""
    return (
        start > 0
        and text[start - 1] in surnames()
        and _BEFORE_NAME.search(text, 0, start - 1) is not None
    )


def _respell_days(written: list[str], sounds: tuple[str, ...]) -> set[int]:
    """Days and quarters heard as something else where only they can stand; what changed."""
    text, changed = "".join(written), set[int]()
    for match in _DAY.finditer(text):
        # 后先下午: what rhymes with 天 between 后 and a part of the day is 天.
        if sounds[match.start("day")].endswith("ian"):
            written[match.start("day")] = "天"
            changed.add(match.start("day"))
    for match in _NEXT_MONTH.finditer(text):
        written[match.start("one")] = "个"
        changed.add(match.start("one"))
    for match in _QUARTER.finditer(text):
        if blurred(sounds[match.start("quarter")]) == "ke":
            written[match.start("quarter")] = "刻"
            changed.add(match.start("quarter"))
    return changed


def _respell_numerals(written: list[str], sounds: tuple[str, ...]) -> set[int]:
    """Numerals heard as something else between two numerals (幺散八 is 幺三八); what changed."""
    changed = set[int]()
    for i in range(1, len(written) - 1):
        numeral = _BY_SOUND.get(sounds[i])
        between = written[i - 1] in _NUMERALS and written[i + 1] in _NUMERALS
        if numeral and between and written[i] not in _NUMERALS and written[i] not in _NOT_ONE:
            written[i] = numeral
            changed.add(i)
    return changed


def _respell_units(written: list[str], sounds: tuple[str, ...]) -> set[int]:
    """Units heard as something else after a numeral (八墩 is 八吨); what changed."""
    changed = set[int]()
    for i in range(1, len(written)):
        unit = _UNITS.get(sounds[i])
        if unit is None or written[i - 1] not in _COUNTS or written[i] in _NO_UNIT:
            continue
        if senseless("".join(written), i, i + 1):
            written[i] = unit
            changed.add(i)
    return changed


def _counts_pieces(text: str, sounds: tuple[str, ...], at: int) -> bool:
    """Whether a measure word for pieces seems to stand here, behind a number."""
    return (
        text[at - 1] in _COUNTS
        and sounds[at] in _MEASURES
        and text[at] not in _NO_UNIT
        and senseless(text, at, at + 1)
    )


def _known_words(text: str) -> set[int]:
    """Characters that belong to a word that makes sense as it stands."""
    longest = 6
    known = _sensible()
    kept: set[int] = set()
    for start in range(len(text)):
        for end in range(min(len(text), start + longest), start + 1, -1):
            if text[start:end] in known:
                kept.update(range(start, end))
                break
    return kept


@lru_cache(maxsize=1)
def _sensible() -> frozenset[str]:
    """The words of calls, goods and places."""
    known = names()
    return of_every_order().union(of_calls(), goods("zh"), known.official, known.short)


@lru_cache(maxsize=1)
def _index() -> SoundIndex[str]:
    entries = sorted(of_every_order() | of_calls())
    return SoundIndex(((word, word) for word in entries), loose_from=_LONG + 1)
