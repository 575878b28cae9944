"""Common words come back by their sound; what makes sense stays."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.respell import respell


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("夏午三点体货", "下午三点提货"),
        ("孔运岳结", "空运月结"),
        ("幺散八零零零零", "幺三八零零零零"),
    ],
)
def test_words_of_every_order_come_back(heard: str, meant: str) -> None:
    assert respell(heard).text == meant


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("悯天来提", "明天来提"),
        ("没廷清", "没听清"),
        ("零点八墩", "零点八吨"),
        ("六十二尖", "六十二件"),
    ],
)
def test_what_makes_no_sense_is_what_it_sounds_like(heard: str, meant: str) -> None:
    assert respell(heard).text == meant


@pytest.mark.parametrize("said", ["一千六百公斤", "浦东新区张江路", "四时五分", "是十六"])
def test_what_makes_sense_stays(said: str) -> None:
    assert respell(said).text == said


@given(st.text(alphabet="今天下午夏金孔运公斤一千零八提体货张abc，", max_size=15))
def test_the_length_never_changes(text: str) -> None:
    result = respell(text)
    assert len(result.text) == len(text)
    assert {i for i, c in enumerate(text) if c != result.text[i]} == set(result.changed)
