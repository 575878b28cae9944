"""Kill -9 of any process at any step: the next one goes on, and no message goes out twice.

Each process is killed at its own point, in the order in which an order's life passes them. All
work on one database, so each worker also adopts what the former one left. One lives to the end.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from models import desk
from models.order import Status
from models.store import Store
from tests.orders import customer
from tests.twilio_standin import ACCOUNT, TOKEN, TwilioStandin, both
from tests.workers import until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
#: Where a worker dies between the order's yes and the reminder's arrival.
TO_THE_REMINDER = (
    "enqueue:before",
    "enqueue:after",
    "note:after",
    "hand_over:before",
    "begin:after",
    "post:before",
    "post:after",
    "keep:before",
    "keep:after",
    "delivery:before",
    "look:before",
    "remind:before",
    "remind:after",
    "post:after",
    "finish:before",
)
#: And after the signature.
AFTER_THE_SIGNATURE = ("paper:before", "paper:after")
#: And at the end of an order that nobody signs.
AT_THE_END = ("expire:before", "expire:after", "finish:after")


@pytest.fixture
def twilio() -> Iterator[TwilioStandin]:
    """Counts what is sent, and who is rung."""
    with TwilioStandin(both()).running() as standin:
        yield standin
    assert standin.faults == []


@pytest.fixture
def environment(store: Store, tmp_path: Path, twilio: TwilioStandin) -> dict[str, str]:
    """What a process of this installation finds in its environment."""
    return {
        **os.environ,
        "INTAKE_DATA": str(tmp_path),
        "INTAKE_HOME": str(tmp_path),
        "INTAKE_DATABASE_URL": store.engine.url.render_as_string(hide_password=False),
        "INTAKE_PUBLIC_URL": "https://intake.example.com",
        "INTAKE_REMIND_HOURS": "0.0003",
        "INTAKE_QUIET_HOURS": "",
        "INTAKE_CALL_BACK_NO_ANSWER_MINUTES": "0.001",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": "+862155550100",
        "TWILIO_API_BASE": twilio.url,
    }


class Doomed:
    """Has processes do things and die of them."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def __call__(self, line: str) -> None:
        """Does it; returns once the process killed itself."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == f"{int(signal.SIGKILL)}\n", line


@pytest.fixture
def doomed(environment: dict[str, str]) -> Iterator[Doomed]:
    """See `Doomed`."""
    command = [sys.executable, "-m", "tests.kill_worker"]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, env=environment, cwd=ROOT, text=True, **pipes) as process:
        yield Doomed(process)


@contextmanager
def worker(environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that lives until the block ends, and then ends in good order."""
    command = [sys.executable, "-m", "tests.kill_worker", "work"]
    with subprocess.Popen(command, env=environment, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.terminate()
            process.wait()


def states(store: Store) -> set[tuple[str, str]]:
    """Kind and state of every effect but wakes."""
    with store.reading() as uow:
        found = [e for state in ("pending", "started") for e in uow.outbox.in_state(state)]
    return {(effect.kind, effect.state) for effect in found}


def status(store: Store, order_id: str) -> Status | None:
    """How the order stands."""
    with store.reading() as uow:
        order = uow.orders.get(order_id)
    return order.status if order else None


def test_whoever_dies_where_it_may_nothing_is_lost_or_sent_twice(
    store: Store, environment: dict[str, str], twilio: TwilioStandin, doomed: Doomed
) -> None:
    with store.unit() as uow:
        uow.customers.put(customer())
        uow.commit()
    doomed("order o1 72 no")
    assert status(store, "o1") is None
    doomed("order o1 72 yes")
    for point in TO_THE_REMINDER:
        doomed(f"work {point}")
    doomed("sign o1 no")
    assert status(store, "o1") is Status.AWAITING_SIGNATURE
    doomed("sign o1 yes")
    for point in AFTER_THE_SIGNATURE:
        doomed(f"work {point}")
    doomed("order o2 0.003 yes")
    for point in AT_THE_END:
        doomed(f"work {point}")
    with worker(environment):
        until(lambda: states(store) == {("sms_link", "started")})
        release(store)
        until(lambda: states(store) == set())
    assert status(store, "o2") is Status.EXPIRED
    with store.reading() as uow:
        assert uow.papers.get("o1", 1) is not None
        assert [task.kind for task in uow.tasks.of_order("o1")] == []
        assert [task.kind for task in uow.tasks.of_order("o2")] == ["link_expired"]
        noted = [m.sid for o in ("o1", "o2") for m in uow.messages.of_order(o)]
        assert len(uow.messages.of_order("o1")) == 2  # link and reminder
    assert sorted(noted) == sorted(message["sid"] for message in twilio.messages)
    bodies = Counter(message["body"] for message in twilio.messages)
    assert set(bodies.values()) == {1}


def release(store: Store) -> None:
    """A clerk releases the signed order."""
    with store.unit() as uow:
        desk.accept(uow, "o1", at=uow.orders.row("o1").updated_at, by="clerk:li")
        uow.commit()


def test_the_living_worker_adopts_what_a_dead_one_left(
    store: Store, environment: dict[str, str], twilio: TwilioStandin, doomed: Doomed
) -> None:
    doomed("order o1 72 yes")
    with worker(environment) as first:
        until(lambda: len(twilio.messages) == 2)
        with worker(environment):
            until(lambda: beating(store) == 2)
            first.kill()
            first.wait()
            until(lambda: beating(store) == 1)
            doomed("sign o1 yes")
            until(lambda: states(store) == {("sms_link", "started")})
            with store.unit() as uow:
                uow.customers.put(customer())
                uow.commit()
            release(store)
            until(lambda: states(store) == set())
    assert len(twilio.messages) == 2


def beating(store: Store) -> int:
    """How many workers are known."""
    with store.reading() as uow:
        return len(uow.workers.beats())
