"""Utterances to fields, polarity, intents and wishes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.call import Lang
from models.fields import DangerousGood, Value
from nlp.meaning import Expectation, Intent, Understanding, Utterance, Vocabulary, Wish
from nlp.understand import Understander

NOW = datetime.fromisoformat("2026-11-24T10:00")
UNDERSTANDER = Understander()


def understand(
    text: str,
    slot: str | None = None,
    lang: Lang = "zh",
    known: Mapping[str, Value] | None = None,
    **more: object,
) -> Understanding:
    alternatives = more.get("alternatives", ())
    readback = more.get("readback", ())
    vocabulary = more.get("vocabulary", Vocabulary())
    assert isinstance(alternatives, tuple)
    assert isinstance(readback, tuple)
    assert isinstance(vocabulary, Vocabulary)
    return UNDERSTANDER.understand(
        Utterance(text=text, lang=lang, confidence=0.9, alternatives=alternatives),
        Expectation(
            slot=slot, lang=lang, now=NOW, known=known or {}, readback=readback,
            vocabulary=vocabulary,
        ),
    )  # fmt: skip


def values(meaning: Understanding) -> dict[str, Value]:
    return {field.name: field.value for field in meaning.fields}


def test_a_whole_order_in_one_breath() -> None:
    found = values(
        understand(
            "我要发十四桶油漆三吨半从上海浦东新区张江路八十八号发到北京朝阳区建国路九十三号明天下午两点提货走汽运月结"
        )
    )
    assert found["origin.district"] == "浦东新区"
    assert found["origin.detail"] == "张江路88号"
    assert found["destination.city"] == "北京市"
    assert found["destination.detail"] == "建国路93号"
    assert (found["pieces"], found["weight_kg"], found["goods"]) == (14, 3500.0, "油漆")
    assert found["pickup_start"] == "2026-11-25T14:00"
    assert (found["mode"], found["payment"]) == ("road", "monthly")
    assert found["dangerous"] == (DangerousGood("油漆", "3", "UN1263"),)


def test_a_whole_order_in_english() -> None:
    found = values(
        understand(
            "fourteen drums of paint, fifteen hundred pounds, from 88 Zhangjiang Road, Pudong, "
            "Shanghai to Beijing, pick up tomorrow at three pm",
            lang="en",
        )
    )
    assert found["origin.detail"] == "88 Zhangjiang Road"
    assert found["origin.district"] == "浦东新区"
    assert found["destination.city"] == "北京市"
    assert (found["pieces"], found["weight_kg"], found["packaging"]) == (14, 680.39, "drums")
    assert found["pickup_start"] == "2026-11-25T15:00"


def test_a_self_correction_keeps_the_later_value() -> None:
    assert values(understand("四十桶，不，十四桶", "pieces"))["pieces"] == 14


def test_each_times_pieces_is_the_weight() -> None:
    assert values(understand("五托每托一百八", "pieces"))["weight_kg"] == 900.0


def test_a_correction_of_a_known_value() -> None:
    meaning = understand("不是六百七，是七百六", "confirm", known={"weight_kg": 670.0})
    assert meaning.intent is Intent.CORRECT
    assert [(f.name, f.value, f.corrects) for f in meaning.fields] == [("weight_kg", 760.0, True)]


def test_a_changed_time_keeps_the_day() -> None:
    known: dict[str, Value] = {"pickup_date": "2026-11-27", "pickup_start": "2026-11-27T10:00"}
    found = values(understand("提货时间改成下午三点", "confirm", known=known))
    assert found["pickup_start"] == "2026-11-27T15:00"


def test_the_second_one_is_wrong() -> None:
    known: dict[str, Value] = {"pieces": 5, "weight_kg": 90.0}
    meaning = understand("第二个不对", "confirm", known=known, readback=("pieces", "weight_kg"))
    assert (meaning.disputed, meaning.fields) == (("weight_kg",), ())


def test_a_place_of_many_cities_is_asked() -> None:
    meaning = understand("朝阳区", "destination")
    cities = [choice["destination.city"] for choice in meaning.ambiguities[0].choices]
    assert cities[:2] == ["北京市", "长春市"]


def test_a_known_city_settles_the_district() -> None:
    known: dict[str, Value] = {"destination.city": "长春市"}
    assert values(understand("朝阳区", "destination", known=known))["destination.city"] == "长春市"


def test_misheard_places_and_goods_are_repaired_with_less_confidence() -> None:
    place = understand("上海普通新区张江路88号", "origin")
    assert values(place)["origin.district"] == "浦东新区"
    assert all(f.repaired and f.confidence < 0.9 for f in place.fields if "district" in f.name)
    assert values(understand("礼电池", "goods"))["goods"] == "锂电池"


def test_the_alternative_that_answers_is_taken() -> None:
    meaning = understand("是流食剑", "pieces", alternatives=("是六十件",))
    assert values(meaning)["pieces"] == 60
    assert meaning.confidence < 0.9


def test_the_customers_own_people_are_known_by_sound() -> None:
    vocabulary = Vocabulary(people=("章文娜",))
    assert values(understand("张文娜", "consignee", vocabulary=vocabulary)) == {
        "consignee.name": "章文娜"
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [("收货人张伟，弓长张", "张伟"), ("收件人叫欧阳娜", "欧阳娜"), ("收货人章文，立早章", "章文")],
)
def test_names(text: str, name: str) -> None:
    assert values(understand(text))["consignee.name"] == name


@pytest.mark.parametrize(
    ("text", "slot", "polarity"),
    [
        ("没有问题", "confirm", "yes"), ("对的对的", "confirm", "yes"), ("不对不对", "confirm", "no"),
        ("没错", "yes_no", "yes"), ("不用了", "more", "no"), ("好的，稍等", "yes_no", "yes"),
    ],
)  # fmt: skip
def test_polarity(text: str, slot: str, polarity: str) -> None:
    assert understand(text, slot).polarity == polarity


def test_no_to_the_dangerous_question_declares_none() -> None:
    assert values(understand("没有", "dangerous")) == {"dangerous": ()}
    assert "dangerous" not in values(understand("没有电池", "goods"))


def test_food_and_machine_parts_are_not_dangerous() -> None:
    for text in ("五十箱苹果", "机器零件", "一批服装", "machine parts"):
        assert "dangerous" not in values(understand(text, "goods"))


def test_electronics_ask_for_batteries() -> None:
    assert understand("一批电子产品", "goods").asks_danger == ("电子产品",)


@pytest.mark.parametrize(
    ("text", "lang", "intent", "wish"),
    [
        ("转人工", "zh", Intent.AGENT, None), ("再说一遍", "zh", Intent.REPEAT, None),
        ("我要查一下我的货到哪了", "zh", Intent.STATUS, None), ("取消吧", "zh", Intent.CANCEL, None),
        ("说慢一点", "zh", Intent.OTHER, Wish.SLOWER), ("等一下", "zh", Intent.OTHER, Wish.WAIT),
        ("let me talk to a real person", "en", Intent.AGENT, None),
        ("wrong number", "en", Intent.OTHER, Wish.WRONG_NUMBER),
        ("打错了", "zh", Intent.OTHER, Wish.WRONG_NUMBER),
        ("你们是谁啊", "zh", Intent.OTHER, Wish.WHO_CALLS), ("请问您是哪位", "zh", Intent.OTHER, Wish.WHO_CALLS),
        ("这是哪里打来的", "zh", Intent.OTHER, Wish.WHO_CALLS), ("谁呀", "zh", Intent.OTHER, Wish.WHO_CALLS),
        ("who is this", "en", Intent.OTHER, Wish.WHO_CALLS),
        ("sorry who am i speaking to", "en", Intent.OTHER, Wish.WHO_CALLS),
        ("你们谁来提货", "zh", Intent.ORDER, None),
    ],
)  # fmt: skip
def test_intents_and_wishes(text: str, lang: Lang, intent: Intent, wish: Wish | None) -> None:
    meaning = understand(text, lang=lang)
    assert (meaning.intent, meaning.wish) == (intent, wish)


def test_the_mobile_for_the_message() -> None:
    found = values(understand("幺三八零零幺三八零零零", "mobile"))
    assert found == {"contact.phone": "+8613800138000"}


def test_silence_means_nothing() -> None:
    meaning = understand("呃", "pieces")
    assert meaning.fields == ()
    assert meaning.polarity is None


def test_what_is_put_right_in_one_sentence_is_not_denied() -> None:
    for slot in ("goods", "yes_no"):
        meaning = understand("不是货物是服装", slot, known={"goods": "箱包"}, readback=("goods",))
        assert values(meaning) == {"goods": "服装"}


def test_goods_do_not_straddle_a_packaging() -> None:
    meaning = understand("用纸箱包装，别的没有了", "more")
    assert values(meaning) == {"packaging": "纸箱"}
    assert meaning.wish is Wish.NOTHING_MORE


def test_one_who_speaks_for_a_company_names_the_customer() -> None:
    assert values(understand("你好，我们是杭州龙井茶业有限公司"))["customer.name"] == (
        "杭州龙井茶业有限公司"
    )


def test_a_numbered_street_is_not_taken_for_the_city_it_begins_with() -> None:
    found = values(understand("93 Jian Guo Road", "destination.detail", lang="en"))
    assert found["destination.detail"] == "93 Jian Guo Road"
    assert "destination.city" not in found


def test_a_place_answers_the_question_for_one_whatever_else_is_said() -> None:
    found = values(understand("pick up in Beijing", "origin", lang="en"))
    assert found["origin.city"] == "北京市"


@pytest.mark.parametrize(
    ("text", "known", "detail"),
    [
        ("J-I-A-N-G-U-O, 93.", "", "93 Jianguo Road"),
        ("J.I.A.N.G.U.O.", "93 Jingwang Road", "93 Jianguo Road"),
        ("It's J I A N G U O, Jianguo Street, 12.", "", "12 Jianguo Street"),
        ("Ninety-three, Zhongshan Road", "", "93 Zhongshan Road"),
        ("It's number one two Nanjing road.", "", "12 Nanjing Road"),
        ("88 John-John Road.", "", "88 John-John Road"),
    ],
)
def test_an_english_street_spelled_or_with_a_spoken_number(
    text: str, known: str, detail: str
) -> None:
    before: dict[str, Value] = {"destination.detail": known} if known else {}
    meaning = understand(text, "destination.detail", "en", before)
    assert values(meaning) == {"destination.detail": detail}


@pytest.mark.parametrize(
    ("text", "readback", "field", "value"),
    [
        ("No, it is spelled W-A-N-G.", "consignee.name destination.detail", "consignee.name", "Peter Wang"),
        ("No, it's Peter, W-A-N-J.", "consignee.name", "consignee.name", "Peter Wang"),
        ("It is spelled J I A N G U O.", "consignee.name destination.detail", "destination.detail", "93 Jianguo Road"),
        ("Now the receiver's name is Peter, W-A-N-G.", "pieces", "consignee.name", "Peter Wang"),
        ("No, B R A U N.", "consignee.name", "consignee.name", "Peter Braun"),
    ],
)  # fmt: skip
def test_letters_replace_the_word_they_resemble(
    text: str, readback: str, field: str, value: str
) -> None:
    known: dict[str, Value] = {
        "consignee.name": "Peter Wong", "destination.detail": "93 Jingwang Road",
    }  # fmt: skip
    meaning = understand(text, "confirm", "en", known, readback=tuple(readback.split()))
    assert values(meaning) == {field: value}


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("this is Golden Dragon Paints calling", "Golden Dragon Paints"),
        ("Hi, this is Evergreen Toys", "Evergreen Toys"),
        ("Blue River Furniture here, ten boxes to Beijing", "Blue River Furniture"),
        ("this is Peter Wang from Golden Dragon Paints", "Golden Dragon Paints"),
    ],
)
def test_a_company_named_after_its_goods_is_neither_a_person_nor_goods(
    text: str, company: str
) -> None:
    found = values(understand(text, lang="en"))
    assert found["customer.name"] == company
    assert "goods" not in found
    assert "dangerous" not in found
    assert found.get("contact.name") in {None, "Peter Wang"}


@pytest.mark.parametrize("text", ["this is for toys", "these are wooden toys", "some kids toys"])
def test_goods_are_no_company(text: str) -> None:
    assert "customer.name" not in values(understand(text, "goods", "en"))


def test_a_date_before_an_hour_is_no_weight() -> None:
    found = values(understand("November 27 at 12 p.m.", lang="en"))
    assert found == {"pickup_date": "2026-11-27", "pickup_start": "2026-11-27T12:00"}


@pytest.mark.parametrize(
    ("text", "goods", "pieces"), [("十打苹果", "苹果", 120), ("两打杯子", "杯子", 24)]
)
def test_dozens_are_counted(text: str, goods: str, pieces: int) -> None:
    assert values(understand(text)) == {"goods": goods, "pieces": pieces}


def test_a_number_that_nothing_names_is_neither_danger_nor_house() -> None:
    assert values(understand("电脑五万", "goods")) == {"goods": "电脑"}
    found = values(understand("发十箱电脑到北京，五万", "open"))
    assert found["destination.city"] == "北京市"
    assert not {"destination.detail", "destination.district"} & found.keys()


def test_a_street_is_cut_from_the_word_for_address_by_sound() -> None:
    assert values(understand("弟子是张江路八十八号", "origin"))["origin.detail"] == "张江路88号"


def test_a_named_remark_is_nothing_else() -> None:
    assert values(understand("备注，周末不收货")) == {"remarks": "周末不收货"}


@pytest.mark.parametrize(
    "text",
    [
        "no, two hundred and forty four Tianfu Avenue, T I A N F U",
        "number two four four, T I A N F U",
    ],
)
def test_the_number_said_with_the_letters_counts(text: str) -> None:
    known = {"origin.city": "成都市", "origin.detail": "424 Tianfu Avenue"}
    found = understand(text, "origin.detail", "en", known)
    assert values(found)["origin.detail"] == "244 Tianfu Avenue"


_WHOSE = {
    "收货人电话不对，是{}": "consignee.phone",
    "发货人的电话错了，应该是{}": "consignor.phone",
    "我的电话错了，是{}": "contact.phone",
    "电话不对，是{}": "consignee.phone",
}


@given(st.sampled_from(list(_WHOSE)), st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True))
def test_a_telephone_number_put_right_touches_no_other(said: str, number: str) -> None:
    known = {"consignee.phone": "+8615911112222", "contact.phone": "+8615800138000",
             "consignor.phone": "+8615700000001"}  # fmt: skip
    meaning = understand(said.format(number), "readback", known=known)
    touched = {*values(meaning), *meaning.disputed}
    assert touched <= {_WHOSE[said]}
