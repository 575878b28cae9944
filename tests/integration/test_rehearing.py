"""A recording heard again after its call: durable, only when there is time, and changing no order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from api.config import Settings
from api.jobs import retention
from api.jobs.rehearing import Rehearing, SecondEar, idle
from api.jobs.sending import AGAIN, DONE, USELESS
from models import desk
from models.call import Call
from models.order import Order
from models.store import Store
from nlp.dialogue.events import CallBegan, CallerSpoke, Event
from nlp.dialogue.journal import dump_event
from nlp.dialogue.settings import DialogueSettings
from nlp.meaning import Expectation, Utterance
from nlp.understand import Understander
from tests.console import SAID, Desk
from tests.fakes import FakeRecognizer, FakeSms, FakeStream
from tests.orders import MOBILE, NOW
from tests.workers import until, working

UNDERSTANDER = Understander()
#: The caller's turns of a call of `tests.console`.
TURNS = [1, 3, 5, 7]


def understood(turn: int) -> CallerSpoke:
    """What the dialogue was told of a turn of `SAID`."""
    _, text, start, end, _ = SAID[turn]
    said = Utterance(text=text, lang="zh", confidence=0.86)
    meaning = UNDERSTANDER.understand(said, Expectation(now=NOW))
    placed = replace(said, started_ms=start, ended_ms=end, turn=turn)
    return CallerSpoke(at=NOW, utterance=placed, understanding=meaning)


@pytest.fixture
def installation(store: Store, tmp_path: Path) -> Desk:
    """A finished call with its events and its recording."""
    installation = Desk(store, Settings(data=tmp_path, home=tmp_path))
    order = installation.call()
    told: Sequence[Event] = (
        CallBegan(at=NOW, order=Order(id=order.id, call_sid="CA1"), caller=MOBILE),
        *map(understood, TURNS),
    )
    with store.unit() as uow:
        for seq, event in enumerate(told):
            desk.append_event(uow, "CA1", seq, NOW, event.type, dump_event(event))
        uow.commit()
    return installation


class Ear(FakeRecognizer):
    """Hears the caller's turns one after the other, as the test has them said."""

    def __init__(self, *texts: str) -> None:
        super().__init__()
        self.left = list(texts)

    def open(self, expectation: Expectation) -> FakeStream:
        self.texts = (self.left.pop(0),)
        return super().open(expectation)


AS_BEFORE = [SAID[turn][1] for turn in TURNS]


def rehearing(
    installation: Desk, ear: FakeRecognizer, has_time: Callable[[], bool] = lambda: True
) -> Rehearing:
    second = SecondEar(lambda: ear, lambda: UNDERSTANDER, DialogueSettings(), has_time)
    return Rehearing(installation.store, installation.vault, second, lambda: NOW)


def state(store: Store) -> str:
    """How far the hearing of the only recording is."""
    with store.reading() as uow:
        name = uow.calls.row("CA1").recording
        row = uow.outbox.by_key(f"hear_again:{name}")
    assert row is not None
    return row.state


def test_every_turn_is_heard_again_and_the_order_stays(installation: Desk) -> None:
    store = installation.store
    ear = Ear(AS_BEFORE[0], "一百五十公斤半。", AS_BEFORE[2], "不对。")
    again = rehearing(installation, ear)
    with store.reading() as uow:
        before = uow.orders.get("o1")
    with working(store, installation.settings, FakeSms(), rehearing=again):
        until(lambda: state(store) == "done")
    with store.reading() as uow:
        found = uow.second_hearings.of_call("CA1")
        tasks = [row for row in uow.tasks.of_order("o1") if row.kind == desk.HEAR_AGAIN]
        assert uow.orders.get("o1") == before
    assert {turn: row.same for turn, row in found.items()} == {1: True, 3: False, 5: True, 7: False}
    assert {turn: row.doubts for turn, row in found.items() if row.doubts} == {
        3: {"weight_kg": 150.5},
        7: {"polarity": "no"},
    }
    assert len(tasks) == 1, "an order may hang on a yes"
    # The seconds of the turn with a margin, 16 bytes a millisecond.
    first = SAID[1][3] - SAID[1][2] + 600
    assert ear.read[0] == first * 16


def test_a_corrected_value_is_no_doubt(installation: Desk) -> None:
    with installation.store.unit() as uow:
        order = uow.orders.get("o1")
        assert order is not None
        known = order.fields["weight_kg"]
        changed = {"weight_kg": replace(known, value=180.0)}
        desk.change_order(uow, "o1", order.version, changed, by="clerk:li", at=NOW)
        uow.commit()
    again = rehearing(installation, Ear("一百五十公斤半。"))
    assert again.hear(1, 3) == DONE
    with installation.store.reading() as uow:
        row = uow.second_hearings.of_call("CA1")[3]
    assert (row.text, row.same, row.doubts) == ("一百五十公斤半。", False, {})


def test_nothing_is_heard_while_the_machine_has_no_time(installation: Desk) -> None:
    ear = Ear(*AS_BEFORE)
    moods = iter([False, False, True, True, True, True])
    again = rehearing(installation, ear, lambda: next(moods))
    with working(installation.store, installation.settings, FakeSms(), rehearing=again):
        until(lambda: state(installation.store) == "done")
    assert len(ear.read) == len(TURNS)
    assert next(moods, None) is None


def test_a_process_with_a_call_has_no_time() -> None:
    assert not idle(lambda: 1)


def test_a_turn_that_was_deleted_meanwhile_is_let_be(installation: Desk) -> None:
    again = rehearing(installation, Ear(*AS_BEFORE))
    assert again.hear(1, 1) == DONE
    done = retention.run(
        installation.store, installation.vault, installation.settings, NOW + timedelta(days=731)
    )
    assert {"recordings", "transcripts"} <= set(done)
    with installation.store.reading() as uow:
        assert uow.second_hearings.of_call("CA1") == {}
    assert again.hear(1, 3) == USELESS


def test_a_step_that_was_cut_off_is_done_once_more_and_kept_once(installation: Desk) -> None:
    again = rehearing(installation, Ear(AS_BEFORE[0], "别的。"))
    assert again.hear(1, 1) == DONE
    assert again.hear(1, 1) == DONE
    with installation.store.reading() as uow:
        assert uow.second_hearings.of_call("CA1")[1].text == AS_BEFORE[0]


def test_two_hearings_at_once_wait_for_each_other(installation: Desk) -> None:
    answers: list[str] = []

    class Slow(Ear):
        def open(self, expectation: Expectation) -> FakeStream:
            answers.append(again.hear(1, 3))
            return super().open(expectation)

    again = rehearing(installation, Slow(*AS_BEFORE))
    assert again.hear(1, 1) == DONE
    assert answers == [AGAIN]


def test_practice_is_not_heard_again(store: Store) -> None:
    with store.unit() as uow:
        uow.calls.begin(Call(sid="ST1", caller=None, called=None, started_at=NOW))
        desk.hear_again(uow, "ST1", "recordings/x/ST1.100000-ab.wav", NOW)
        uow.commit()
    with store.reading() as uow:
        assert not uow.outbox.in_state("pending")
