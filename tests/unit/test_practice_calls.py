"""Whole practice calls: the card says what a head would say of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from nlp.training.scenario import lesson
from nlp.training.scorecard import score
from tests.unit.test_training import taken

TODAY = date(2026, 11, 25)
CALLS: list[dict[str, Any]] = yaml.safe_load(
    (Path(__file__).parents[1] / "data" / "practice_calls.yaml").read_text("utf-8")
)


@pytest.mark.parametrize("call", CALLS, ids=[one["name"] for one in CALLS])
def test_the_card_says_what_a_head_would_say(call: dict[str, Any]) -> None:
    one = lesson(call["lesson"], today=TODAY)
    form = call.get("form", {**one.goal.values, "dangerous": one.goal.dangerous})
    card = score(taken(*call["said"]), form, one.goal, one.lang)
    assert [check.name for check in card.checks if not check.passed] == call["missed"]


def test_a_choice_that_is_offered_is_none_that_was_read_back() -> None:
    one = lesson("zh-1-plain", today=TODAY)
    for said, lacks in (("运费是月结还是到付？", True), ("运费月结，对吗？", False)):
        card = score(taken("您好。", said), {}, one.goal, one.lang)
        read_back = next(check for check in card.checks if check.name == "read_back")
        assert ("payment" in read_back.lacking) is lacks
