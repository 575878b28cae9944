"""What a recogniser wrote for short answers, days and places, and what stays as it is."""

from datetime import datetime

import pytest

from models.call import Lang
from nlp.meaning import Expectation, Utterance
from nlp.normalize.text import tidy
from nlp.respell import respell
from nlp.roadwords import once
from nlp.understand import Understander


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def fields(understander: Understander, text: str, slot: str | None, lang: Lang = "zh"):
    expectation = Expectation(slot=slot, lang=lang, now=datetime(2026, 11, 24, 10))
    meaning = understander.understand(Utterance(text=text, lang=lang, confidence=1.0), expectation)
    return {field.name: field for field in meaning.fields}


@pytest.mark.parametrize(
    ("text", "slot", "name", "value"),
    [
        ("西脱", "pieces", "pieces", 7),
        ("0.8端", "weight", "weight_kg", 800.0),
        ("6分半", "volume", "volume_m3", 6.5),
        ("三段", "weight", "weight_kg", 3000.0),
    ],
)
def test_an_amount_is_found_by_its_sound_where_it_is_asked_for(
    understander, text, slot, name, value
):
    found = fields(understander, text, slot)[name]
    assert (found.value, found.confidence) == (value, pytest.approx(0.5))
    assert name not in fields(understander, text, "remarks")


@pytest.mark.parametrize("text", ["一样", "不是", "知道", "是的", "没有", "对的", "放心"])
@pytest.mark.parametrize("slot", ["pieces", "weight", "volume"])
def test_other_short_answers_are_no_amounts(understander, text, slot):
    assert not {"pieces", "weight_kg", "volume_m3"} & fields(understander, text, slot).keys()


@pytest.mark.parametrize(
    ("text", "slot", "city"),
    [
        ("six drums from Tenjin by truck", None, "origin.city=天津市"),
        ("deliver it to Fochon please", None, "destination.city=佛山市"),
        ("Shaman.", "destination", "destination.city=厦门市"),
        ("it's Sujo", "origin", "origin.city=苏州市"),
    ],
)
def test_large_cities_are_found_by_their_sound_in_english(understander, text, slot, city):
    name, value = city.split("=")
    found = fields(understander, text, slot, "en")[name]
    assert found.value == value
    assert found.confidence < 0.8


@pytest.mark.parametrize(
    "text",
    ["I come from Germany", "they're in London", "it goes to Michael", "is it from the factory"],
)
def test_other_places_are_no_chinese_cities(understander, text):
    assert not [name for name in fields(understander, text, None, "en") if name.endswith(".city")]


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("后先下午两点", "后天下午两点"), ("下午月六号", "下个月六号"), ("晚上七点三克", "晚上七点三刻"),
        ("鲜花二十乡要空运", "鲜花二十箱要空运"), ("今年下午", "今年下午"), ("后面下午来", "后面下午来"),
        ("三点三公里", "三点三公里"),
    ],
)  # fmt: skip
def test_days_quarters_and_boxes_are_respelled_where_only_they_can_stand(heard, meant):
    assert respell(heard).text == meant


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("手机壳手机壳", "手机壳"), ("cigarette lighters, cigarette lighters, cigarette", "cigarette lighters"),
        ("六六六六", "六六六六"), ("对对对对", "对对对对"), ("不是不是", "不是不是"),
        ("steel pipes steel plates", "steel pipes steel plates"),
    ],
)  # fmt: skip
def test_an_echo_is_dropped(heard, meant):
    assert once(heard) == meant


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("2,400 and 50 kilograms", "2450 kilograms"), ("two and half tons", "two and a half tons"),
        ("at half, past two", "at half past two"), ("200 and 50 others", "200 and 50 others"),
        ("in one and half the others", "in one and half the others"),
    ],
)  # fmt: skip
def test_english_numbers_are_put_together(heard, meant):
    assert tidy(heard, "en") == meant
