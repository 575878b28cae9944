"""Simulated customers for trainees: what they answer, and how a call is scored."""

from __future__ import annotations

import random
from datetime import date, datetime

import pytest

from models.call import Lang, Turn
from models.fields import Value
from nlp.dialogue.actions import HangUp, Listen, Say
from nlp.dialogue.events import CallBegan, SilenceFell
from nlp.simulation.behaviour import Goal
from nlp.training.customer import Customer
from nlp.training.path import following, passed, passed_lessons
from nlp.training.questions import Act, heard
from nlp.training.scenario import highest, lesson, lessons
from nlp.training.scorecard import CHECKS, Card, score
from nlp.training.talk import TrainingTalk
from tests.orders import draft

TODAY = date(2026, 11, 25)
NOW = datetime(2026, 11, 25, 10, 0)


def customer(name: str) -> Customer:
    return Customer(lesson(name, today=TODAY), random.Random(1), TODAY)


@pytest.mark.parametrize(
    ("lang", "text", "slot"),
    [
        ("zh", "请问您要发什么货？", "goods"),
        ("zh", "一共多少件？", "pieces"),
        ("zh", "总重多少公斤呢？", "weight"),
        ("zh", "请问从哪里提货？", "origin"),
        ("zh", "送到哪里？", "destination"),
        ("zh", "什么时候提货？", "pickup"),
        ("zh", "收货人是谁？", "consignee.name"),
        ("zh", "收货人电话是多少？", "consignee"),
        ("zh", "走空运还是公路？请问。", "mode"),
        ("zh", "请问您是哪家公司？", "customer"),
        ("zh", "运费怎么付？", "payment"),
        ("zh", "请问怎么包装？", "packaging"),
        ("zh", "链接用短信发到哪个手机？", "mobile"),
        ("en", "What goods would you like to send?", "goods"),
        ("en", "How many pieces?", "pieces"),
        ("en", "How heavy is it?", "weight"),
        ("en", "Where shall we pick it up?", "origin"),
        ("en", "Where does it go?", "destination"),
        ("en", "When shall we come?", "pickup"),
        ("en", "What is the receiver's phone number?", "consignee"),
        ("en", "Which company are you calling from?", "customer"),
    ],
)
def test_a_desk_question_is_told_by_what_it_asks_for(lang: Lang, text: str, slot: str) -> None:
    assert slot in heard(text, lang).slots


@pytest.mark.parametrize(
    ("lang", "text", "act"),
    [
        ("zh", "您好，顺达货运。", Act.GREETS),
        ("zh", "爆炸品和锂电池不能上飞机。", Act.PROHIBITED),
        ("zh", "货里有没有危险品？", Act.DANGER),
        ("zh", "里面带电池或者液体吗？", Act.GUIDES),
        ("zh", "签字的链接用短信发给您。", Act.LINK),
        ("zh", "感谢来电，再见。", Act.GOODBYE),
        ("en", "Good morning, how can I help?", Act.GREETS),
        ("en", "Explosives are prohibited.", Act.PROHIBITED),
        ("en", "Are there any dangerous goods?", Act.DANGER),
        ("en", "Does it contain batteries or liquids?", Act.GUIDES),
        ("en", "Thank you, goodbye.", Act.GOODBYE),
    ],
)
def test_what_a_clerk_does_with_words(lang: Lang, text: str, act: Act) -> None:
    assert act in heard(text, lang).acts


def test_a_statement_asks_for_nothing() -> None:
    assert heard("一共二十件，三百公斤。", "zh").slots == ()


def test_lessons_grow_harder_in_both_languages() -> None:
    found = lessons(today=TODAY)
    levels = {lang: [one.level for one in found if one.lang == lang] for lang in ("zh", "en")}
    assert levels == {"zh": [1, 2, 3, 4, 5], "en": [1, 2, 3, 4, 5]}
    assert highest() == 5


def test_a_plain_customer_answers_what_is_asked() -> None:
    plain = customer("zh-1-plain")
    assert plain.answer("您好，顺达货运。", {}) == ("喂，你好，我要发一票货。", False)
    assert "服装" in plain.answer("请问您要发什么货？", {})[0]
    both = plain.answer("一共多少件，多重？", {})[0]
    assert "20件" in both
    assert "300公斤" in both
    assert plain.answer("好的，再见。", {})[1]


def test_a_value_read_wrong_is_objected_to_and_a_right_one_agreed_with() -> None:
    plain = customer("zh-1-plain")
    assert "20件" in plain.answer("一共三十件，对吗？", {"pieces": 30})[0]
    assert "30" not in plain.answer("一共二十件，对吗？", {"pieces": 20})[0]


def test_one_mumbles_first_then_corrects_himself() -> None:
    mumbler = customer("zh-2-mumbles")
    assert "件" not in mumbler.answer("一共多少件？", {})[0]
    slip = mumbler.answer("一共多少件？", {})[0]
    assert slip.index("15件") < slip.index("不对") < slip.index("16件")
    assert "15" not in mumbler.answer("一共多少件？", {})[0]


@pytest.mark.parametrize(
    ("name", "vague", "guiding", "hidden"),
    [
        ("zh-3-danger", "货里有没有危险品？", "里面带电池吗？", "锂电池"),
        ("en-3-danger", "Any dangerous goods?", "Does it contain batteries?", "lithium batteries"),
    ],
)
def test_dangerous_goods_are_told_only_when_named(
    name: str, vague: str, guiding: str, hidden: str
) -> None:
    one = customer(name)
    assert hidden not in one.answer(vague, {})[0]
    assert hidden in one.answer(guiding, {})[0]


