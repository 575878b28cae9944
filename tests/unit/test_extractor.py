"""What an extractor proposes is believed only where it was said and the rules agree."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.call import Lang
from models.fields import FIELDS, Value, check
from nlp.dialogue.settings import DialogueSettings
from nlp.extractor import PROPOSED, SURE, combine
from nlp.grounding import grounded
from nlp.meaning import Expectation, Understanding, Utterance
from nlp.understand import Understander

NOW = datetime.fromisoformat("2026-11-24T10:00")
RULES = Understander()


def combined(
    text: str, proposals: dict[str, str], slot: str | None = None, lang: Lang = "zh"
) -> tuple[Understanding, Understanding]:
    """By the rules alone, and with the proposals."""
    utterance = Utterance(text=text, lang=lang, confidence=1.0)
    expectation = Expectation(slot=slot, lang=lang, now=NOW)
    alone = RULES.understand(utterance, expectation)
    return alone, combine(utterance, expectation, alone, proposals, RULES.understand)


def values(meaning: Understanding) -> dict[str, Value]:
    return {field.name: field.value for field in meaning.fields}


@pytest.mark.parametrize(
    ("words", "said", "lang", "expected"),
    [
        ("张江路", "送到张江鹿那边", "zh", True),
        ("88号", "建国路八十八号", "zh", True),
        ("13911112222", "电话一三九幺幺幺幺二二二二", "zh", True),
        ("8号", "建国路88号", "zh", False),
        ("六百", "三千六百斤", "zh", False),
        ("王强", "送到张江路", "zh", False),
        ("16", "sixteen pallets", "en", True),
        ("six", "sixty six pallets", "en", False),
        ("", "sixteen", "en", False),
    ],
)
def test_grounded(words: str, said: str, lang: Lang, expected: bool) -> None:
    assert grounded(words, said, lang) is expected


def test_missed_words_are_taken_and_checked_by_the_dialogue() -> None:
    alone, both = combined("到那边呢找一下老李头", {"consignee.name": "老李头"})
    assert values(alone) == {}
    assert values(both) == {"consignee.name": "老李头"}
    assert both.fields[0].confidence == PROPOSED < DialogueSettings().check_below


@pytest.mark.parametrize(
    "proposals",
    [
        {"consignee.name": "王强"},
        {"pieces": "三十"},
        {"dangerous": ""},
        {"goods": "不是"},
        {"no such field": "老李头"},
        {"pieces": "老李头"},
    ],
)
def test_what_was_not_said_or_fits_nowhere_is_dropped(proposals: dict[str, str]) -> None:
    alone, both = combined("到那边呢找一下老李头", proposals)
    assert both == alone


def test_danger_is_suspected_but_never_denied() -> None:
    alone, both = combined("没有，就是一点天那水", {"dangerous": "天那水"}, "dangerous")
    assert "天那水" in both.asks_danger
    assert replace(both, asks_danger=alone.asks_danger) == alone
    alone, both = combined("没有", {"dangerous": "没有锂电池"}, "dangerous")
    assert both == alone


SENTENCES = (
    ("我要发十四桶油漆三吨半从上海浦东新区张江路八十八号发到北京朝阳区", None),
    ("对，没错", "confirm"),
    ("不对，重量是三百公斤", "confirm"),
    ("没有危险品", "dangerous"),
    ("绣花枕套", "goods"),
    ("转人工", "pieces"),
    ("到那边呢找一下老李头，明天下午两点", "consignee"),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data(), sentence=st.sampled_from(SENTENCES))
def test_whatever_is_proposed_the_rules_stand(
    data: st.DataObject, sentence: tuple[str, str | None]
) -> None:
    text, slot = sentence
    ends = st.tuples(st.integers(0, len(text)), st.integers(0, len(text)))
    piece = ends.map(lambda e: text[min(e) : max(e)])
    names = st.sampled_from(tuple(FIELDS)) | st.text(max_size=5)
    words = piece | st.text(max_size=12) | st.sampled_from(("三百", "是", "没有", "88号", "北京"))
    proposals = data.draw(st.dictionaries(names, words, max_size=5))
    alone, both = combined(text, proposals, slot)
    assert both.polarity == alone.polarity
    assert both.disputed == alone.disputed
    assert set(alone.asks_danger) <= set(both.asks_danger)
    found = {f.name: f for f in both.fields}
    assert all(found[f.name] == f for f in alone.fields if f.confidence >= SURE)
    assert {f.name for f in alone.fields} <= found.keys()
    assert [f for f in both.fields if f.name == "dangerous"] == [
        f for f in alone.fields if f.name == "dangerous"
    ]
    for field in both.fields:
        assert check(field.name, field.value) is not None
