"""Names in Pinyin inside an English sentence."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.romanised import romanised
from voice.synthesizers.phonemes import Phonemes
from voice.synthesizers.pinyin_english import spoken


@pytest.mark.parametrize(
    ("name", "phonemes"),
    [
        ("Chaoyang", "ʧˌWjˈɑŋ"),
        ("Zhangjiang", "ʤˌɑŋʤjˈɑŋ"),
        ("Jianguo", "ʤjˌɛnɡwˈɔ"),
        ("Xi'an", "ʃˌiˈɑn"),
        ("Danan", "dˌɑnˈɑn"),
        ("Yuanmingyuan", "jwˌɛnmˌiŋjwˈɛn"),
    ],
)
def test_a_name_is_said_by_its_syllables(name: str, phonemes: str) -> None:
    assert spoken(name) == phonemes


@pytest.mark.parametrize("word", ["Harbour", "pudong", "Northwind", "", "Road"])
def test_no_other_word_is_taken_for_pinyin(word: str) -> None:
    assert spoken(word) is None


def test_english_words_keep_their_sound() -> None:
    assert Phonemes().english("Manning") == "mˈænɪŋ"
    assert Phonemes().english("Haidian Road") == "hˌIdjˈɛn ɹˈOd"


@given(
    st.text(
        "安宝北昌朝城大东丰福广海杭黄江金九开兰龙明南宁平青人上顺天通望西新兴阳银永云长中",
        min_size=1,
        max_size=5,
    )
)
def test_every_place_in_pinyin_can_be_said(name: str) -> None:
    phonemes = spoken(romanised(name))
    assert phonemes is not None
    assert phonemes.count("ˈ") == 1
    assert phonemes.count("ˌ") == len(name) - 1
