"""Chinese place names in Latin letters, for English speech ("浦东新区" -> "Pudong")."""

from __future__ import annotations

import re

from nlp.readings import syllables

_HAN = re.compile(r"[\u4e00-\u9fff]+")
_SUFFIX = re.compile(r"(?<=..)(?:壮族|回族|维吾尔)?(?:特别行政区|自治区|新区|省|市|区|县)$")
#: Names whose usual English spelling is not their pinyin (as China's own maps print them).
_USUAL = {
    "陕西": "Shaanxi",
    "内蒙古": "Inner Mongolia",
    "西藏": "Tibet",
    "香港": "Hong Kong",
    "澳门": "Macao",
    "哈尔滨": "Harbin",
    "乌鲁木齐": "Urumqi",
    "呼和浩特": "Hohhot",
    "拉萨": "Lhasa",
}


def latin(text: str) -> str:
    """The text with each run of Chinese characters in pinyin without tones, capitalised."""
    return _HAN.sub(lambda run: _name(run.group()), text)


def _name(han: str) -> str:
    short = _SUFFIX.sub("", han)
    return _USUAL.get(short) or "".join(syllables(short)).capitalize()
