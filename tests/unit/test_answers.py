"""Whether what was understood so far answers the question."""

from __future__ import annotations

import pytest

from models.fields import Value
from nlp.meaning import Ambiguity, Expectation, HeardField, Intent, Understanding, Utterance
from tests.fakes import FakeUnderstander
from tests.orders import NOW
from voice.answers import Meanings, answers, as_utterance
from voice.ports import Hypothesis


def meaning(**values: Value) -> Understanding:
    return Understanding(
        intent=Intent.ORDER,
        fields=tuple(
            HeardField(name=name.replace("__", "."), value=value, heard="", confidence=0.9)
            for name, value in values.items()
        ),
    )


@pytest.mark.parametrize(
    ("slot", "values", "answered"),
    [
        ("mode", {"mode": "air"}, True),
        ("mode", {"goods": "服装"}, False),
        ("mode", {}, False),
        ("origin", {"origin__city": "上海市", "origin__district": "浦东新区"}, False),
        ("origin", {"origin__city": "上海市", "origin__detail": "张江路88号"}, True),
        ("origin.detail", {"origin__detail": "张江路"}, False),
        ("origin.detail", {"origin__detail": "张江路88号"}, True),
        ("consignee", {"consignee__name": "王强"}, False),
        ("pickup", {"pickup_date": "2026-11-25", "pickup_start": "2026-11-25T14:00"}, False),
        ("pickup_start", {"pickup_start": "1", "pickup_end": "2"}, True),
        ("remarks", {"remarks": "小心轻放"}, False),
        ("yes_no", {"pieces": 16}, False),
        (None, {"pieces": 16}, False),
    ],
)
def test_an_answer_has_all_that_was_asked(
    slot: str | None, values: dict[str, Value], answered: bool
) -> None:
    assert answers(meaning(**values), Expectation(slot=slot, now=NOW)) is answered


def test_an_ambiguous_answer_is_none_yet() -> None:
    unclear = Understanding(
        intent=Intent.ORDER,
        fields=meaning(mode="air").fields,
        ambiguities=(Ambiguity(name="origin.district", heard="朝阳", choices=({}, {})),),
    )
    assert not answers(unclear, Expectation(slot="mode", now=NOW))


def test_hypotheses_become_an_utterance() -> None:
    found = [
        Hypothesis(text="one", confidence=0.8, lang="en"),
        Hypothesis(text="won", confidence=0.1),
    ]
    assert as_utterance(found, Expectation(now=NOW)) == Utterance(
        text="one", alternatives=("won",), lang="en", confidence=0.8
    )


def test_what_was_understood_early_is_not_understood_again() -> None:
    understander = FakeUnderstander()
    meanings = Meanings(understander)
    mode, goods = Expectation(slot="mode", now=NOW), Expectation(slot="goods", now=NOW)
    air, rail = Hypothesis(text="空运", confidence=0.8), Hypothesis(text="铁路", confidence=0.8)
    assert not meanings.answer([air], mode)
    meanings.of([air], mode)
    assert len(understander.given) == 1
    meanings.of([air], goods)
    meanings.of([rail], goods)
    meanings.of([air], mode)
    assert [(u.text, e.slot) for u, e in understander.given] == [
        ("空运", "mode"),
        ("空运", "goods"),
        ("铁路", "goods"),
        ("空运", "mode"),
    ]