def test_one_leaves_it_to_the_desk_first_and_talks_as_the_trade_does() -> None:
    one = customer("zh-4-noise")
    assert "箱" not in one.answer("请问怎么包装？", {})[0]
    assert "木箱" in one.answer("请问怎么包装？", {})[0]
    assert "一吨二" in one.answer("总重多少公斤？", {})[0]
    assert "1200" in one.answer("总重一千公斤，对吗？", {"weight_kg": 1000})[0]


def test_the_hard_ones_speak_faster() -> None:
    talk = TrainingTalk(customer("zh-5-evasive"))
    talk.handle(CallBegan(at=NOW, order=draft()))
    [said, _] = talk.handle(SilenceFell(at=NOW))
    assert isinstance(said, Say)
    assert said.rate > 1


def test_the_next_level_comes_only_after_this_one_was_passed() -> None:
    found = lessons(today=TODAY)
    goal, form = goal_and_form()
    good = score(taken(*SAID), form, goal, "zh")
    no_goodbye = score(taken(*SAID[:-1]), form, goal, "zh")
    no_danger = score(taken(*(t for t in SAID if "危险品" not in t)), form, goal, "zh")
    rude = score(taken(*SAID[1:-1]), form, goal, "zh")
    assert [passed(card) for card in (good, no_goodbye, no_danger, rude)] == [
        True, True, False, False,
    ]  # fmt: skip
    assert following(found, ())["zh"].name == "zh-1-plain"
    done = passed_lessons([("zh-1-plain", no_danger), ("zh-2-mumbles", good)])
    assert following(found, done)["zh"].name == "zh-1-plain"
    done = passed_lessons([("zh-1-plain", good), ("zh-2-mumbles", good)])
    assert following(found, done)["zh"].name == "zh-3-danger"
    assert following(found, done)["en"].name == "en-1-plain"
    assert not following(found, {one.name for one in found})


def test_a_silent_desk_is_asked_and_then_left() -> None:
    talk = TrainingTalk(customer("zh-1-plain"))
    began = talk.handle(CallBegan(at=NOW, order=draft()))
    assert [type(action) for action in began] == [Listen]
    talk.handle(SilenceFell(at=NOW))
    talk.handle(SilenceFell(at=NOW))
    last = talk.handle(SilenceFell(at=NOW))
    assert [type(action) for action in last] == [Say, HangUp]


SAID = (
    "您好，顺达货运，请问您是哪家公司？",
    "上海宏达电子有限公司，公路运输，货是服装，纸箱包装，二十件，三百公斤。",
    "从上海浦东张江路八十八号提货，送到杭州余杭文一西路一百号，对吗？",
    "收货人王强，电话一三九一二三四五六七八，运费月结，对吗？",
    "爆炸品、易燃品都禁止运输，这票货里有没有危险品？",
    "签字的链接会用短信发给您。",
    "感谢来电，再见。",
)


def taken(*said: str) -> list[Turn]:
    return [
        Turn(index=i, speaker="clerk", text=text, started_ms=i * 5000, ended_ms=i * 5000 + 4000)
        for i, text in enumerate(said)
    ]


def goal_and_form() -> tuple[Goal, dict[str, Value]]:
    goal = lesson("zh-1-plain", today=TODAY).goal
    return goal, {**goal.values, "dangerous": ()}


def test_a_call_by_the_book_passes_every_check() -> None:
    goal, form = goal_and_form()
    card = score(taken(*SAID), form, goal, "zh")
    assert [(c.name, c.lacking) for c in card.checks if not c.passed] == []
    assert tuple(check.name for check in card.checks) == CHECKS
    at = {check.name: check.at_ms for check in card.checks}
    assert (at["greeting"], at["read_back"], at["prohibited"], at["goodbye"]) == (
        0, 5000, 20_000, 30_000,
    )  # fmt: skip
    assert card.talk_ms == 34_000
    assert Card.from_json(card.as_json()) == card


@pytest.mark.parametrize(
    ("left_out", "failed"),
    [(0, "greeting"), (1, "read_back"), (4, "prohibited"), (4, "danger_asked"), (5, "link"), (6, "goodbye")],
)  # fmt: skip
def test_what_was_left_out_fails(left_out: int, failed: str) -> None:
    goal, form = goal_and_form()
    said = [text for index, text in enumerate(SAID) if index != left_out]
    failing = [c.name for c in score(taken(*said), form, goal, "zh").checks if not c.passed]
    assert failed in failing


def test_what_was_written_wrong_or_not_at_all_is_named() -> None:
    goal, form = goal_and_form()
    del form["dangerous"], form["goods"]
    card = score(taken(*SAID), {**form, "pieces": 21}, goal, "zh")
    recorded = next(check for check in card.checks if check.name == "recorded")
    assert sorted(recorded.lacking) == ["dangerous", "goods", "pieces"]


def test_a_notice_alone_is_no_question_about_dangerous_goods() -> None:
    goal, form = goal_and_form()
    card = score(taken("锂电池和酒精禁止托运。"), form, goal, "zh")
    assert {c.name for c in card.checks if c.passed} == {"recorded", "prohibited"}
