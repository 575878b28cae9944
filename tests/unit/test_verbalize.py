"""Speakable words for written text: sums, phones, dates, and where a speaker breathes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.call import Lang
from nlp.verbalize import clauses, verbalize
from nlp.verbalize.cardinals import LIMIT, en_cardinal, en_ordinal, zh_cardinal

ZH_VALUES = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"两": 2}
ZH_PLACES = {"十": 10, "百": 100, "千": 1000}
ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
EN_VALUES = {w: v for v, w in enumerate(ONES)} | {w: 10 * t for t, w in enumerate(TENS, start=2)}
EN_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}


def read_zh(words: str) -> int:
    """An independent reading of a Mandarin whole number."""
    for mark, scale in (("亿", 10**8), ("万", 10**4)):
        if mark in words:
            high, _, low = words.partition(mark)
            return read_zh(high) * scale + (read_zh(low) if low else 0)
    total = digit = 0
    for char in words:
        if char in ZH_PLACES:
            total += (digit or 1) * ZH_PLACES[char]
            digit = 0
        else:
            digit = ZH_VALUES[char]
    return total + digit


def read_en(words: str) -> int:
    """An independent reading of an English whole number."""
    total = group = 0
    for word in re.split(r"[ -]", words):
        if word == "hundred":
            group *= 100
        elif word in EN_SCALES:
            total, group = total + group * EN_SCALES[word], 0
        else:
            group += EN_VALUES[word]
    return total + group


whole_numbers = st.integers(0, 10**9) | st.integers(0, 12).map(lambda p: 10**p - 1)


@given(whole_numbers)
@example(10_005)
@example(100_500)
@example(1_000_010_000)
def test_a_mandarin_cardinal_reads_back(number: int) -> None:
    words = zh_cardinal(str(number))
    assert read_zh(words) == number
    assert "零零" not in words
    assert not re.search("零[万亿]", words)


@given(whole_numbers)
def test_an_english_cardinal_reads_back(number: int) -> None:
    assert read_en(en_cardinal(str(number))) == number


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_small_cardinal_reads_back(lang: Lang) -> None:
    say, read = (zh_cardinal, read_zh) if lang == "zh" else (en_cardinal, read_en)
    assert [read(say(str(n))) for n in range(12_000)] == list(range(12_000))


@pytest.mark.parametrize("say", [zh_cardinal, en_cardinal])
def test_an_endless_number_is_refused(say: Callable[[str], str]) -> None:
    with pytest.raises(ValueError, match="too large"):
        say(str(LIMIT))


@pytest.mark.parametrize(
    ("number", "words"),
    [("1", "first"), ("12", "twelfth"), ("20", "twentieth"), ("23", "twenty-third")],
)
def test_ordinals(number: str, words: str) -> None:
    assert en_ordinal(number) == words


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("13800138000", "幺三八，零零幺三，八零零零"),
        ("+8613800138000", "幺三八，零零幺三，八零零零"),
        ("手机138-0013-8000。", "手机幺三八，零零幺三，八零零零。"),
        ("021-58881234转801", "零二幺，五八八八，幺二三四，八零幺"),
        ("400-612-3456", "四零零，六幺二，三四五六"),
        ("订单号20261125001", "订单号二零二六，幺幺二五，零零幺"),
        ("尾号8000", "尾号八零零零"),
        ("16件", "十六件"),
        ("2件", "两件"),
        ("第2件", "第二件"),
        ("2到3件", "两到三件"),
        ("320公斤", "三百二十公斤"),
        ("1.5吨", "一点五吨"),
        ("320.5kg", "三百二十点五公斤"),
        ("2.4m³", "二点四立方米"),
        ("2.4 立方米", "二点四立方米"),
        ("2000公斤", "两千公斤"),
        ("10005件", "一万零五件"),
        ("12,500公斤", "一万二千五百公斤"),
        ("1.5万元", "一点五万元"),
        ("15%", "百分之十五"),
        ("¥3,200.00", "三千二百元"),
        ("2026-11-25", "二零二六年十一月二十五号"),
        ("11月25日", "十一月二十五号"),
        ("14:00到16:00", "十四点到十六点"),
        ("14:00-16:00", "十四点到十六点"),
        ("2026-11-25T14:00", "二零二六年十一月二十五号十四点"),
        ("9:30", "九点半"),
        ("9:05", "九点零五分"),
        ("张江路88号", "张江路八十八号"),
        ("张江路1288号", "张江路幺二八八号"),
        ("3号楼502室", "三号楼五零二室"),
        ("A座", "A座"),
        ("UN3480", "U N 三四八零"),
        ("这是您今天的第3票", "这是您今天的第三票"),
        ("10-20kg", "十到二十公斤"),
        ("重量是860公斤", "重量是，八百六十公斤"),
        ("不是16件", "不是十六件"),
        ("-5℃", "负五摄氏度"),
        ("3元/公斤", "三元每公斤"),
        ("２０件（木箱）", "二十件，木箱"),
    ],
)
def test_mandarin(written: str, spoken: str) -> None:
    assert verbalize(written, "zh") == spoken


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("138-0013-8000", "one three eight, zero zero one three, eight zero zero zero"),
        ("16 pieces", "sixteen pieces"),
        ("320.5 kg", "three hundred twenty point five kilograms"),
        ("1 kg", "one kilogram"),
        ("2.4 m³", "two point four cubic meters"),
        ("12,500 kg", "twelve thousand five hundred kilograms"),
        ("2026-11-25", "November twenty-fifth, twenty twenty-six"),
        ("Nov 25", "November twenty-fifth"),
        ("November 25th", "November twenty-fifth"),
        ("14:00", "two p.m."),
        ("9:05 am", "nine oh five a.m."),
        ("14:00-16:00", "two p.m. to four p.m."),
        ("order number 20261125", "order number two zero two six, one one two five"),
        ("UN3480", "U N three four eight zero"),
        ("room 502", "room five zero two"),
        ("No. 88 Zhangjiang Road", "number eighty-eight Zhangjiang Road"),
        ("1288 Zhangjiang Road", "one two eight eight Zhangjiang Road"),
        ("10-20 kg", "ten to twenty kilograms"),
        ("15%", "fifteen percent"),
        ("¥3,200.00", "three thousand two hundred yuan"),
        ("your 3rd order", "your third order"),
    ],
)
def test_english(written: str, spoken: str) -> None:
    assert verbalize(written, "en") == spoken


pieces = st.sampled_from(
    [
        "13800138000",
        "+8675523456789",
        "16件",
        "320.5kg",
        "2.4m³",
        "2026-11-25",
        "14:00",
        "9:30",
        "UN3480",
        "A座",
        "第3票",
        "88号",
        "502室",
        "订单号20261125",
        "（2箱，共30kg）",
        "¥12,500.00",
        "15%",
        "，",
        "。",
        "、",
        " ",
        "到",
        "-",
        "发往北京",
        "November 25th",
        "room 5",
        "No. 8",
        ", ",
        ". ",
        "kg",
        "1/2",
        "①",
        "٣",
        "½",
        "~",
        "#",
        "&",
        "@",
        "×",
    ]
)
written_texts = st.lists(pieces | st.text(max_size=4), max_size=12).map("".join)
langs: st.SearchStrategy[Lang] = st.sampled_from(["zh", "en"])


@given(written_texts, langs)
def test_nothing_unspeakable_is_left(text: str, lang: Lang) -> None:
    spoken = verbalize(text, lang)
    assert not any(char.isdigit() for char in spoken)
    assert not re.search(r"[()（）\[\]:：/%°¥$#&@×~+=]", spoken)
    assert not re.search(r"(?<![A-Za-z])(?:kg|m3|cm)(?![A-Za-z])", spoken) or "kg" in text


@given(written_texts, langs)
def test_clauses_join_back(text: str, lang: Lang) -> None:
    assert "".join(clauses(text, lang)) == text


@given(st.lists(pieces.filter(lambda p: len(p) > 1), min_size=1, max_size=10), langs)
def test_a_number_or_bracket_stays_whole(parts: list[str], lang: Lang) -> None:
    cut = clauses("。".join(parts) if lang == "zh" else "; ".join(parts), lang)
    for part in parts:
        assert any(part.strip() in clause for clause in cut)


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    text = "从上海市浦东新区张江路88号（3号楼，502室）发往北京市，共16件，12,500公斤。对吗？"
    assert clauses(text, "zh") == [
        "从上海市浦东新区张江路88号（3号楼，502室）发往北京市，",
        "共16件，12,500公斤。",
        "对吗？",
    ]


def test_an_abbreviation_ends_no_sentence() -> None:
    assert clauses("From No. 88, Mr. Li. Right?", "en") == ["From No. 88, Mr. Li. ", "Right?"]
