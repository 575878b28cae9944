"""Places of which every syllable may be misheard."""

from datetime import datetime

import pytest

from nlp.meaning import Expectation, Utterance
from nlp.nearest import NearestPhrase, Phrase
from nlp.understand import Understander


@pytest.fixture(scope="module")
def understander() -> Understander:
    return Understander()


def understood(understander: Understander, text: str, slot: str | None = None):
    expectation = Expectation(slot=slot, lang="zh", now=datetime(2026, 11, 24, 10))
    meaning = understander.understand(Utterance(text=text, lang="zh", confidence=1.0), expectation)
    return {field.name: field for field in meaning.fields}


@pytest.mark.parametrize(
    ("text", "city", "district"),
    [
        ("到明波引周", "宁波市", "鄞州区"),
        ("目的地改成明波引周", "宁波市", "鄞州区"),
        ("发到程度双游", "成都市", "双流区"),
        ("到北京招扬", "北京市", "朝阳区"),
        ("送到昌沙越录", "长沙市", "岳麓区"),
    ],
)
def test_city_and_district_are_found_by_their_sound_together(understander, text, city, district):
    fields = understood(understander, text, "destination")
    assert fields["destination.city"].value == city
    assert fields["destination.district"].value == district


def test_such_a_place_is_less_sure_and_says_that_it_was_repaired(understander):
    district = understood(understander, "到程度双游", "destination")["destination.district"]
    assert district.repaired
    assert district.confidence < 0.7


@pytest.mark.parametrize(
    "text",
    ["我要发货", "送到了再打电话", "到了提前联系我", "发的都是办公家具", "从来没有发过危险品"],
)
def test_other_words_are_no_places(understander, text):
    assert not [name for name in understood(understander, text) if ".city" in name]


def test_the_nearest_phrase_wins_and_a_seldom_one_has_to_be_nearer():
    table = NearestPhrase(
        [
            Phrase(("ning", "bo"), "宁波"),
            Phrase(("ming", "bo"), "seldom", 0.4),
            Phrase(("ning", "bo", "shi"), "宁波市"),
        ]
    )
    assert table.find(("ning", "bo"), 0.1) == ("宁波", 0.0)
    heard = table.find(("ming", "bo"), 0.4)
    assert heard is not None
    assert heard[0] == "宁波"
    assert table.find(("chang", "sha"), 0.5) is None
    assert table.find(("ning",), 1.0) is None
