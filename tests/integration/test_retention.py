"""Deleting by periods: proven, whole, and never what is held."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from api.config import Settings
from api.jobs import retention
from api.signed.papers import Papers
from api.vault.objects import open_objects
from models.callback import Cause, State
from models.desk import holds, request_callback
from models.desk.callbacks import end_callback, want_call_back
from models.errors import NotFound
from models.order import Status
from models.repositories.board import Filter, Queue
from models.retention import PERSONAL_FIELDS, Kind, NotHeld
from models.rows import LinkRow, MessageRow, OutboxRow, SignatureRow, TaskRow
from models.rows_outbound import CallBackRow, RingRow
from models.rows_privacy import DeletionRow
from models.rows_signing import LinkEventRow, SignedPaperRow
from models.store import Store
from tests.conftest import SECRET
from tests.console import Desk, record
from tests.orders import MOBILE, NOW, customer

YEARS = timedelta(days=365)


@pytest.fixture
def desk(store: Store, tmp_path: Path) -> Desk:
    return Desk(store, Settings(data=tmp_path, home=tmp_path))


def run(desk: Desk, after: timedelta) -> dict[str, int]:
    return retention.run(desk.store, desk.vault, desk.settings, NOW + after)


def test_each_kind_goes_when_its_period_is_over_and_leaves_a_proof(desk: Desk) -> None:
    signed = desk.signed(desk.confirmed(desk.call()))
    Papers(desk.store, desk.settings).ensure(signed.id, signed.version)
    assert run(desk, timedelta(days=364)) == {}
    assert open_objects(desk.settings).names()
    assert run(desk, timedelta(days=366)) == {"recordings": 1}
    assert open_objects(desk.settings).names() == []
    assert run(desk, timedelta(days=366)) == {}
    with desk.store.reading() as uow:
        assert uow.calls.row("CA1").recording is None
        assert uow.board.said("张江路", limit=9)
    assert run(desk, timedelta(days=731)) == {"transcripts": 1}
    with desk.store.reading() as uow:
        assert uow.board.said("张江路", limit=9) == []
        assert uow.calls.events("CA1") == []
        stored = uow.orders.get("o1")
    assert stored is not None
    assert stored.value("origin.detail") == "张江路88号"
    assert run(desk, timedelta(days=1096)) == {"personal": 2}
    kept = desk.stored()
    assert (kept.status, kept.value("goods"), kept.value("origin.city")) == (
        Status.SIGNED,
        "耳机",
        "上海市",
    )
    assert not PERSONAL_FIELDS & kept.fields.keys()
    with desk.store.reading() as uow:
        history = json.dumps([row.changes for row in uow.orders.history("o1")], ensure_ascii=False)
        row, call = uow.board.order_row("o1"), uow.calls.row("CA1")
        wanted = Filter(queue=Queue.ALL, text=MOBILE)
        assert uow.board.orders(wanted, limit=9) == []
        assert uow.signatures.get("o1", signed.version) is not None
    assert row is not None
    assert (row.caller, call.caller) == (None, None)
    assert "张江路" not in history + json.dumps(row.fields, ensure_ascii=False)
    assert run(desk, 5 * YEARS + timedelta(days=1)) == {"notices": 1}
    with desk.store.reading() as uow:
        for table in (SignatureRow, SignedPaperRow, LinkRow, LinkEventRow):
            assert uow.session.scalars(select(table)).all() == []
        proofs = uow.deletions.latest()
        runs = [entry for entry in uow.audit.entries() if entry.action == "retention.run"]
    assert {(p.kind, p.subject) for p in proofs} == {
        ("recordings", "call:CA1"),
        ("transcripts", "call:CA1"),
        ("personal", "call:CA1"),
        ("personal", "order:o1"),
        ("notices", "order:o1"),
    }
    assert all(len(p.digest) == 64 and p.items and p.rule == f"keep_{p.kind}_days" for p in proofs)
    assert len(runs) == 4
    caller = next(p for p in proofs if p.kind == "personal" and p.subject == "call:CA1")
    assert caller.digest == retention.proof(desk.store.secret, [["caller", MOBILE]])
    assert caller.digest != retention.proof("another secret", [["caller", MOBILE]])


def test_messages_go_with_what_sent_them(desk: Desk) -> None:
    desk.confirmed(desk.call(recorded=False))
    with desk.store.unit() as uow:
        queued = uow.session.scalars(select(OutboxRow)).one()
        queued.state = "done"
        uow.session.add(
            MessageRow(
                sid="SM1",
                key=queued.key,
                order_id="o1",
                order_version=1,
                mobile=MOBILE,
                body="a link",
                encoding="GSM-7",
                segments=1,
                status="delivered",
                error_code=None,
                created_at=NOW,
                updated_at=NOW,
            )
        )
        uow.commit()
    assert run(desk, timedelta(days=366)) == {"messages": 1}
    with desk.store.reading() as uow:
        assert uow.session.scalars(select(MessageRow)).all() == []
        assert uow.session.scalars(select(OutboxRow)).all() == []


@pytest.mark.parametrize(
    ("scope", "name"), [("call", "CA1"), ("order", "o1"), ("customer", "上海宏远电子有限公司")]
)
def test_a_hold_keeps_everything_until_it_is_released(desk: Desk, scope: str, name: str) -> None:
    desk.signed(desk.confirmed(desk.call()))
    with desk.store.unit() as uow:
        row = holds.hold(uow, scope, name, reason="诉讼", by="helen", at=NOW)
        uow.commit()
    assert run(desk, 9 * YEARS) == {}
    with desk.store.unit() as uow:
        holds.release(uow, row.id, by="helen", at=NOW)
        uow.commit()
    assert run(desk, 9 * YEARS).keys() == {"recordings", "transcripts", "personal", "notices"}


def test_a_hold_names_what_there_is_and_why(desk: Desk) -> None:
    with desk.store.unit() as uow:
        for scope, name, reason in (("call", "CA9", "x"), ("town", "x", "x"), ("call", "CA9", " ")):
            with pytest.raises(NotHeld):
                holds.hold(uow, scope, name, reason=reason, by="helen", at=NOW)


def test_what_was_deleted_stays_on_record(desk: Desk) -> None:
    desk.call()
    run(desk, 2 * YEARS)
    with pytest.raises(DBAPIError), desk.store.unit() as uow:
        uow.session.scalars(select(DeletionRow)).first().items = 0  # type: ignore[union-attr]
        uow.commit()


def test_an_order_changed_after_its_erasure_is_due_again(desk: Desk) -> None:
    order = desk.call(recorded=False)
    run(desk, 4 * YEARS)
    assert run(desk, 4 * YEARS) == {}
    with desk.store.unit() as uow:
        row = uow.orders.row(order.id)
        row.caller, row.updated_at = MOBILE, NOW + 5 * YEARS
        uow.commit()
    assert run(desk, 9 * YEARS) == {"personal": 1}


@dataclass(frozen=True)
class Placed:
    """A call of the property test: how many days ago, and whether it is held and how."""

    age: int
    held: str | None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.builds(
            Placed,
            age=st.integers(0, 2500),
            held=st.sampled_from([None, None, "call", "order"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_on_a_database_nothing_held_goes_and_nothing_due_stays(
    sqlite_template: Path, placed: list[Placed]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(sqlite_template, Path(folder) / "intake.db")
        store = Store(f"sqlite:///{folder}/intake.db", secret=SECRET)
        desk = Desk(store, Settings(data=Path(folder), home=Path(folder)))
        for n, one in enumerate(placed):
            desk.call(f"o{n}", f"CA{n}", at=NOW - timedelta(days=one.age))
            if one.held:
                with store.unit() as uow:
                    name = f"CA{n}" if one.held == "call" else f"o{n}"
                    holds.hold(uow, one.held, name, reason="x", by="helen", at=NOW)
                    uow.commit()
        retention.run(store, desk.vault, desk.settings, NOW)
        limits = {kind: p.days for kind, p in retention.periods(desk.settings).items()}
        for n, one in enumerate(placed):
            with store.reading() as uow:
                call = uow.calls.get(f"CA{n}")
            assert call is not None
            order = desk.stored(f"o{n}")
            for kind, there in (
                (Kind.RECORDINGS, call.recording is not None),
                (Kind.TRANSCRIPTS, bool(call.turns)),
                (Kind.PERSONAL, order.value("origin.detail") is not None),
                (Kind.PERSONAL, call.caller is not None),
            ):
                # A call ends seconds after it began, so that a day's edge is not due yet.
                due = one.age > limits[kind]
                assert there is (bool(one.held) or not due), (kind, one)
        store.close()


def test_practice_calls_go_with_their_sound_and_their_score(desk: Desk) -> None:
    path = desk.vault.new("TRAIN1", NOW)
    record(path)
    desk.vault.keep(path)
    with desk.store.unit() as uow:
        uow.trainings.begin("TRAIN1", clerk="anna", lesson="calm", at=NOW)
        uow.session.flush()
        uow.trainings.end("TRAIN1", at=NOW, recording=desk.vault.name(path))
        uow.commit()
    keep = Settings(data=desk.settings.data_dir, home=desk.settings.data_dir, keep_training_days=30)
    desk.settings = keep
    assert run(desk, timedelta(days=29)) == {}
    assert open_objects(keep).names()
    assert run(desk, timedelta(days=30)) == {"training": 1}
    assert open_objects(keep).names() == []
    with desk.store.reading() as uow:
        (proof,) = uow.deletions.of("training:TRAIN1")
        with pytest.raises(NotFound):
            uow.trainings.get("TRAIN1")
    assert (proof.rule, proof.items) == ("keep_training_days", 2)


def back(desk: Desk, **wanted: object) -> str:
    """A call-back that rang once and is over."""
    with desk.store.unit() as uow:
        given = {"cause": Cause.CLERK, "at": NOW, "number": MOBILE, **wanted}
        made = request_callback(uow, **given)  # type: ignore[arg-type]
        assert made is not None
        uow.call_backs.add_ring(
            RingRow(
                call_back_id=made,
                nth=1,
                number=MOBILE,
                tries=1,
                tried_at=NOW,
                sid=f"CA{made}",
                status="busy",
                outcome="busy",
                ended_at=NOW,
            )
        )
        end_callback(uow, uow.call_backs.row(made), State.TASK, None, NOW)
        uow.commit()
    return made


def left(desk: Desk) -> set[str]:
    """The call-backs and rings that are on file."""
    with desk.store.reading() as uow:
        rows = uow.session.scalars(select(CallBackRow.id)).all()
        assert set(uow.session.scalars(select(RingRow.call_back_id))) == set(rows)
    return set(rows)


@pytest.mark.parametrize("about", ["order", "call", "nothing"])
def test_call_backs_go_with_what_they_are_about_or_alone_and_leave_a_proof(
    desk: Desk, about: str
) -> None:
    if about == "nothing":
        made, subject = back(desk), "call_back:"
    elif about == "order":
        desk.call(recorded=False)
        made, subject = back(desk, order_id="o1"), "order:o1"
    else:
        desk.call(recorded=False)
        made, subject = back(desk, call_sid="CA1"), "call:CA1"
    run(desk, timedelta(days=1094))
    assert left(desk) == {made}
    run(desk, timedelta(days=1096))
    assert left(desk) == set()
    with desk.store.reading() as uow:
        proofs = {row.subject: row for row in uow.deletions.latest() if row.kind == "personal"}
    found = [row for name, row in proofs.items() if name.startswith(subject)]
    assert [len(row.digest) for row in found] == [64]
    if about == "nothing":
        gone = [["call_back", made, MOBILE, "clerk"]]
        assert found[0].digest == retention.proof(desk.store.secret, gone)
    assert run(desk, timedelta(days=1097)) == {}


def test_a_call_back_that_outlived_its_orders_details_goes_by_itself(desk: Desk) -> None:
    desk.call(recorded=False)
    with desk.store.unit() as uow:
        made = request_callback(uow, order_id="o1", cause=Cause.CLERK, number=MOBILE, at=NOW)
        assert made is not None
        uow.commit()
    run(desk, timedelta(days=1096))
    assert left_open(desk) == {made}, "what still rings is not forgotten"
    with desk.store.unit() as uow:
        end_callback(uow, uow.call_backs.row(made), State.TASK, None, NOW)
        uow.commit()
    assert run(desk, timedelta(days=1096)) == {"personal": 1}
    assert left_open(desk) == set()


def left_open(desk: Desk) -> set[str]:
    """The call-backs that are on file, rung or not."""
    with desk.store.reading() as uow:
        return set(uow.session.scalars(select(CallBackRow.id)))


def test_a_hold_of_the_customer_keeps_a_call_back_to_their_number(desk: Desk) -> None:
    made = back(desk)
    with desk.store.unit() as uow:
        uow.customers.put(customer())
        row = holds.hold(uow, "customer", customer().name, reason="诉讼", by="helen", at=NOW)
        uow.commit()
    assert run(desk, 9 * YEARS) == {}
    assert left(desk) == {made}
    with desk.store.unit() as uow:
        holds.release(uow, row.id, by="helen", at=NOW)
        uow.commit()
    assert run(desk, 9 * YEARS) == {"personal": 1}


def test_a_number_that_was_keyed_in_goes_from_the_task_too(desk: Desk) -> None:
    desk.call(recorded=False)
    keyed = "+8613700137000"
    with desk.store.unit() as uow:
        want_call_back(
            uow,
            "CA1",
            caller=MOBILE,
            called=None,
            reason=f"All lines were busy. Call back: {keyed}",
            at=NOW,
            number=keyed,
        )
        uow.commit()
    run(desk, timedelta(days=1096))
    with desk.store.reading() as uow:
        (task,) = uow.session.scalars(select(TaskRow)).all()
    assert task.reason == "All lines were busy. Call back: …"
