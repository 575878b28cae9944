"""Yes and no as they are heard: a yes never comes from a no."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.call import Lang
from nlp.meaning import Expectation, Polarity, Utterance
from nlp.understand import Understander

NOW = datetime.fromisoformat("2026-11-24T10:00")
UNDERSTANDER = Understander()


def _polarity(text: str, lang: Lang, slot: str | None) -> Polarity | None:
    utterance = Utterance(text=text, lang=lang, confidence=1.0)
    return UNDERSTANDER.understand(utterance, Expectation(slot=slot, lang=lang, now=NOW)).polarity


@pytest.mark.parametrize("text", ["队", "兑", "推的 推的", "四的", "美错", "可一"])
def test_a_yes_is_known_by_its_sound(text: str) -> None:
    assert _polarity(text, "zh", "confirm") == "yes"


@pytest.mark.parametrize(
    "text", ["部队", "不队", "梅有", "没油", "布是", "无事的", "不四的", "步行", "否", "部好"]
)
def test_a_no_is_known_by_its_sound_and_never_a_yes(text: str) -> None:
    assert _polarity(text, "zh", "confirm") == "no"
    assert _polarity(text, "zh", None) != "yes"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("yah", "yes"), ("yap", "yes"), ("yeah", "yes"), ("nope", "no"), ("know", "no"), ("noe", "no"),
        ("knot right", "no"), ("in correct", "no"), ("know it is wrong", "no"), ("that's right", "yes"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("slot", ["confirm", None])
def test_english_answers_as_heard(text: str, said: Polarity, slot: str | None) -> None:
    assert _polarity(text, "en", slot) == said
