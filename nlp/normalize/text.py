"""Tidies recognised or typed text so that rules see one way of writing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

from models.call import Lang

_FULL_STOPS = str.maketrans({"。": "，", "；": "，", "！": "，", ";": "，", "!": "，", "\n": "，"})
#: Sounds and words that carry no meaning. 那个 stays before 地方 and the like.
_FILLERS_ZH = re.compile(
    r"(?:嗯哼|呃+|额(?!外|度|尔|济)|啊+|唔|诶|欸|哎呀?|(?<![多怎什])那个(?!地|人|仓|厂)|这个(?=[，嗯呃])|"
    r"就是说|怎么说呢|我想想|我看看?一?下|让我想想|(?<=[，嗯呃])嗯|嗯+(?=[^，？]))[，]?"
)
_FILLERS_EN = re.compile(
    r"\b(?:u+h+(?![ -]?(?:hu|uh))(?<!\bnuh[ -]uh)(?<!uh[ -]uh)|u+m+|e+r+m?|(?<!-)(?<!m )hmm+|you know|^i mean|let me (?:see|think)|kind of|sort of)\b[,.]?\s*"
)
#: "p, m", "p. m." and, behind a number, "p" alone, as recognisers part them.
_HALF_OF_DAY = re.compile(r"(?:(?<![a-z'])\s?([ap])(?:[.,]\s?| )m\b\.?)|(?<=\d)([ap])\b(?!['.])")
#: Traditional characters of answers, numbers, dates and orders: the text is written in them.
_TRADITIONAL = re.compile(
    "[兩萬億貳參陸點時鐘號週禮個後噸這裡內對沒問題們過間價長寬體積聖誕節還發電話運貨車東廣門區縣鄉陽請謝說聽鄰歲應該錯確認開關負慶曆歷臘頭雙個幾塊錢圓國際與為從並來兒會現鐵鋼機樓層場碼實經營輸裝櫃種類標準備註總計淨節蘋電腦簽單訂倆]"
)
#: "One thousand, two hundred": one number written as two.
_PARTED_THOUSANDS = re.compile(
    r"\b(thousand|million),\s+(?=(?:one|two|three|four|five|six|seven|eight|nine|ten|[a-z]+teen|eleven|twelve|[a-z]{3,5}ty)\b)"
)
_BETWEEN_CJK = re.compile(
    r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff\d])|(?<=\d)\s+(?=[\u4e00-\u9fff])"
)


#: What recognisers make of "two thousand four hundred and fifty", "two and a half", "half past two".
_AND_TENS = re.compile(
    r"\b([1-9]\d*00) and (\d{1,2})(?= ?(?:kilo|kg|pound|lb|ton|yuan|dollar|cubic|piece|carton|box|crate|pallet|drum)|$)"
)
_AND_HALF = re.compile(
    r"(?<=\w) and half(?= (?:tons?|tonnes?|kilos?|kilograms?|cubic|cubes?|met(?:er|re)s?)\b)"
)
_PAST = re.compile(r"\b(half|quarter), (past|to)\b")


def tidy(text: str, lang: Lang) -> str:
    """The text in NFKC, with fillers gone, and in Mandarin one kind of comma and no spaces."""
    plain = unicodedata.normalize("NFKC", text).strip()
    return _tidy_zh(plain) if lang == "zh" else _tidy_en(plain)


#: Short numerals in the words that the number rules know.
_NUMERALS_ZH = (
    (re.compile(r"廿|卄"), "二十"), (re.compile(r"卅"), "三十"),
    (re.compile(r"俩(?=[百千万亿])"), "两"), (re.compile(r"(?<![\u4e00-\u9fff\d])半百(?!分)"), "五十"),
    (re.compile(r"(?<![\u4e00-\u9fff\d])点(?=[一二三四五六七八九]{1,2}(?:$|，|个?(?:吨|立方|方|公斤)))"), "零点"),
    (re.compile(r"(?<![我你他她咱哥姐爷娘])俩"), "两个"), (re.compile(r"(?<![我你他她咱])仨"), "三个"),
    (re.compile(r"(?<![一二三四五六七八九两几\d十])(?:上)?(百|千)(?=来|把|十来|号)把?"), r"一\1"),
    (re.compile(r"(?<![一二三四五六七八九两几\d十百千万])个把(?=[吨箱斤月星小])"), "一个"),
)  # fmt: skip


@lru_cache(maxsize=1)
def _simplified() -> OpenCC:
    return OpenCC("t2s")


def _tidy_zh(text: str) -> str:
    if _TRADITIONAL.search(text):
        text = _simplified().convert(text)
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
    text = re.sub(r"(?<=\d{4}-\d\d-\d\d)t(?=\d\d:)", " ", text)
    text = _PARTED_THOUSANDS.sub(r"\1 ", text)
    text = _HALF_OF_DAY.sub(lambda m: f" {m[1] or m[2]}m", text)
    text = _AND_TENS.sub(lambda m: str(int(m[1]) + int(m[2])), text)
    text = _AND_HALF.sub(" and a half", text)
    text = _PAST.sub(r"\1 \2", text)
    text = _FILLERS_EN.sub("", text)
    return re.sub(r"\s+", " ", text).strip(" .,!")
