"""Respells the fixed words of a street address where they were heard by sound.

In 张江鲁八十八好 the 鲁 before a number is 路 and the 好 after it is 号. Lengths never change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nlp.phonetics import blurred, syllables

_NUMERAL = "零〇一二两三四五六七八九幺十百0-9"
#: From where the number begins to its 号, or to the end of the clause.
_NUMBER = re.compile(
    rf"(?P<digits>[{_NUMERAL}][{_NUMERAL}\-]*)(?P<mark>[号好浩豪毫]?)(?=$|[^{_NUMERAL}])"
)
_ROADS = ("大道", "大街", "公路", "中路", "南路", "北路", "东路", "西路", "路", "街")
_TENS = re.compile(r"(?<=[路街道巷])[石时实食史使始席喜](?=[号好]|[一二三四五六七八九])")
_OPENING = re.compile(r"^部队(?!的|有|里|订)")
_LABEL = re.compile(
    r"(?:一|地|帝|第)(?:直|致|字|支|只|指|址)[是市使事](?=[\u4e00-\u9fff]{2,6}(?:路|街|大道|巷))"
)
_REPEATED = re.compile(
    rf"(?P<one>.{{4,}}?|[^{_NUMERAL}，不是对]{{2,3}})[，]?(?P=one)|(?P<said>[a-z' -]{{4,}}?)[,.]? (?P=said)(?:[,.]? (?P<rest>.*))?"
)


def once(text: str) -> str:
    """The text without its echo: a recogniser may write one short turn twice."""
    twice = _REPEATED.fullmatch(text)
    if twice is None:
        return text
    if twice["one"]:
        return twice["one"]
    return twice["said"] if twice["said"].startswith(twice["rest"] or "") else text


def road_words(text: str) -> str:
    """The text with 路, 街, 大道, 号 and 地址是 where they sound so and stand so."""
    written = list(_TENS.sub("十", text))
    sounds = tuple(map(blurred, syllables(text)))
    for start, road in _roads(text, sounds):
        written[start : start + len(road)] = road
    for number in _NUMBER.finditer("".join(written)):
        if number["mark"] and written[number.start() - 1] in "路街道巷弄":
            written[number.start("mark")] = "号"
    plain = _OPENING.sub("不对", _TENS.sub("十", "".join(written)))
    return _LABEL.sub(lambda m: m[0] if m[0][0] == "第" else "地址是", plain)


def _roads(text: str, sounds: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    """Where a word for a street stands right before a house number, by sound."""
    for number in _NUMBER.finditer(text):
        for road in _ROADS:
            start = number.start() - len(road)
            wanted = tuple(map(blurred, syllables(road)))
            stem = text[max(0, start - 2) : max(0, start)]
            if (
                sounds[max(0, start) : number.start()] == wanted
                and _named(stem)
                and (number["mark"] or number.end() == len(text))
            ):
                if text[start : number.start()] not in _ROADS:
                    yield start, road
                break


def _named(stem: str) -> bool:
    return re.fullmatch(r"[\u4e00-\u9fff]{2}", stem) is not None
