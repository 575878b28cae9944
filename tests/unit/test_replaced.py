"""What a caller takes back within one utterance, and goods that no table holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest

from models.call import Lang
from models.fields import Value
from nlp.meaning import Expectation, Intent, Understanding, Utterance
from nlp.understand import Understander

NOW = datetime.fromisoformat("2026-11-24T10:00")
UNDERSTANDER = Understander()
KNOWN: Mapping[str, Value] = {
    "weight_kg": 670.0, "pieces": 40, "consignee.phone": "+8613812345678", "mode": "road",
}  # fmt: skip


def _read(text: str, slot: str | None = None, lang: Lang = "zh") -> Understanding:
    return UNDERSTANDER.understand(
        Utterance(text=text, lang=lang, confidence=1.0),
        Expectation(slot=slot, lang=lang, now=NOW, known=KNOWN),
    )


def _fields(text: str, slot: str | None = None, lang: Lang = "zh") -> dict[str, Value]:
    return {field.name: field.value for field in _read(text, slot, lang).fields}


@pytest.mark.parametrize(
    ("text", "slot", "name", "value"),
    [
        ("四十桶，不，十四桶", "pieces", "pieces", 14),
        ("从杭州，不对，从宁波发", None, "origin.city", "宁波市"),
        ("明天，哦不，后天下午三点", "pickup", "pickup_start", "2026-11-26T15:00"),
        ("下午两点吧，不对，三点", "pickup", "pickup_start", "2026-11-24T15:00"),
        ("不是六百七，是七百六", "confirm", "weight_kg", 760.0),
        ("重量是八百五不是五百八", "confirm", "weight_kg", 850.0),
        ("走空运不走汽运", "confirm", "mode", "air"),
        ("不是月结，是到付", "confirm", "payment", "collect"),
        ("电话最后四位是六六八八", "confirm", "consignee.phone", "+8613812346688"),
    ],
)
def test_mandarin(text: str, slot: str | None, name: str, value: Value) -> None:
    assert _fields(text, slot)[name] == value


@pytest.mark.parametrize(
    ("text", "slot", "name", "value"),
    [
        ("forty drums, sorry, fourteen drums", "pieces", "pieces", 14),
        ("from Hangzhou, no wait, from Ningbo", None, "origin.city", "宁波市"),
        ("it's going to Hangzhou, not Guangzhou", "confirm", "destination.city", "杭州市"),
        ("make it collect instead of prepaid", "confirm", "payment", "collect"),
        ("I said fifteen pieces, not fifty", "confirm", "pieces", 15),
        ("the phone number ends in 6688", "confirm", "consignee.phone", "+8613812346688"),
    ],
)
def test_english(text: str, slot: str | None, name: str, value: Value) -> None:
    assert _fields(text, slot, "en")[name] == value


def test_a_denied_value_makes_a_correction() -> None:
    assert _read("走空运不走汽运", "confirm").intent is Intent.CORRECT
    assert _read("四十桶，不，十四桶", "pieces").intent is Intent.ORDER


@pytest.mark.parametrize(
    ("text", "goods"),
    [
        ("一吨半的铝制晾衣杆到常州武进", "铝制晾衣杆"),
        ("中山古镇的琉璃灯笼发到成都金牛", "琉璃灯笼"),
        ("从昆明官渡发到大理，藏红花二十箱，要空运", "藏红花"),
    ],
)
def test_goods_are_found_by_where_they_stand(text: str, goods: str) -> None:
    assert _fields(text)["goods"] == goods


def test_names_are_spelled_by_example() -> None:
    assert _fields("陈晨，耳东陈，早晨的晨", "consignee") == {"consignee.name": "陈晨"}
    assert _fields("收件人是立早章的章伟", "consignee") == {"consignee.name": "章伟"}


def test_sides_are_those_of_one_piece_where_pieces_are_counted() -> None:
    assert _fields("一米二乘八十公分乘一米五，十二托", "volume")["volume_m3"] == 17.28
    assert _fields("1.2 by 0.8 by 1 meters, ten pallets", "volume", "en")["volume_m3"] == 9.6


def test_rough_amounts_are_not_written_down() -> None:
    assert "weight_kg" not in _fields("两三吨", "weight")
    assert _fields("五百多公斤", "weight")["weight_kg"] == 500.0
