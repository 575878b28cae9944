"""The desk's own dangerous goods: how they are written, and what callers' words then mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from models.call import Lang
from models.dangerous_list import Listed, UnfitList, listed, read, typed
from models.fields import DangerousGood
from nlp.dialogue.settings import DialogueSettings
from nlp.meaning import Expectation, Utterance
from nlp.understand import Understander
from tests.orders import NOW

TEXT = "星火膏, 星火胶 | 4.1 | un1325 | forbidden | papers | papers\n\n电动车 | -"
LIST = tuple(listed(read(TEXT, "zh"), "zh"))
ENGLISH = tuple(listed(read("Spark  Paste | 4.1 | UN1325", "en"), "en"))


@pytest.fixture(scope="module")
def understander() -> Iterator[Understander]:
    yield Understander()


def meant(
    understander: Understander, text: str, goods: tuple[Listed, ...], lang: Lang = "zh"
) -> dict[str, object]:
    heard = Utterance(text=text, lang=lang, confidence=0.9)
    expectation = Expectation(slot="goods", lang=lang, now=NOW, listed=goods)
    return {f.name: f.value for f in understander.understand(heard, expectation).fields}


def test_a_list_comes_back_as_it_was_written() -> None:
    body = read(TEXT, "zh")
    assert typed(body).splitlines() == [
        "星火膏, 星火胶 | 4.1 | UN1325 | forbidden | papers | papers",
        "电动车 | -",
    ]
    assert read(typed(body), "zh") == body
    assert LIST[0].dangerous("星火胶") == DangerousGood("星火胶", "4.1", "UN1325")
    assert LIST[1].dangerous("电动车") is None
    assert list(listed(None, "zh")) == []


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("星火膏", "is written as"),
        ("星火膏 | 3 | UN1325 | | | | x", "is written as"),
        ("膏 | 3", "2 to 60"),
        (" | 3", "2 to 60"),
        ("星火膏 | 10", "A class"),
        ("星火膏 | 3 | 1325", "UN number"),
        ("星火膏 | 3 | UN1325 | maybe", "forbidden, papers"),
        ("星火胶, 星火胶 | 3\n星火胶 | 3", "twice"),
        ("\n".join(f"货物{n:03} | 3" for n in range(501)), "500"),
    ],
)
def test_a_line_that_breaks_a_rule_is_named(line: str, told: str) -> None:
    with pytest.raises(UnfitList, match=told) as refused:
        read(f"甲醛水 | 8\n{line}", "zh")
    assert refused.value.line > 1


def test_a_listed_good_is_dangerous_and_none_without_the_list(understander: Understander) -> None:
    found = meant(understander, "我要发星火膏十六件", LIST)
    assert found["dangerous"] == (DangerousGood("星火膏", "4.1", "UN1325"),)
    assert "dangerous" not in meant(understander, "我要发星火膏十六件", ())


def test_a_listed_good_is_found_by_its_sound(understander: Understander) -> None:
    found = meant(understander, "我要发新火膏", LIST)
    assert found["dangerous"] == (DangerousGood("星火膏", "4.1", "UN1325"),)


def test_what_the_desk_knows_to_be_harmless_is_no_danger(understander: Understander) -> None:
    assert "dangerous" in meant(understander, "发电动车", ())
    found = meant(understander, "发电动车", LIST)
    assert "dangerous" not in found
    assert found["goods"] == "电动车"


def test_english_goods_have_their_own_list(understander: Understander) -> None:
    found = meant(understander, "we are sending spark paste", ENGLISH, "en")
    assert found["dangerous"] == (DangerousGood("spark paste", "4.1", "UN1325"),)
    assert "dangerous" not in meant(understander, "we are sending spark paste", LIST, "en")


def test_settings_carry_the_list() -> None:
    assert replace(DialogueSettings(), listed=LIST).listed == LIST
