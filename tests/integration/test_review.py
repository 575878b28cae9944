"""What clerks do with orders, on each database: ownership, locks, steps, links, tasks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from api.config import Settings
from models.desk import review
from models.desk.review import CallRunning, NeedsReason, NotOwner
from models.errors import RuleError
from models.order import IllegalStep, NotAcceptable, StaleVersion, Status
from models.repositories.board import Filter, Queue
from models.staff import Role, User
from models.store import Store, UnitOfWork
from tests.console import Desk
from tests.orders import MOBILE, NOW, customer

LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def at_desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, Settings(data=tmp_path, home=tmp_path))


@pytest.fixture
def anna(at_desk: Desk) -> User:
    return at_desk.user()


def lock(uow: UnitOfWork, order_id: str = "o1") -> int:
    return uow.orders.row(order_id).lock


def test_who_acts_first_answers_for_the_order(at_desk: Desk, anna: User) -> None:
    bert, head = at_desk.user("bert"), at_desk.user("head.1", Role.HEAD)
    at_desk.call()
    with at_desk.store.unit() as uow:
        review.take(uow, "o1", user=anna, lock=lock(uow), at=LATER)
        uow.commit()
    with at_desk.store.unit() as uow, pytest.raises(NotOwner):
        review.reject(uow, "o1", user=bert, lock=lock(uow), note="no", at=LATER)
    with at_desk.store.unit() as uow, pytest.raises(NotOwner):
        review.hand_over(uow, "o1", "bert", user=bert, lock=lock(uow), note="", at=LATER)
    with at_desk.store.unit() as uow, pytest.raises(RuleError, match="cannot work on orders"):
        review.hand_over(uow, "o1", "nobody", user=anna, lock=lock(uow), note="", at=LATER)
    with at_desk.store.unit() as uow:
        with pytest.raises(review.NeedsReason):
            review.hand_over(uow, "o1", "bert", user=head, lock=lock(uow), note=" ", at=LATER)
        review.hand_over(uow, "o1", "bert", user=head, lock=lock(uow), note="休假", at=LATER)
        uow.commit()
    with at_desk.store.reading() as uow:
        last = uow.orders.history("o1")[-1]
        row = uow.board.order_row("o1")
    assert row is not None
    assert (row.owner, last.step, last.note) == ("bert", "hand_over", "bert: 休假")


def test_a_step_seen_too_late_changes_nothing(at_desk: Desk, anna: User) -> None:
    at_desk.call()
    with at_desk.store.unit() as uow:
        seen = lock(uow)
        review.take(uow, "o1", user=anna, lock=seen, at=LATER)
        uow.commit()
    with at_desk.store.unit() as uow, pytest.raises(StaleVersion):
        review.reject(uow, "o1", user=anna, lock=seen, note="no", at=LATER)
    assert at_desk.stored().status is Status.DRAFT


def test_an_edit_keeps_other_sources_and_voids_the_yes(at_desk: Desk, anna: User) -> None:
    order = at_desk.signed(at_desk.confirmed(at_desk.call()))
    with at_desk.store.unit() as uow:
        after, voided = review.edit(
            uow,
            "o1",
            version=order.version,
            values={"pieces": 18, "goods": "耳机"},
            empty={"origin.detail", "remarks"},
            user=anna,
            at=LATER,
        )
        uow.commit()
    assert voided
    assert after.status is Status.DRAFT
    assert after.signed_version is None
    assert after.fields["goods"] == order.fields["goods"]
    assert after.fields["pieces"].source.changed_by == "clerk:anna"
    assert "origin.detail" not in after.fields
    with at_desk.store.unit() as uow, pytest.raises(StaleVersion):
        review.edit(
            uow,
            "o1",
            version=order.version,
            values={"pieces": 20},
            empty=set(),
            user=anna,
            at=LATER,
        )


def test_nobody_edits_while_the_caller_is_on_the_line(at_desk: Desk, anna: User) -> None:
    order = at_desk.call(ended=False)
    change = {"version": order.version, "values": {"pieces": 18}, "empty": set()}
    with at_desk.store.unit() as uow, pytest.raises(CallRunning):
        review.edit(uow, "o1", **change, user=anna, at=LATER)  # type: ignore[arg-type]
    lost = NOW + timedelta(hours=5)
    with at_desk.store.unit() as uow:
        review.edit(uow, "o1", **change, user=anna, at=lost)  # type: ignore[arg-type]


def test_a_new_link_for_the_same_version(at_desk: Desk, anna: User) -> None:
    order = at_desk.confirmed(at_desk.call())

    def resend(minutes: float, mobile: str = MOBILE) -> None:
        with at_desk.store.unit() as uow:
            at = NOW + timedelta(minutes=minutes)
            review.resend_link(
                uow, "o1", mobile, "zh", user=anna, lock=lock(uow), at=at, valid_hours=72
            )
            uow.commit()

    with pytest.raises(RuleError, match="a moment ago"):
        resend(0.1)
    with pytest.raises(RuleError, match="mobile"):
        resend(5, "+862150801234")
    resend(5)
    resend(10)
    with at_desk.store.reading() as uow:
        assert len(uow.links.of_version("o1", order.version)) == 3
        assert uow.outbox.by_key(f"sms_link:o1:{order.version}:{MOBILE}:2") is not None


def test_a_link_of_an_unconfirmed_version_is_not_sent(at_desk: Desk, anna: User) -> None:
    at_desk.call()
    with at_desk.store.unit() as uow, pytest.raises(StaleVersion):
        review.resend_link(
            uow, "o1", MOBILE, "zh", user=anna, lock=lock(uow), at=LATER, valid_hours=72
        )


def test_release_wants_all_three(at_desk: Desk, anna: User) -> None:
    at_desk.signed(at_desk.confirmed(at_desk.call()))
    with at_desk.store.unit() as uow, pytest.raises(NotAcceptable, match="hand-over form"):
        review.release(uow, "o1", user=anna, lock=lock(uow), at=LATER)
    with at_desk.store.unit() as uow:
        uow.customers.put(customer())
        accepted = review.release(uow, "o1", user=anna, lock=lock(uow), at=LATER)
        uow.commit()
    assert accepted.status is Status.ACCEPTED


def test_a_review_ends_and_a_call_back_confirms_with_a_reason(at_desk: Desk, anna: User) -> None:
    at_desk.dangerous(at_desk.call())
    with at_desk.store.unit() as uow, pytest.raises(NeedsReason):
        review.clear_review(uow, "o1", user=anna, lock=lock(uow), note=" ", at=LATER)
    with at_desk.store.unit() as uow:
        review.clear_review(uow, "o1", user=anna, lock=lock(uow), note="UN3480", at=LATER)
        uow.commit()
    with at_desk.store.unit() as uow, pytest.raises(NeedsReason):
        review.confirm_by_call_back(
            uow, "o1", user=anna, lock=lock(uow), note="", at=LATER, valid_hours=72
        )
    with at_desk.store.unit() as uow:
        order = review.confirm_by_call_back(
            uow, "o1", user=anna, lock=lock(uow), note="李雷", at=LATER, valid_hours=72
        )
        uow.commit()
    assert order.status is Status.CONFIRMED
    assert order.number == "2611240001"
    assert order.confirmed_by == "clerk:anna"


def test_a_yes_to_a_change_sends_whoever_was_to_sign_a_new_link(at_desk: Desk, anna: User) -> None:
    order = at_desk.signed(at_desk.confirmed(at_desk.call()))
    with at_desk.store.unit() as uow:
        review.edit(
            uow,
            "o1",
            version=order.version,
            values={"pieces": 18},
            empty=set(),
            user=anna,
            at=LATER,
        )
        again = review.confirm_by_call_back(
            uow, "o1", user=anna, lock=lock(uow), note="李雷", at=LATER, valid_hours=72
        )
        sent = uow.links.of_version("o1", again.version)
        uow.commit()
    assert again.status is Status.AWAITING_SIGNATURE
    assert len(sent) == 1


def test_what_has_ended_stays_ended(at_desk: Desk, anna: User) -> None:
    at_desk.call()
    with at_desk.store.unit() as uow:
        review.withdraw(uow, "o1", user=anna, lock=lock(uow), note="客户取消", at=LATER)
        uow.commit()
    with at_desk.store.unit() as uow, pytest.raises(IllegalStep):
        review.reject(uow, "o1", user=anna, lock=lock(uow), note="no", at=LATER)


def test_a_task_is_done_once(at_desk: Desk, anna: User) -> None:
    bert = at_desk.user("bert")
    at_desk.dangerous(at_desk.call())
    with at_desk.store.unit() as uow:
        [task] = uow.board.tasks()
        review.finish_task(uow, task.id, user=anna, note="ok", at=LATER)
        review.finish_task(uow, task.id, user=bert, note="again", at=LATER)
        uow.commit()
    with at_desk.store.reading() as uow:
        assert uow.board.tasks() == []
        [done] = uow.board.tasks(state="done")
    assert (done.done_by, done.note) == ("anna", "ok")


def test_filters_find_by_queue_words_owner_and_day(at_desk: Desk, anna: User) -> None:
    at_desk.confirmed(at_desk.call("o1", "CA1"))
    at_desk.dangerous(at_desk.call("o2", "CA2", caller="+8613912345678"))
    at_desk.call("o3", "CA3", turns=0)
    with at_desk.store.unit() as uow:
        review.take(uow, "o2", user=anna, lock=lock(uow, "o2"), at=LATER)
        uow.commit()

    def found(**wanted: object) -> set[str]:
        with at_desk.store.reading() as uow:
            chosen = Filter(**{"queue": Queue.ALL, **wanted})  # type: ignore[arg-type]
            lines = uow.board.orders(chosen, limit=10)
            assert uow.board.count(chosen) == len(lines)
        return {line.id for line in lines}

    assert found() == {"o1", "o2"}
    assert found(queue=Queue.REVIEW) == {"o2"}
    assert found(queue=Queue.UNSIGNED) == {"o1"}
    assert found(status=Status.AWAITING_SIGNATURE) == {"o1"}
    assert found(text="十六件") == {"o1", "o2"}
    assert found(text="13912345678") == {"o2"}
    assert found(text="2611240001") == {"o1"}
    assert found(text="100%") == set()
    assert found(owner="anna") == {"o2"}
    assert found(owner="-") == {"o1"}
    assert found(since=LATER) == set()
    assert found(before=NOW) == set()
    with at_desk.store.reading() as uow:
        counts = uow.board.counts()
        assert [s.index for s in uow.board.said("一百二十公斤", limit=9)] == [3, 3]
    assert counts["needs_review"] == 1
    assert counts["task.dangerous_goods"] == 1
