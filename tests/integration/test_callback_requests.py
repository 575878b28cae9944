"""Asking for a call-back: one for each order, beside the unit that asks, or a person's task."""

from __future__ import annotations

from datetime import timedelta

import pytest

from models import desk
from models.call import Call, Disposition
from models.callback import Cause, State
from models.desk import callbacks
from models.errors import NotFound
from models.rows_outbound import CallBackRow, RingRow
from models.store import Store
from tests.orders import NOW, begun, draft, linked

CALLER = "+8613800138000"


def asked(store: Store, order_id: str | None = "o1", **wanted: object) -> str | None:
    with store.unit() as uow:
        given = {"cause": Cause.DRAFT, "at": NOW, **wanted}
        found = desk.request_callback(uow, order_id=order_id, **given)  # type: ignore[arg-type]
        uow.commit()
    return found


def planned(store: Store, call_back_id: str | None) -> CallBackRow:
    with store.reading() as uow:
        row = uow.call_backs.find(str(call_back_id))
    assert row is not None
    return row


def test_an_order_has_one_call_back_and_its_row_in_the_outbox(store: Store) -> None:
    begun(store, draft())
    first = asked(store)
    assert asked(store) == first
    row = planned(store, first)
    assert (row.number, row.state, row.cause) == (CALLER, State.PLANNED, Cause.DRAFT)
    with store.reading() as uow:
        effect = uow.outbox.by_key(f"call_back:{first}")
    assert effect is not None
    assert (effect.kind, effect.order_id, effect.state) == ("call_back", "o1", "pending")


def test_a_unit_that_is_not_committed_asked_for_nothing(store: Store) -> None:
    begun(store, draft())
    with store.unit() as uow:
        found = desk.request_callback(uow, order_id="o1", cause=Cause.DRAFT, at=NOW)
    with store.reading() as uow:
        assert uow.call_backs.find(str(found)) is None
        assert uow.outbox.by_key(f"call_back:{found}") is None


def test_the_earlier_time_counts_and_a_clerks_own_choice(store: Store) -> None:
    begun(store, draft())
    later, sooner = NOW + timedelta(hours=5), NOW + timedelta(hours=1)
    first = asked(store, not_before=sooner)
    asked(store, not_before=later)
    assert planned(store, first).due_at == sooner
    asked(
        store, cause=Cause.CLERK, number="02155550188", not_before=later, exact=True, by="clerk:a"
    )
    row = planned(store, first)
    assert (row.due_at, row.exact, row.number) == (later, True, "+862155550188")


def test_without_a_number_a_clerk_gets_the_task(store: Store) -> None:
    begun(store, draft(), caller=None)
    assert asked(store) is None
    with store.reading() as uow:
        (task,) = uow.tasks.of_order("o1")
    assert task.kind == "call_back"


def test_nothing_is_asked_of_what_only_waits_for_its_signature(store: Store) -> None:
    linked(store, draft())
    with pytest.raises(desk.NothingToAsk):
        asked(store)
    with pytest.raises(NotFound):
        asked(store, "no such order")


def test_a_number_without_an_order_has_one_too(store: Store) -> None:
    first = asked(store, None, number=CALLER, cause=Cause.LINES_BUSY)
    assert asked(store, None, number=CALLER, cause=Cause.LINES_BUSY) == first
    with store.unit() as uow:
        assert desk.cancel_callback(uow, str(first), by="clerk:a", at=NOW)
        assert not desk.cancel_callback(uow, str(first), by="clerk:a", at=NOW)
        uow.commit()
    assert planned(store, first).state == State.CANCELLED
    assert asked(store, None, number=CALLER, cause=Cause.LINES_BUSY) != first


def test_an_order_that_is_confirmed_meanwhile_settles_it(store: Store) -> None:
    order = begun(store, draft())
    first = planned(store, asked(store))
    with store.unit() as uow:
        assert callbacks.settled(uow, first) is None
        desk.confirm_order(uow, order, NOW)
        assert callbacks.settled(uow, first) == "order_confirmed"


def test_whoever_calls_in_and_is_served_needs_no_call_back(store: Store) -> None:
    row = planned(store, asked(store, None, number=CALLER, cause=Cause.LINES_BUSY))
    at = NOW + timedelta(minutes=1)
    with store.unit() as uow:
        call = Call(sid="CAin", caller=CALLER, called=None, started_at=at)
        desk.begin_call(uow, call, draft("o2", "CAin"))
        assert callbacks.on_the_line(uow, CALLER, at)
        assert callbacks.settled(uow, row) is None
        desk.end_call(uow, "CAin", at, Disposition.INFORMED)
        assert callbacks.settled(uow, row) == "called_in"
        assert not callbacks.on_the_line(uow, CALLER, at)


def test_reports_bring_the_sid_and_never_go_back(store: Store) -> None:
    row = planned(store, asked(store, None, number=CALLER, cause=Cause.LINES_BUSY))
    with store.unit() as uow:
        uow.call_backs.add_ring(
            RingRow(
                call_back_id=row.id, nth=1, number=CALLER, tries=1, tried_at=NOW, status="queued"
            )
        )
        name = f"{row.id}-1"
        for status in ("ringing", "initiated", "no-answer", "in-progress"):
            assert desk.ring_status(uow, name, "CAout", status, None, NOW) is not None
        assert desk.ring_status(uow, name, "CAother", "completed", None, NOW) is None
        assert desk.ring_status(uow, "nonsense", "CAout", "completed", None, NOW) is None
        ring = uow.call_backs.rings(row.id)[0]
        assert (ring.sid, ring.status, ring.ended_at) == ("CAout", "no-answer", NOW)
        found = uow.call_backs.of_call("CAout")
        assert found is not None
        assert found.id == row.id
        uow.commit()
    with store.reading() as uow:
        waking = [e for e in uow.outbox.in_state("pending") if e.kind == "wake"]
        assert [[o.key for o in uow.outbox.woken_by(e)] for e in waking] == [
            [f"call_back:{row.id}"]
        ]
