"""Whether an answer sounds finished, from raw words."""

from __future__ import annotations

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.call import Lang
from nlp.completeness import is_complete
from nlp.meaning import Expectation

NOW = datetime.fromisoformat("2026-11-25T10:00")


def asked(slot: str | None, lang: Lang = "zh", readback: tuple[str, ...] = ()) -> Expectation:
    return Expectation(slot=slot, lang=lang, now=NOW, readback=readback)


@pytest.mark.parametrize(
    ("slot", "text", "complete"),
    [
        ("consignee.phone", "13800138000", True),
        ("consignee.phone", "幺三八零零幺三八零零零", True),
        ("consignee.phone", "一三八，零零一三，八零零零。", True),
        ("consignee.phone", "他的电话是138 0013", False),
        ("consignee.phone", "幺三八", False),
        ("mobile", "02158881234", True),
        ("mobile", "0755 2345", False),
        ("mobile", "075523456789", True),
        ("mobile", "4006123456", True),
        ("mobile", "就这个号码", None),
        ("consignee", "张先生，电话是", False),
        ("confirm", "对，没错。", True),
        ("yes_no", "是", True),
        ("yes_no", "没有", True),
        ("yes_no", "嗯对", True),
        ("yes_no", "对，但是", False),
        ("origin", "对", None),
        ("pieces", "十六件", True),
        ("weight", "大概三吨半", True),
        ("weight", "一共", False),
        ("weight", "三百二", None),
        ("destination", "送到", False),
        ("destination", "上海市浦东新区张江路和", False),
        ("remarks", "收到", None),
        ("goods", "嗯那个", False),
        ("goods", "机械配件", None),
        (None, "", None),
        (None, "……", None),
    ],
)
def test_mandarin(slot: str | None, text: str, complete: bool | None) -> None:
    assert is_complete(text, asked(slot)) is complete


@pytest.mark.parametrize(
    ("slot", "text", "complete"),
    [
        ("mobile", "one three eight double zero one three eight triple zero", True),
        ("mobile", "One three eight, zero zero", False),
        ("yes_no", "Yes, that's right.", True),
        ("yes_no", "No.", True),
        ("weight", "three and a half tons", True),
        ("weight", "three and a half", None),
        ("origin", "from Shanghai to", False),
        ("origin", "it's at the, um", False),
        ("goods", "machine parts", None),
    ],
)
def test_english(slot: str | None, text: str, complete: bool | None) -> None:
    assert is_complete(text, asked(slot, "en")) is complete


@pytest.mark.parametrize("text", ["不对", "不是", "错了"])
def test_after_a_readback_a_no_may_go_on(text: str) -> None:
    assert is_complete(text, asked("confirm", readback=("pieces",))) is None


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.integers(1, 11), st.booleans())
def test_a_mobile_is_complete_with_its_eleventh_digit(
    number: str, heard: int, spoken: bool
) -> None:
    said = number[:heard]
    text = said.translate(str.maketrans("0123456789", "零幺二三四五六七八九")) if spoken else said
    assert is_complete(text, asked("mobile")) is (heard == 11)


@given(st.text(), st.sampled_from([None, "yes_no", "mobile", "weight", "origin"]))
def test_any_text_is_taken(text: str, slot: str | None) -> None:
    assert is_complete(text, asked(slot)) in (True, False, None)
