"""Mandarin names in Latin letters: how they sound, how far apart they are, how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.pinyin import syllables_of
from nlp.romanised import apart, romanised, sounded
from nlp.streets_en import RomanisedNames, SpelledNames

_LETTERS = st.text("abcdefghijklmnopqrstuvwxyz '", max_size=12)


@pytest.mark.parametrize(
    ("name", "written"), [("建国", "Jianguo"), ("西安", "Xi'an"), ("张江", "Zhangjiang")]
)
def test_names_are_written_in_pinyin(name: str, written: str) -> None:
    assert romanised(name) == written


def test_what_sounds_alike_is_nearer_than_what_does_not() -> None:
    meant = sounded("Zhangjiang")
    assert apart(sounded("John Jiang"), meant) < apart(sounded("Nanjing"), meant)
    assert apart(sounded("Jiang Jiang"), meant) < apart(sounded("Century"), meant)


@given(_LETTERS, _LETTERS)
def test_distance_is_symmetric_and_zero_for_the_same_sounds(one: str, other: str) -> None:
    left, right = sounded(one), sounded(other)
    assert apart(left, right) == pytest.approx(apart(right, left))
    assert apart(left, left) == 0.0


def test_the_commoner_of_two_names_as_near_is_likelier() -> None:
    names = RomanisedNames({"建国": 9, "金谷": 1})
    chances = dict(names.near("Jianguo"))
    assert max(chances, key=lambda name: chances[name]) == "Jianguo"


@pytest.mark.parametrize(
    ("name", "letters"),
    [("朝阳", "Chaoyang"), ("闵行", "Minhang"), ("东阿", "Dong'e"), ("银行", "Yinhang")],
)
def test_places_are_read_as_they_are_called(name: str, letters: str) -> None:
    assert romanised(name) == letters


def test_letters_heard_for_others_are_mended() -> None:
    names = SpelledNames({"张江": 3, "长江": 1, "人民": 6})
    best = max(names.near("vhangjiamg"), key=lambda pair: pair[1])[0]
    assert best == "Zhangjiang"
    assert names.faithful("vhangjiamg") < names.faithful("fuxing")


@given(st.text("安宝北昌朝城大东丰福广海杭黄江金", min_size=1, max_size=4))
def test_pinyin_has_as_many_syllables_as_characters(name: str) -> None:
    assert len(syllables_of(romanised(name))) == len(name)
