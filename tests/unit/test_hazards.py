"""Dangerous goods by name, number and class; harmless things with dangerous names."""

from __future__ import annotations

from datetime import datetime

import pytest

from models.call import Lang
from models.fields import DangerousGood, Value
from nlp.gazetteer.goods import goods
from nlp.meaning import Expectation, Utterance
from nlp.understand import Understander

NOW = datetime.fromisoformat("2026-11-24T10:00")
UNDERSTANDER = Understander()


def _fields(text: str, lang: Lang = "zh", slot: str = "goods") -> dict[str, Value]:
    meaning = UNDERSTANDER.understand(
        Utterance(text=text, lang=lang, confidence=1.0),
        Expectation(slot=slot, lang=lang, now=NOW),
    )
    return {field.name: field.value for field in meaning.fields}


def _un(text: str, lang: Lang = "zh") -> list[str | None]:
    named = _fields(text, lang).get("dangerous", ())
    assert isinstance(named, tuple)
    return [good.un_number for good in named if isinstance(good, DangerousGood)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十箱打火机", "UN1057"), ("两桶天那水", "UN1263"), ("电瓶水", "UN2796"), ("502胶水", "UN1133"),
        ("充电宝五百个", "UN3480"), ("暖宝宝", "UN3190"), ("UN1263", "UN1263"), ("UN一二六三", "UN1263"),
        ("自喷漆", "UN1950"), ("礼电池", "UN3480"),
    ],
)  # fmt: skip
def test_mandarin_names(text: str, number: str) -> None:
    assert number in _un(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("cigarette lighters", "UN1057"), ("paint thinner", "UN1263"), ("power banks", "UN3480"),
        ("UN 1950", "UN1950"), ("u.n. three four eight zero", "UN3480"), ("air freshener", "UN1950"),
    ],
)  # fmt: skip
def test_english_names(text: str, number: str) -> None:
    assert number in _un(text, "en")


@pytest.mark.parametrize(
    "text",
    ["油漆刷", "酒精灯架", "打火机外壳", "电池盒", "氧气面罩", "木炭烤炉", "硫酸铜", "聚乙烯颗粒", "汽油泵", "空油桶",
     "水性漆", "干电池", "香水瓶空瓶", "喷雾器配件", "活性炭口罩"],
)  # fmt: skip
def test_harmless_things_in_mandarin(text: str) -> None:
    assert _un(text) == []


@pytest.mark.parametrize(
    "text",
    ["paint brushes", "battery holders", "oxygen masks", "empty gas cylinders", "gas stoves"],
)
def test_harmless_things_in_english(text: str) -> None:
    assert _un(text, "en") == []


def test_a_class_alone_is_declared() -> None:
    (named,) = _fields("第九类危险品")["dangerous"]  # type: ignore[misc, union-attr]
    assert named == DangerousGood("第九类危险品", "9", None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_name_in_the_table_is_found(lang: Lang) -> None:
    missed = [
        name
        for name, good in goods(lang).items()
        if good.dangerous and len(name) > 1 and good.dangerous.un_number not in _un(name, lang)
    ]
    assert len(missed) / len(goods(lang)) < 0.01, missed


def test_a_whole_name_is_kept() -> None:
    assert _fields("橡胶密封圈三百公斤")["goods"] == "橡胶密封圈"
    assert _fields("stainless steel screws", "en")["goods"] == "stainless steel screws"
    assert _fields("一车钢材")["goods"] == "钢材"


@pytest.mark.parametrize(
    ("text", "lang", "slot", "hazard"),
    [
        ("美甲店用的光疗胶", "zh", "goods", "3"), ("有一瓶无水酒精", "zh", "", "3"),
        ("汽油法电机两台", "zh", "", "9"), ("有两瓶香水夹在里面", "zh", "dangerous", "3"),
        ("contact cement in cans", "en", "goods", "3"), ("scuba cylinders", "en", "goods", "2.2"),
        ("电池都拆掉了", "zh", "dangerous", None), ("香水味的纸巾", "zh", "goods", None),
        ("水性墙面漆", "zh", "goods", None), ("电动车头盔", "zh", "goods", None),
        ("子弹头形状的保温杯", "zh", "goods", None),
        ("we're sending phone cases, no batteries included", "en", "", None),
        ("the batteries have been taken out", "en", "dangerous", None),
        ("lighter weight jackets", "en", "goods", None), ("diesel jeans", "en", "goods", None),
    ],
)  # fmt: skip
def test_trade_names_are_dangerous_and_things_named_after_them_are_not(
    text: str, lang: Lang, slot: str, hazard: str | None
) -> None:
    named = _fields(text, lang, slot).get("dangerous") or ()
    assert isinstance(named, tuple)
    assert [g.hazard_class for g in named if isinstance(g, DangerousGood)] == (
        [hazard] if hazard else []
    )
