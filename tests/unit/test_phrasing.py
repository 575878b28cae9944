"""What is said, cut so that its fixed beginnings come from the cache."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.call import Lang
from nlp.dialogue.prompts import Prompts
from voice.phrasing import Phrasing

PHRASING = Phrasing(Prompts.load(), company={"zh": "顺达货运", "en": "Shunda Freight"})


@pytest.mark.parametrize(
    ("text", "lang", "pieces"),
    [
        ("发货地是上海市浦东新区，对吗？", "zh", ["发货地是", "上海市浦东新区，对吗？"]),
        ("明白，一共十六件。", "zh", ["明白，", "一共十六件。"]),
        ("好的，都记下了。", "zh", ["好的，都记下了。"]),
        ("您的服装里，带电池吗？", "zh", ["您的服装里，带电池吗？"]),
        ("Okay, 16 pieces.", "en", ["Okay, ", "16 pieces."]),
        ("It goes by air, is that right?", "en", ["It goes by ", "air, is that right?"]),
        ("", "zh", []),
    ],
)
def test_a_fixed_beginning_stands_alone(text: str, lang: Lang, pieces: list[str]) -> None:
    assert PHRASING.cut(text, lang) == pieces


def test_everything_fixed_is_a_piece_of_what_is_said() -> None:
    fixed = set(PHRASING.fixed())
    assert {("发货地是", "zh"), ("好的，", "zh"), ("Okay, ", "en")} <= fixed
    assert any("顺达货运" in piece for piece, _ in fixed)
    for lang, wordings in Prompts.load().wordings.items():
        for key, wording in wordings.items():
            if not (wording.placeholders() or key.startswith("value.")):
                for variant in wording.variants:
                    assert {(piece, lang) for piece in PHRASING.cut(variant, lang)} <= fixed


@given(st.sampled_from(["发货地是", "好的，", ""]), st.text(), st.sampled_from(["zh", "en"]))
def test_the_pieces_give_the_text(begun: str, rest: str, lang: Lang) -> None:
    text = begun + rest
    pieces = PHRASING.cut(text, lang)
    assert "".join(pieces) == text
    assert all(pieces)
