"""English words that are none come back; names and ordinary words stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.respell_en import respell_en


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("sefen humdred pounds", "seven hundred pounds"),
        ("from hamgzhou", "from hangzhou"),
        ("one dree eight for two two", "one three eight four two two"),
        ("at dirty pm", "at thirty pm"),
    ],
)
def test_words_come_back(heard: str, meant: str) -> None:
    assert respell_en(heard) == meant


@pytest.mark.parametrize(
    "said",
    ["tom hanks", "wang fang", "shrink wrapped", "ten to five", "it is for two people", "my date is may",
     "we ship seats and tents"],
)  # fmt: skip
def test_what_makes_sense_stays(said: str) -> None:
    assert respell_en(said) == said


@given(st.text(alphabet="abcdefgh ikmnoprstuvwz',.", max_size=40))
def test_no_text_breaks_it(text: str) -> None:
    assert respell_en(respell_en(text)) is not None
