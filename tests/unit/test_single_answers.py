"""What callers answer to one question: numbers of telephones, moments, amounts, yes and no."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks import normalisers
from nlp import answers
from nlp.meaning import Expectation, Understanding, Utterance
from nlp.understand import Understander

NOW = datetime(2026, 11, 24, 10)
UNDERSTANDER = Understander()
MOBILES = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(lambda n: n[1] != "4")
ZH = str.maketrans("0123456789", "零幺二三四五六七八九")
EN = ["oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]


def _understood(text: str, slot: str, lang: Literal["zh", "en"] = "zh") -> Understanding:
    return UNDERSTANDER.understand(
        Utterance(text=text, lang=lang, confidence=1.0),
        Expectation(slot=slot, lang=lang, now=NOW),
    )


def _value(text: str, slot: str, lang: Literal["zh", "en"] = "zh") -> object:
    return {f.name: f.value for f in _understood(text, slot, lang).fields}.get(slot)


@given(MOBILES)
def test_mobiles_are_heard_in_every_style(number: str) -> None:
    a, b, c = (part.translate(ZH) for part in (number[:3], number[3:7], number[7:]))
    for said in (f"{a}{b}{c}", f"{a}，{b}，{c}", f"{a}呃{b}嗯{c}", f"前三位{a}，中间{b}，后面{c}", f"+86 {number}"):  # fmt: skip
        assert _value(said, "contact.phone") in {f"+86{number}", None}
        assert _value(said, "contact.phone") == _value(number, "contact.phone")
    words = [EN[int(digit)] for digit in number]
    for said in (" ".join(words), f"{' '.join(words[:3])}, {' '.join(words[3:7])}, then {' '.join(words[7:])}"):  # fmt: skip
        assert _value(said, "contact.phone", "en") == _value(number, "contact.phone", "en")


@pytest.mark.parametrize(
    ("said", "lang", "number"),
    [
        ("幺三九幺二三四五六七八，不对，尾号是七九", "zh", "+8613912345679"),
        ("幺三九幺二三四，不对，幺二三五，五六七八", "zh", "+8613912355678"),
        ("020-8765 4321转8012", "zh", "+862087654321;ext=8012"),
        ("电话86-21-62345678", "zh", "+862162345678"),
        ("one three nine one two three four five six seven eight, sorry, five six seven nine", "en", "+8613912345679"),
        ("one eight six quadruple zero four eights", "en", "+8618600008888"),
        ("00 49 171 1234567", "en", "+491711234567"),
    ],
)  # fmt: skip
def test_corrected_grouped_and_foreign_numbers(
    said: str, lang: Literal["zh", "en"], number: str
) -> None:
    assert _value(said, "contact.phone", lang) == number


@pytest.mark.parametrize(
    ("said", "lang"),
    [("周三或者周四", "zh"), ("明天后天都可以", "zh"), ("Wednesday or Thursday", "en")],
)
def test_of_two_days_one_is_asked_for(said: str, lang: Literal["zh", "en"]) -> None:
    meaning = _understood(said, "pickup_date", lang)
    assert not meaning.fields
    (unclear,) = meaning.ambiguities
    assert unclear.name == "pickup_date" and len(unclear.choices) == 2


@pytest.mark.parametrize(
    ("said", "lang", "day"),
    [
        ("大前天", "zh", "2026-11-21"),
        ("11月20日", "zh", "2026-11-20"),
        ("last Friday", "en", "2026-11-20"),
        ("today at 8 am", "en", "2026-11-24"),
    ],
)
def test_what_has_passed_is_asked_back(said: str, lang: Literal["zh", "en"], day: str) -> None:
    (field, *_) = _understood(said, "pickup_date", lang).fields
    assert field.value == day
    assert field.confidence < 0.6


@pytest.mark.parametrize(("said", "pieces"), [("十来箱", 10), ("一百多个", 100), ("三十几件", 30)])
def test_about_so_many_pieces_are_asked_back(said: str, pieces: int) -> None:
    (field, *_) = _understood(said, "pieces").fields
    assert (field.value, field.confidence < 0.6) == (pieces, True)


@pytest.mark.parametrize("said", ["五千美元", "两千欧元", "五千块美金"])
def test_other_money_is_no_yuan(said: str) -> None:
    assert _value(said, "declared_value_cny") is None


YES = "没什么不可以|可不是嘛|不用改|没什么需要改的|不是不对|绝对没问题|好的，没有别的问题|一点不差|妥妥的|好哇|百分之百"
NO = "没说对|不太行|有点问题|有出入|不一致|绝对不行|否定|不中|没这回事|哪里对了|拉倒吧|不怎么对"
YES_EN = (
    "couldn't be better|can't complain|no changes|nothing to correct|without a doubt|no, that's fine|"
    "I don't see why not|yes, no changes|I'm fine with that|mm hmm|hundred percent"
)
NO_EN = (
    "yeah, no|yes but the weight is wrong|I doubt it|by no means is that right, no|far from it|no way|"
    "yes, except the address|sure, but it's not right|no, change it|not in the least"
)


@pytest.mark.parametrize("said", YES.split("|"))
def test_yes_in_mandarin(said: str) -> None:
    assert _understood(said, "confirm").polarity == "yes"


@pytest.mark.parametrize("said", NO.split("|"))
def test_no_in_mandarin(said: str) -> None:
    assert _understood(said, "confirm").polarity == "no"


@pytest.mark.parametrize("said", YES_EN.split("|"))
def test_yes_in_english(said: str) -> None:
    assert _understood(said, "confirm", "en").polarity == "yes"


@pytest.mark.parametrize("said", NO_EN.split("|"))
def test_no_in_english(said: str) -> None:
    assert _understood(said, "confirm", "en").polarity == "no"


@pytest.mark.parametrize("said", ["嗯，没有", "好的，没有", "对，没有"])
def test_no_dangerous_goods_behind_a_word_of_assent(said: str) -> None:
    assert answers.polarity(said, "zh") == "no"


def test_the_written_cases_come_out_right() -> None:
    wrong = [case for case in normalisers.cases() if normalisers.mistakes(UNDERSTANDER, case)]
    assert len(wrong) <= 0.03 * len(list(normalisers.cases())), wrong
