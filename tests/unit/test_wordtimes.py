"""Where a turn's words stand in its text, and which seconds a value comes from."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.call import Turn, Word
from models.codec import words_from, words_json
from models.wordtimes import pieces, span_of
from nlp.meaning import Expectation, Utterance
from nlp.understand import Understander
from tests.orders import NOW


def turn(text: str, *words: str) -> Turn:
    timed = [
        Word(text=word, started_ms=1000 + at * 100, ended_ms=1100 + at * 100, confidence=0.5)
        for at, word in enumerate(words)
    ]
    return Turn(index=0, speaker="caller", text=text, started_ms=900, words=tuple(timed))


def test_text_between_words_is_kept() -> None:
    cut = pieces(turn("I said, sixteen cartons.", "I", "said", "sixteen", "cartons"))
    assert [(piece.text, piece.word is not None) for piece in cut] == [
        ("I", True),
        (" ", False),
        ("said", True),
        (", ", False),
        ("sixteen", True),
        (" ", False),
        ("cartons", True),
        (".", False),
    ]


@given(st.text(max_size=30), st.lists(st.text(min_size=1, max_size=4), max_size=8))
def test_pieces_are_the_whole_text(text: str, words: list[str]) -> None:
    assert "".join(piece.text for piece in pieces(turn(text, *words))) == text


def test_a_value_has_the_seconds_of_its_words() -> None:
    said = turn("你好,一共16件。", *"你好一共", "16", "件")
    assert span_of(said, "16件") == (1400, 1600)
    assert span_of(said, "16 件。") == (1400, 1600)
    assert span_of(said, "你好，一共") == (1000, 1400)


def test_of_words_said_twice_the_last_ones_count() -> None:
    assert span_of(turn("十件不十件", *"十件不十件"), "十件") == (1300, 1500)


def test_case_does_not_matter() -> None:
    assert span_of(turn("To Pudong, please", "To", "Pudong", "please"), "pudong") == (1100, 1200)


def test_what_is_understood_is_found_among_the_words() -> None:
    text = "我要发十六件耳机，总重120公斤半，走空运。"
    said = turn(text, *"我要发十六件耳机总重", "120", *"公斤半走空运")
    utterance = Utterance(text=text, lang="zh", confidence=0.9)
    meaning = Understander().understand(utterance, Expectation(now=NOW))
    assert {field.name: span_of(said, field.heard) for field in meaning.fields} == {
        "pieces": (1300, 1600),
        "goods": (1600, 1800),
        "weight_kg": (2000, 2400),
        "mode": (2500, 2700),
    }


def test_words_that_are_not_there_have_no_seconds() -> None:
    said = turn("十六件", *"十六件")
    assert span_of(said, "十七件") is None
    assert span_of(said, "。") is None
    assert span_of(turn("十六件"), "十六件") is None
    assert span_of(turn("十六件", "外"), "十六件") is None


def test_words_are_kept_as_json() -> None:
    words = turn("ab", "a", "b").words
    assert words_from(words_json(words)) == words
    assert words_json(()) is None
    assert words_from(None) == ()
