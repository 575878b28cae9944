"""Scheduled jobs of three workers on one PostgreSQL: each time is done once, one killed or not."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from api.jobs.engine import system_url
from models import schema
from models.contract import PaperKind, Terms
from models.desk import contracts
from models.fields import Payment
from models.store import Store
from tests.conftest import SECRET
from tests.orders import customer
from tests.processes import new_database
from tests.workers import until

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[2]
JOBS = {
    "mailbox",
    "retention",
    "expire_links",
    "hand_over_absent",
    "assign_waiting",
    "watch_waits",
    "contracts_that_end",
    "day_report",
    "look_after_failures",
}


@dataclass(frozen=True)
class Three:
    """Three workers, and what they have done."""

    running: list[subprocess.Popen[bytes]]
    file: Path
    store: Store
    dbos: Engine

    def done(self) -> list[tuple[str, int]]:
        """The workflow and the process of each job that was done."""
        lines = self.file.read_text().splitlines() if self.file.exists() else []
        return [(name, int(pid)) for name, _, pid in (line.partition(" ") for line in lines)]

    def states(self) -> dict[str, str]:
        """How each scheduled workflow stands, as DBOS keeps it."""
        query = (
            "SELECT workflow_uuid, status FROM dbos.workflow_status WHERE name LIKE 'scheduled.%'"
        )
        with self.dbos.connect() as connection:
            return dict(connection.execute(text(query)).tuples().all())


@pytest.fixture
def three(postgres_url: str, tmp_path: Path) -> Iterator[Three]:
    url = new_database(postgres_url)
    store = Store(url, secret=SECRET)
    schema.upgrade(store)
    environment = {**os.environ, "INTAKE_DATA": str(tmp_path), "INTAKE_DATABASE_URL": url}
    file = tmp_path / "done"
    command = [sys.executable, "-m", "tests.scheduled_worker", str(file)]
    dbos = create_engine(system_url(url))
    with ExitStack() as stack:
        stack.callback(store.close)
        stack.callback(dbos.dispose)
        running = []
        for _ in range(3):
            running.append(subprocess.Popen(command, env=environment, cwd=ROOT))
            stack.callback(_end, running[-1])
        yield Three(running, file, store, dbos)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait()


def job_of(workflow: str) -> str:
    """The job in a scheduled workflow's id: `sched-JOB-TIME`."""
    return workflow.removeprefix("sched-").partition("-")[0]


def ending(store: Store) -> None:
    """A contract that ends in some days."""
    at = datetime.now(store.zone)
    with store.unit() as uow:
        uow.customers.put(customer())
        terms = Terms(
            kind=PaperKind.CONTRACT,
            number="HY-1",
            settlement=Payment.MONTHLY,
            valid_from=at.date() - timedelta(days=300),
            valid_to=at.date() + timedelta(days=10),
        )
        contracts.add(uow, "c1", terms, by="mia", at=at)
        uow.commit()


def test_three_workers_do_each_time_once_and_go_on_when_one_is_killed(three: Three) -> None:
    ending(three.store)
    until(lambda: {pid for _, pid in three.done()} == {p.pid for p in three.running})
    until(lambda: {job_of(name) for name, _ in three.done()} == JOBS)
    before = three.done()
    assert max(Counter(name for name, _ in before).values()) == 1

    dead, *living = three.running
    dead.kill()
    dead.wait()
    killed_at = set(three.states())
    until(lambda: all(three.states()[name] == "SUCCESS" for name in killed_at))
    after = [(name, pid) for name, pid in three.done() if name not in killed_at]
    until(lambda: len({name for name, _ in three.done()} - killed_at) >= len(JOBS))
    after = [(name, pid) for name, pid in three.done() if name not in killed_at]
    assert {pid for _, pid in after} <= {process.pid for process in living}
    assert max(Counter(name for name, _ in after).values()) == 1
    with three.store.reading() as uow:
        tasks = uow.board.tasks(kind="", state="open")
    assert [task.kind for task in tasks] == ["contract_ends"]
    # What the dead one had in hand may have been done again, and nothing else.
    again = {name for name, count in Counter(n for n, _ in three.done()).items() if count > 1}
    assert again <= {name for name, pid in three.done() if pid == dead.pid}
