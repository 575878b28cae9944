"""Rules of the dialogue that hold for every sequence of events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.fields import DangerousGood, Value
from models.order import Order, Status
from nlp.dialogue.actions import Action, ConfirmOrder, HangUp, Listen, Say, SendLink, Transfer
from nlp.dialogue.events import (
    CallBegan,
    CallerHungUp,
    CallerSpoke,
    CompanyMatched,
    EffectFailed,
    Event,
    KeysPressed,
    LinkQueued,
    NothingUnderstood,
    OrderConfirmed,
    OrderFound,
    SayEnded,
    SilenceFell,
)
from nlp.dialogue.policy import Dialogue
from nlp.dialogue.prompts import BadWording, Prompts
from nlp.dialogue.settings import DialogueSettings
from nlp.dialogue.states import TRANSITIONS, RefusedEvent, State, Step, accepts, after, diagram
from nlp.meaning import HeardField, Intent, Understanding, Utterance, Wish
from tests.conversations import AT, FULL, MOBILE, order_of

PROMPTS = Prompts.load()
DOCS = Path(__file__).parents[2] / "docs"

_VALUES: dict[str, st.SearchStrategy[Value]] = {
    "customer.name": st.sampled_from(["宏达电子", "远洋贸易"]),
    "mode": st.sampled_from(["air", "rail", "road"]),
    "origin.city": st.sampled_from(["上海市", "苏州市"]),
    "origin.detail": st.just("张江路88号"),
    "destination.city": st.sampled_from(["北京市", "天津市"]),
    "destination.detail": st.just("建国路93号"),
    "goods": st.sampled_from(["服装", "油漆"]),
    "pieces": st.integers(-1, 20),
    "weight_kg": st.floats(1, 50),
    "pickup_date": st.sampled_from(["2026-11-25", "2026-11-26", "someday"]),
    "pickup_start": st.just("2026-11-25T14:00"),
    "consignee.name": st.just("王强"),
    "consignee.phone": st.sampled_from(["+8613911112222", "13911112222"]),
    "contact.phone": st.sampled_from([MOBILE, "+862150801234"]),
    "payment": st.sampled_from(["monthly", "prepaid"]),
    "dangerous": st.sampled_from([(), (DangerousGood("干冰", "9", "UN1845"),)]),
}


@st.composite
def heard_fields(draw: st.DrawFn) -> HeardField:
    name = draw(st.sampled_from(sorted(_VALUES)))
    return HeardField(
        name=name,
        value=draw(_VALUES[name]),
        heard=name,
        confidence=draw(st.sampled_from([0.3, 0.9])),
        corrects=draw(st.booleans()),
    )


meanings = st.builds(
    Understanding,
    intent=st.sampled_from(Intent),
    polarity=st.sampled_from([None, "yes", "no"]),
    wish=st.one_of(st.none(), st.sampled_from(Wish)),
    fields=st.lists(heard_fields(), max_size=3).map(tuple),
    disputed=st.lists(st.sampled_from(sorted(_VALUES)), max_size=1).map(tuple),
    text=st.sampled_from(["", "好", "yes please now"]),
    lang=st.sampled_from(["zh", "en"]),
)
utterances = st.just(Utterance(text="x", lang="zh", confidence=0.9, turn=1))
orders = st.sampled_from([Order(id="o1"), order_of(FULL["zh"])])
events: st.SearchStrategy[Event] = st.one_of(
    st.builds(CallerSpoke, at=st.just(AT), utterance=utterances, understanding=meanings),
    st.builds(
        KeysPressed, at=st.just(AT), keys=st.sampled_from(["1", "2", "0", "*", "13800138000", ""])
    ),
    st.builds(SilenceFell, at=st.just(AT)),
    st.builds(NothingUnderstood, at=st.just(AT)),
    st.builds(CallerHungUp, at=st.just(AT)),
    st.builds(
        EffectFailed,
        at=st.just(AT),
        action=st.sampled_from(["confirm_order", "send_link", "match_company", "transfer"]),
        retryable=st.booleans(),
    ),
)
yes = Understanding(intent=Intent.CONFIRM, polarity="yes", text="对")
no = Understanding(intent=Intent.DENY, polarity="no", text="没有")
likely: st.SearchStrategy[Event] = st.builds(
    CallerSpoke, at=st.just(AT), utterance=utterances, understanding=st.sampled_from([yes, no])
)


class Driver:
    """Feeds a dialogue, ends what it says (whole or cut), answers what it asks of the store."""

    def __init__(self, order: Order, *, tries_per_rung: int = 1) -> None:
        settings = DialogueSettings(tries_per_rung=tries_per_rung)
        self.dialogue = Dialogue(settings=settings, prompts=PROMPTS)
        self.events: list[Event] = []
        self.actions: list[Action] = []
        self.heard: dict[str, Value] = {}
        earlier = order_of({**FULL["zh"], "dangerous": ()}, id="earlier")
        self.latest = None if order.version else earlier.confirm(earlier.version, by="caller")
        self.feed(
            CallBegan(
                at=AT, order=order, caller=MOBILE, caller_is_mobile=True, resumed=order.version > 0
            )
        )

    def feed(self, event: Event, *, heard_ratio: float = 1.0) -> None:
        queue = [event]
        while queue:
            event = queue.pop(0)
            actions = self.dialogue.handle(event)
            self.events.append(event)
            for action in actions:
                self._note(action)
            queue += [a for action in actions for a in self._answers(action, heard_ratio)]

    def _answers(self, action: Action, heard_ratio: float) -> list[Event]:
        match action.type:
            case "say":
                if heard_ratio == 1.0:
                    self.heard |= action.values if action.order_version is not None else {}
                return [SayEnded(at=AT, say_id=action.id, heard_ratio=heard_ratio)]
            case "match_company":
                return [CompanyMatched(at=AT, name=action.name, customer=None)]
            case "find_order":
                return [OrderFound(at=AT, order=self.latest)]
            case "confirm_order":
                order = replace(action.order, number="1")
                return [OrderConfirmed(at=AT, order=order, today_count=1)]
            case "send_link":
                return [LinkQueued(at=AT, order=action.order.send_link(action.order.version))]
        return []

    def _note(self, action: Action) -> None:
        self.actions.append(action)
        if isinstance(action, ConfirmOrder):
            self._check_confirmation(action.order)
        if isinstance(action, SendLink):
            assert action.order.confirmed_version == action.order.version

    def _check_confirmation(self, order: Order) -> None:
        """Nothing is confirmed that the caller has not heard, whole, as it stands."""
        assert order.confirmed_version == order.version
        assert order.value("dangerous") is not None
        if self.dialogue.unsure:
            assert order.status is Status.NEEDS_REVIEW
        known = self.latest
        if known and (order.version, order.values()) == (known.version, known.values()):
            return  # confirmed in an earlier call, and no value was changed in this one
        for name, value in order.values().items():
            if name != "customer.account":
                assert self.heard.get(name) == value, name


def test_a_question_is_asked_so_often_in_each_way() -> None:
    def ways(tries_per_rung: int, failures: int) -> list[str]:
        driver = Driver(Order(id="o1"), tries_per_rung=tries_per_rung)
        driver.feed(NothingUnderstood(at=AT))
        asked = []
        for _ in range(failures):
            said = [action for action in driver.actions if isinstance(action, Say)]
            asked.append(said[-1].prompt.split("@")[0])
            driver.feed(NothingUnderstood(at=AT))
        return asked

    once = ways(1, 3)
    assert len(set(once)) > 1
    assert ways(2, 5)[1::2] == once[:2]


@st.composite
def talks(draw: st.DrawFn) -> tuple[Order, list[tuple[Event, float]]]:
    steps = st.tuples(st.one_of(likely, events), st.sampled_from([1.0, 1.0, 1.0, 0.4]))
    return draw(orders), draw(st.lists(steps, max_size=30))


def converse(talk: tuple[Order, list[tuple[Event, float]]]) -> Driver:
    order, steps = talk
    driver = Driver(order)
    for event, ratio in steps:
        before = (driver.dialogue.state, driver.dialogue.order)
        try:
            driver.feed(event, heard_ratio=ratio)
        except RefusedEvent:
            assert (driver.dialogue.state, driver.dialogue.order) == before
            assert not accepts(before[0], event), "only what cannot happen now is refused"
    return driver


@settings(max_examples=300, deadline=None)
@given(talks())
def test_any_talk_stays_legal_and_confirms_only_what_was_heard(
    talk: tuple[Order, list[tuple[Event, float]]],
) -> None:
    driver = converse(talk)
    assert driver.dialogue.state in State
    said = [a.id for a in driver.actions if isinstance(a, Say)]
    assert len(said) == len(set(said))


@settings(max_examples=100, deadline=None)
@given(talks())
def test_a_replay_gives_the_same_actions(talk: tuple[Order, list[tuple[Event, float]]]) -> None:
    driver = converse(talk)
    again = Dialogue(settings=DialogueSettings(), prompts=PROMPTS)
    replayed = [action for event in driver.events for action in again.handle(event)]
    assert replayed == driver.actions


@settings(max_examples=200, deadline=None)
@given(talks())
def test_the_caller_always_hears_something_and_is_listened_to(
    talk: tuple[Order, list[tuple[Event, float]]],
) -> None:
    """Whatever was heard is answered by words, and by a question unless the call ends."""
    order, steps = talk
    driver = Driver(order)
    for event, _ in steps:
        open_before = driver.dialogue.awaiting is not None
        count = len(driver.actions)
        try:
            driver.feed(event)
        except RefusedEvent:
            assert driver.dialogue.state is State.ENDED
            continue
        new = driver.actions[count:]
        if open_before and not isinstance(event, CallerHungUp | EffectFailed):
            assert any(isinstance(a, Say) for a in new)
            assert any(isinstance(a, Listen | HangUp | Transfer) for a in new)


def test_the_rules_see_confirmations_sure_and_unsure() -> None:
    """A plain talk gets as far as a confirmed order, so that the rules above are put to the test."""
    nothing = NothingUnderstood(at=AT)
    for order, steps, status in (
        (order_of(FULL["zh"]), [], Status.CONFIRMED),
        (
            order_of({n: v for n, v in FULL["zh"].items() if n != "consignee.name"}),
            [nothing] * 3,
            Status.NEEDS_REVIEW,
        ),
    ):
        driver = Driver(order)
        for event in [*steps, _says(no), _says(yes), _says(no), _says(yes)]:
            driver.feed(event)
        confirmed = [a.order for a in driver.actions if isinstance(a, ConfirmOrder)]
        assert [one.status for one in confirmed] == [status]


def _says(meaning: Understanding) -> CallerSpoke:
    heard = Utterance(text=meaning.text, lang="zh", confidence=0.9, turn=1)
    return CallerSpoke(at=AT, utterance=heard, understanding=meaning)


def test_never_the_same_question_three_times() -> None:
    for lang in ("zh", "en"):
        driver = Dialogue(settings=DialogueSettings(), prompts=PROMPTS)
        said = _texts(
            driver.handle(
                CallBegan(at=AT, order=order_of({"mode": "road"}), lang=lang, resumed=True)
            )
        )
        while driver.state is not State.CLOSING:
            said += _texts(driver.handle(NothingUnderstood(at=AT)))
        assert max(said.count(text) for text in said) < 3


def _texts(actions: Sequence[Action]) -> list[str]:
    return [action.text for action in actions if isinstance(action, Say)]


def test_a_refused_event_raises_and_changes_nothing() -> None:
    dialogue = Dialogue(settings=DialogueSettings(), prompts=PROMPTS)
    with pytest.raises(RefusedEvent):
        dialogue.handle(SilenceFell(at=AT))
    assert dialogue.state is State.NEW
    dialogue.handle(CallBegan(at=AT, order=Order(id="o1")))
    with pytest.raises(RefusedEvent):
        dialogue.handle(OrderConfirmed(at=AT, order=Order(id="o1"), today_count=1))
    assert dialogue.state is State.INTAKE


def test_a_notice_cut_short_is_played_again_and_not_passed() -> None:
    order = order_of({**FULL["zh"], "volume_m3": 1, "remarks": "轻放"})
    driver = Driver(order)
    driver.feed(
        CallerSpoke(at=AT, utterance=Utterance(text="", lang="zh", confidence=1), understanding=no)
    )
    count = len(driver.actions)
    driver.feed(
        CallerSpoke(
            at=AT, utterance=Utterance(text="", lang="zh", confidence=1), understanding=yes
        ),
        heard_ratio=0.5,
    )
    said = [a.prompt for a in driver.actions[count:] if isinstance(a, Say)]
    assert said.count("notice.air@1") == DialogueSettings().notice_plays
    assert not any(p.startswith("danger") for p in said)


def test_the_table_refuses_what_it_does_not_have() -> None:
    with pytest.raises(RefusedEvent):
        after(State.INTAKE, Step.CONFIRM)


def test_every_state_is_reached_and_left() -> None:
    targets = {target for row in TRANSITIONS.values() for target in row.values()}
    assert targets == set(State) - {State.NEW}
    assert all(TRANSITIONS[state] for state in State if state is not State.ENDED)


def test_the_diagram_in_the_docs_is_current() -> None:
    assert diagram() in (DOCS / "dialogue.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("zh", "en", "says"),
    [
        ("a: 你好", "a@1: Hello", "KEY@VERSION"),
        ("a@1: 你好", "b@1: Hello", "lacks"),
        ("a@1: '{x}'", "a@1: '{y}'", "different names"),
        ("a@1: ['{x}', 好]", "a@1: '{x}'", "all variants"),
        ("a@1: ''", "a@1: Hello", "at least one"),
        ("- a", "a@1: Hello", "maps"),
    ],
)
def test_bad_wording_is_named(zh: str, en: str, says: str) -> None:
    with pytest.raises(BadWording, match=says):
        Prompts.parse({"zh": zh, "en": en})
