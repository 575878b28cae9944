"""What the dialogue asks for is stored whole or not at all, and it is told how it went."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import get_args

import pytest

from models import desk
from models.call import Call, Disposition, Turn
from models.errors import ExternalError
from models.order import Order, Status
from models.rows_outbound import RingRow
from models.store import Store, UnitOfWork
from nlp.dialogue.actions import (
    Action,
    BeginOrder,
    CancelOrder,
    ConfirmOrder,
    FindOrder,
    HangUp,
    KeepDraft,
    Listen,
    MatchCompany,
    OpenTask,
    RecordNotice,
    Say,
    SendLink,
    Transfer,
)
from nlp.dialogue.events import (
    CallerHungUp,
    CompanyMatched,
    EffectFailed,
    LinkQueued,
    OrderConfirmed,
    OrderFound,
    SilenceFell,
)
from nlp.meaning import Expectation
from tests.orders import LANDLINE, MOBILE, NOW, customer, draft, field
from voice.effects import Effects

SILENCE = SilenceFell(at=NOW)


def effects(
    store: Store,
    *,
    sid: str = "CA1",
    caller: str | None = MOBILE,
    patience_s: float = 0.0,
    assistant_after: timedelta | None = None,
) -> Effects:
    return Effects(
        store=store,
        call=Call(sid=sid, caller=caller, called=None, started_at=NOW),
        wall=lambda: NOW,
        open_now=lambda _at: False,
        link_hours=72,
        recording="call.wav",
        patience_s=patience_s,
        assistant_after=assistant_after,
    )


def in_call(store: Store, sid: str = "CA1") -> tuple[Effects, Order]:
    """A call that has begun, and its order with something in it."""
    hands = effects(store, sid=sid)
    order = hands.begin().event.order.change(draft().fields)
    return hands, order


def stored(store: Store, order_id: str) -> Order:
    with store.reading() as uow:
        order = uow.orders.get(order_id)
    assert order is not None
    return order


def know(store: Store) -> None:
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.commit()


def test_a_stranger_begins_an_empty_order(sqlite_store: Store) -> None:
    began = effects(sqlite_store, caller=LANDLINE).begin()
    event = began.event
    assert (event.caller, event.caller_is_mobile, event.open_now) == (LANDLINE, False, False)
    assert (event.customer, event.resumed, event.today_count, began.turns) == (None, False, 0, 0)
    assert event.order.fields == {}
    assert stored(sqlite_store, event.order.id) == event.order


def test_a_customer_is_known_by_his_phone(sqlite_store: Store) -> None:
    know(sqlite_store)
    known = effects(sqlite_store).begin().event.customer
    assert known is not None
    assert (known.name, known.account, known.effective) == (customer().name, "HY-0032", True)
    assert known.contact == "王经理"
    assert known.vocabulary.people == ("王经理", "李雷")
    assert known.vocabulary.places == ("张江路88号",)
    assert known.vocabulary.companies == customer().names()


def test_a_stream_that_comes_back_goes_on_with_its_order(sqlite_store: Store) -> None:
    hands, order = in_call(sqlite_store)
    assert hands.carry_out(SILENCE, [KeepDraft(order=order)]) == []
    hands.put_turn(Turn(index=0, speaker="caller", text="十六件", started_ms=0, ended_ms=900))
    back = effects(sqlite_store)
    began = back.begin()
    assert (began.turns, began.event.resumed, began.event.order) == (1, True, order)
    assert back.carry_out(SILENCE, []) == []
    with sqlite_store.reading() as uow:
        assert len(uow.calls.events("CA1")) == 2


def test_a_yes_is_stored_and_numbered(sqlite_store: Store) -> None:
    hands, order = in_call(sqlite_store)
    [answer] = hands.carry_out(SILENCE, [ConfirmOrder(order=order)])
    assert isinstance(answer, OrderConfirmed)
    assert answer.order.confirmed_version == order.version
    assert answer.order.number
    assert answer.today_count >= 1
    assert stored(sqlite_store, order.id) == answer.order


def test_one_event_may_want_several_things(sqlite_store: Store) -> None:
    know(sqlite_store)
    hands, order = in_call(sqlite_store)
    answers = hands.carry_out(
        SILENCE,
        [
            KeepDraft(order=order),
            Say(id="s", text="好的。", prompt="ok@1"),
            MatchCompany(name="宏远电子"),
            FindOrder(number="none such"),
            OpenTask(kind="review", reason="odd"),
            OpenTask(kind="review", reason="odd again"),
            Listen(expectation=Expectation(now=NOW)),
        ],
    )
    matched, found = answers
    assert isinstance(matched, CompanyMatched)
    assert matched.customer is not None
    assert matched.customer.account == "HY-0032"
    assert found == OrderFound(at=NOW, order=None)
    with sqlite_store.reading() as uow:
        assert [task.kind for task in uow.tasks.still_open()] == ["review"]


def test_the_link_is_queued_once(sqlite_store: Store) -> None:
    hands, order = in_call(sqlite_store)
    [confirmed] = hands.carry_out(SILENCE, [ConfirmOrder(order=order)])
    assert isinstance(confirmed, OrderConfirmed)
    send = SendLink(order=confirmed.order, mobile=MOBILE)
    [queued] = hands.carry_out(
        SILENCE,
        [
            RecordNotice(
                order_id=order.id, order_version=order.version, notice="zh@1", heard_ratio=1.0
            ),
            send,
        ],
    )
    assert isinstance(queued, LinkQueued)
    assert queued.order.status is Status.AWAITING_SIGNATURE
    hands.carry_out(SILENCE, [send])
    with sqlite_store.reading() as uow:
        assert [effect.kind for effect in uow.outbox.in_state("pending")] == ["sms_link"]


def test_what_fails_is_undone_whole_and_told_once(sqlite_store: Store) -> None:
    hands, order = in_call(sqlite_store)
    hands.carry_out(SILENCE, [KeepDraft(order=order)])
    further = order.change({"pieces": field(17)})
    actions: list[Action] = [
        KeepDraft(order=further),
        OpenTask(kind="review", reason="odd"),
        SendLink(order=further, mobile=LANDLINE),
    ]
    [failed] = hands.carry_out(SILENCE, actions)
    assert failed == EffectFailed(at=NOW, action="send_link", retryable=False)
    assert stored(sqlite_store, order.id) == order
    with sqlite_store.reading() as uow:
        assert uow.tasks.still_open() == []
        assert len(uow.calls.events("CA1")) == 1
    assert hands.carry_out(SILENCE, [KeepDraft(order=further)]) == []
    with sqlite_store.reading() as uow:
        assert [event.seq for event in uow.calls.events("CA1")] == [0, 1]


@contextmanager
def away(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """A database that cannot be used."""

    def fail(self: UnitOfWork) -> None:
        raise ExternalError("The database cannot be used now.", retryable=True)

    with patch.context() as gone:
        gone.setattr(UnitOfWork, "commit", fail)
        yield


def test_what_nobody_waits_for_is_owed_while_the_store_is_away(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, order = in_call(sqlite_store)
    task = OpenTask(kind="review", reason="a name is unclear", order_id=order.id)
    with away(monkeypatch):
        assert hands.carry_out(SILENCE, [KeepDraft(order=order)]) == []
        assert hands.carry_out(SILENCE, [task]) == []
    with sqlite_store.reading() as uow:
        assert not uow.calls.events("CA1")
    further = order.change({"remarks": field("轻放")})
    assert hands.carry_out(SILENCE, [KeepDraft(order=further)]) == []
    assert stored(sqlite_store, order.id).fields == further.fields
    with sqlite_store.reading() as uow:
        assert [event.seq for event in uow.calls.events("CA1")] == [0, 1, 2]
        assert [row.kind for row in uow.tasks.of_order(order.id)] == ["review"]


@pytest.mark.parametrize(
    "wanted",
    [MatchCompany(name="x"), FindOrder(number=None), Transfer(role="clerk", reason="asked")],
)
def test_what_somebody_waits_for_fails_while_the_store_is_away(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, wanted: Action
) -> None:
    hands, order = in_call(sqlite_store)
    with away(monkeypatch):
        answers = hands.carry_out(SILENCE, [KeepDraft(order=order), wanted])
        assert answers == [EffectFailed(at=NOW, action=wanted.type, retryable=True)]
        hands.end(Disposition.CALL_BACK)
    assert hands.settle(within_s=0)
    assert stored(sqlite_store, order.id).fields == order.fields
    with sqlite_store.reading() as uow:
        call = uow.calls.get("CA1")
        assert not uow.tasks.still_open(), "what failed is not done behind the dialogue's back"
    assert call is not None
    assert call.disposition is Disposition.CALL_BACK


def test_a_store_that_comes_back_in_time_is_noticed_by_nobody(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    _hands, order = in_call(sqlite_store)
    tries, commit = [], UnitOfWork.commit

    def fail_once(self: UnitOfWork) -> None:
        tries.append(self)
        if len(tries) == 1:
            raise ExternalError("The database cannot be used now.", retryable=True)
        commit(self)

    monkeypatch.setattr(UnitOfWork, "commit", fail_once)
    monkeypatch.setattr("voice.effects._PAUSE_S", 0.0)
    patient = effects(sqlite_store, patience_s=60)
    (confirmed,) = patient.carry_out(SILENCE, [ConfirmOrder(order=order)])
    assert isinstance(confirmed, OrderConfirmed)
    assert len(tries) == 2


def test_a_store_that_stays_away_is_told_of(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    hands, order = in_call(sqlite_store)
    with away(monkeypatch):
        hands.carry_out(SILENCE, [KeepDraft(order=order)])
        assert not hands.settle(within_s=0)
    assert hands.settle(within_s=0)


def test_cancelling_and_beginning_anew(sqlite_store: Store) -> None:
    hands, order = in_call(sqlite_store)
    hands.carry_out(SILENCE, [KeepDraft(order=order)])
    hands.carry_out(SILENCE, [CancelOrder(order=order)])
    assert stored(sqlite_store, order.id).status is Status.CANCELLED
    second = Order(id="second", call_sid="CA1")
    hands.carry_out(SILENCE, [BeginOrder(order=second)])
    with sqlite_store.reading() as uow:
        assert desk.order_of_call(uow, "CA1") == second


def test_how_a_call_ended(sqlite_store: Store) -> None:
    hands, _ = in_call(sqlite_store)
    hands.carry_out(SILENCE, [Transfer(role="clerk", reason="asked for a person")])
    hands.end(Disposition.TRANSFERRED)
    with sqlite_store.reading() as uow:
        call = uow.calls.get("CA1")
        assert uow.calls.row("CA1").transfer_to == "clerk"
        assert [task.kind for task in uow.tasks.still_open()] == ["transfer_clerk"]
    assert call is not None
    assert (call.disposition, call.recording) == (Disposition.TRANSFERRED, "call.wav")


@pytest.mark.parametrize("kind", get_args(Action), ids=lambda kind: kind.__name__)
def test_every_action_is_carried_out_or_concerns_the_line(kind: type[Action]) -> None:
    name = str(kind.__dataclass_fields__["type"].default)
    assert hasattr(Effects, name) is (kind not in {Say, Listen, HangUp})


def test_a_change_of_language_outlives_a_broken_line(store: Store) -> None:
    hands, _ = in_call(store)
    hands.carry_out(SILENCE, [Listen(expectation=Expectation(now=NOW, lang="en"))])
    again = effects(store).begin().event
    assert again.lang == "en"
    with store.reading() as uow:
        call = uow.calls.get("CA1")
    assert call is not None
    assert call.lang == "en"


def test_a_broken_call_is_gone_on_with_by_a_call_of_ours(sqlite_store: Store) -> None:
    after = timedelta(minutes=2)
    hands = effects(sqlite_store, assistant_after=after)
    order = hands.begin().event.order.change(draft().fields)
    task = OpenTask(kind="call_back", reason="broke", order_id=order.id, by_assistant=True)
    hands.carry_out(CallerHungUp(at=NOW), [KeepDraft(order=order), task])
    hands.end(Disposition.ABANDONED)
    with sqlite_store.unit() as uow:
        assert uow.tasks.of_order(order.id) == []
        (row,) = uow.call_backs.of_order(order.id)
        assert (row.due_at, row.number, row.call_sid) == (NOW + after, MOBILE, "CA1")
        uow.call_backs.add_ring(
            RingRow(
                call_back_id=row.id, nth=1, number=MOBILE, tries=1, tried_at=NOW, status="queued"
            )
        )
        desk.ring_status(uow, f"{row.id}-1", "CAour", "in-progress", "human", NOW)
        uow.commit()
    began = effects(sqlite_store, sid="CAour", assistant_after=after).begin().event
    assert (began.outbound, began.resumed) == (True, True)
    assert (began.order.id, began.order.values()) == (order.id, order.values())
    assert stored(sqlite_store, order.id).call_sid == "CAour"


def test_without_an_account_a_broken_call_is_a_persons(sqlite_store: Store) -> None:
    hands, order = in_call(sqlite_store)
    task = OpenTask(kind="call_back", reason="broke", order_id=order.id, by_assistant=True)
    hands.carry_out(CallerHungUp(at=NOW), [KeepDraft(order=order), task])
    with sqlite_store.reading() as uow:
        assert [found.kind for found in uow.tasks.of_order(order.id)] == ["call_back"]
        assert uow.call_backs.of_order(order.id) == []
