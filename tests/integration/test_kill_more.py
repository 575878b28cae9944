"""Kill -9 at any step of a call-back, of a second hearing, of reading a mail: on both databases.

Each process is killed at its own point, in the order in which the work passes them; the next one
adopts what it left. One lives to the end.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from models import desk
from models.admission import Means, PhoneException
from models.callback import State
from models.desk import exceptions
from models.rows import OutboxRow
from models.rows_outbound import CallBackRow, RingRow
from models.store import Store
from tests.console import SAID, Desk
from tests.integration.test_kill_matrix import Doomed, doomed, environment, twilio, worker
from tests.integration.test_mails import know_sender, letter
from tests.integration.test_rehearing import TURNS, installation
from tests.onboarding import begun as form_of
from tests.onboarding import people
from tests.orders import MOBILE, NOW, begun, draft
from tests.twilio_standin import TwilioStandin
from tests.workers import until

__all__ = ["doomed", "environment", "installation", "twilio"]

pytestmark = pytest.mark.slow

#: A process of its own imports for minutes where the machine is busy.
PATIENCE_S = 400.0
#: Where a worker dies before anybody is rung, and while the first call is placed.
TO_THE_FIRST_RING = (
    "enqueue:before",
    "enqueue:after",
    "note:after",
    "turn:before",
    "turn:after",
    "try:before",
    "try:after",
    "place:before",
    "place:after",
    "rung:before",
    "rung:after",
)
#: When nobody had answered: what came of the ring is noted, the pause is over, it rings again.
TO_THE_SECOND_RING = ("turn:after", "place:after")
#: When the customer was reached.
AT_THE_END = ("turn:before", "let_go:before", "finish:before", "finish:after")
HEARING = (
    "enqueue:after",
    "turns:before",
    "turns:after",
    "hear:before",
    "heard:before",
    "heard:after",
    "hear:after",
    "finish:before",
)
READING = (
    "enqueue:after",
    "read:before",
    "parsed:before",
    "parsed:after",
    "orders:before",
    "orders:after",
    "read:after",
    "finish:before",
)


#: Where a worker dies that watches an exception by phone whose papers are overdue.
WATCHING = (
    "enqueue:after",
    "papers_look:before",
    "papers_look:after",
    "papers_alert:before",
    "papers_alert:after",
)


def call_backs(store: Store, order_id: str = "o1") -> Sequence[CallBackRow]:
    with store.reading() as uow:
        return uow.call_backs.of_order(order_id)


def rings(store: Store) -> Sequence[RingRow]:
    (row,) = call_backs(store)
    with store.reading() as uow:
        return uow.call_backs.rings(row.id)


def state(store: Store, key: str) -> str | None:
    """How far the work of an outbox row is."""
    with store.reading() as uow:
        row = uow.outbox.by_key(key)
        return row.state if row else None


def test_a_call_back_goes_on_and_rings_once_for_each_cause(
    store: Store, environment: dict[str, str], twilio: TwilioStandin, doomed: Doomed
) -> None:
    begun(store, draft())
    doomed("ask o1 no")
    assert call_backs(store) == []
    doomed("ask o1 yes")
    (back,) = call_backs(store)
    for point in TO_THE_FIRST_RING:
        doomed(f"work {point}")
    assert len(twilio.calls) == 1
    first = twilio.calls[0]["sid"]
    doomed(f"report {back.id}-1 {first} no-answer no")
    assert [ring.status for ring in rings(store)] == ["queued"]
    doomed(f"report {back.id}-1 {first} no-answer yes")
    for point in TO_THE_SECOND_RING:
        doomed(f"work {point}")
    assert len(twilio.calls) == 2
    second = twilio.calls[0]["sid"]
    doomed(f"talk {second} no")
    doomed(f"talk {second} yes")
    doomed(f"report {back.id}-2 {second} completed no")
    doomed(f"report {back.id}-2 {second} completed yes")
    for point in AT_THE_END:
        doomed(f"work {point}")
    key = f"call_back:{back.id}"
    with worker(environment):
        until(lambda: state(store, key) == "done", PATIENCE_S)
    (back,) = call_backs(store)
    assert back.state == State.DONE
    assert [(ring.sid, ring.outcome) for ring in rings(store)] == [
        (first, "no-answer"),
        (second, "reached"),
    ]
    assert len(twilio.calls) == 2, "nobody is rung again for a cause that was rung"
    with store.reading() as uow:
        assert uow.tasks.of_order("o1") == []


def test_a_second_hearing_goes_on_at_the_turn_where_it_died(
    store: Store, installation: Desk, environment: dict[str, str], doomed: Doomed
) -> None:
    with store.reading() as uow:
        key = f"hear_again:{uow.calls.row('CA1').recording}"
        before = uow.orders.get("o1")
    for point in HEARING:
        doomed(f"work {point}")
    with worker(environment):
        until(lambda: state(store, key) == "done", PATIENCE_S)
    with store.reading() as uow:
        found = uow.second_hearings.of_call("CA1")
        assert uow.orders.get("o1") == before
    assert sorted(found) == TURNS
    assert len(SAID) > len(TURNS), "the assistant's turns are not heard"


def test_a_mail_is_read_once_whoever_dies_of_it(
    store: Store,
    environment: dict[str, str],
    twilio: TwilioStandin,
    doomed: Doomed,
    tmp_path: Path,
) -> None:
    know_sender(store)
    file = tmp_path / "a.eml"
    file.write_bytes(letter())
    doomed(f"mail {file} no")
    with store.reading() as uow:
        assert uow.mails.latest(9, 0) == []
    doomed(f"mail {file} yes")
    with store.reading() as uow:
        (mail,) = uow.mails.latest(9, 0)
    for point in READING:
        doomed(f"work {point}")
    with worker(environment):
        until(lambda: state(store, f"{desk.READ_MAIL}:{mail.id}") == "done", PATIENCE_S)
        until(lambda: len(twilio.calls) == 1, PATIENCE_S)
    with store.reading() as uow:
        (mail,) = uow.mails.latest(9, 0)
        assert mail.state == "read"
        (order_id,) = mail.orders
        order = uow.orders.get(order_id)
        assert uow.board.tasks(kind="", state="open") == []
    assert order is not None
    assert order.value("pieces") == 3
    (back,) = call_backs(store, order_id)
    assert (back.number, back.cause) == (MOBILE, "email")
    assert len(twilio.calls) == 1


def test_overdue_papers_suspend_a_customer_once_whoever_dies_of_it(
    store: Store, environment: dict[str, str], doomed: Doomed
) -> None:
    by = people(store)
    at = datetime.now(NOW.tzinfo)
    form = form_of(store, by["mia"], at=at - timedelta(days=6))
    given = PhoneException(
        leader="gm",
        noted_by="hua",
        means=Means.PHONE,
        what="x",
        given_at=at - timedelta(days=6),
        due=at - timedelta(minutes=1),
    )
    with store.unit() as uow:
        number = exceptions.record(uow, form.id, given, user=by["hua"], at=given.given_at)
        uow.commit()
    for point in WATCHING:
        doomed(f"work {point}")
    with worker(environment):
        until(lambda: state(store, f"exception:{number}") == "done", PATIENCE_S)
    with store.reading() as uow:
        assert uow.exceptions.row(number).suspended_at is not None
        told = [e for e in uow.audit.entries() if e.action == "customer.suspend"]
        assert len(told) == 1
        assert len(uow.board.tasks(kind="exception_over")) == 1
        keys = [row.key for row in uow.session.query(OutboxRow) if row.kind == "mail"]
    suspended = [key for key in keys if ":exception_suspended:" in key]
    assert sorted(key.rpartition(":")[2] for key in suspended) == ["gm", "hua", "mia"]
