"""Tidies recognised or typed text so that rules see one way of writing."""

from __future__ import annotations

import re
import unicodedata

from models.call import Lang

_FULL_STOPS = str.maketrans({"。": "，", "；": "，", "！": "，", ";": "，", "!": "，", "\n": "，"})
#: Sounds and words that carry no meaning. 那个 stays before 地方 and the like.
_FILLERS_ZH = re.compile(
    r"(?:嗯哼|呃+|额(?!外|度|尔|济)|啊+|唔|诶|欸|哎呀?|(?<![多怎什])那个(?!地|人|仓|厂)|这个(?=[，嗯呃])|"
    r"就是说|怎么说呢|我想想|我看看?一?下|让我想想|(?<=[，嗯呃])嗯|嗯+(?=[^，？]))[，]?"
)
_FILLERS_EN = re.compile(
    r"\b(?:u+h+(?![ -]?(?:hu|uh))(?<!\bnuh[ -]uh)(?<!uh[ -]uh)|u+m+|e+r+m?|(?<!-)hmm+|you know|^i mean|let me (?:see|think)|kind of|sort of)\b[,.]?\s*"
)
#: "p, m", "p. m." and, behind a number, "p" alone, as recognisers part them.
_HALF_OF_DAY = re.compile(r"(?:(?<![a-z'])\s?([ap])(?:[.,]\s?| )m\b\.?)|(?<=\d)([ap])\b(?!['.])")
_BETWEEN_CJK = re.compile(
    r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff\d])|(?<=\d)\s+(?=[\u4e00-\u9fff])"
)


def tidy(text: str, lang: Lang) -> str:
    """The text in NFKC, with fillers gone, and in Mandarin one kind of comma and no spaces."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return _tidy_zh(plain) if lang == "zh" else _tidy_en(plain)


#: Short numerals in the words that the number rules know.
_NUMERALS_ZH = (
    (re.compile(r"廿|卄"), "二十"), (re.compile(r"卅"), "三十"),
    (re.compile(r"(?<![我你他她咱哥姐爷娘])俩"), "两个"), (re.compile(r"(?<![我你他她咱])仨"), "三个"),
    (re.compile(r"(?<![一二三四五六七八九两几\d十])(?:上)?(百|千)(?=来|把|十来|号)把?"), r"一\1"),
)  # fmt: skip


def _tidy_zh(text: str) -> str:
    text = text.translate(_FULL_STOPS).replace(",", "，").replace("?", "？").replace(":", "：")
    text = re.sub(r"(?<=\d)，(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"(?<=\d)：(?=\d)", ":", text)
    text = _BETWEEN_CJK.sub("", text)
    for short, full in _NUMERALS_ZH:
        text = short.sub(full, text)
    lone = text.strip("，？ 。.")
    if re.fullmatch(r"(?:嗯|唔|啊|诶|欸|哎)+|嗯+[呢啊呐]", lone):
        return "嗯"
    opening = "嗯，" if re.match(r"嗯[，对是好]", text) else ""
    body = _FILLERS_ZH.sub("", text.removeprefix("嗯，") if opening else text)
    return re.sub(r"，+", "，", opening + body).strip("， .。")


def _tidy_en(text: str) -> str:
    text = text.replace("’", "'").lower()
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text)
    text = re.sub(r"(?<![\w.])\.(?=\d)", "0.", text)
    text = _HALF_OF_DAY.sub(lambda m: f" {m[1] or m[2]}m", text)
    text = _FILLERS_EN.sub("", text)
    return re.sub(r"\s+", " ", text).strip(" .,!")
