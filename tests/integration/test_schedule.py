"""What is scheduled, as the database keeps it for all workers."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from dbos import DBOS

from api.callline import NO_LINE
from api.config import Settings
from api.jobs.worker import Worker
from models.store import Store
from tests.fakes import FakeSms
from tests.workers import FAST


def scheduled(
    store: Store, settings: Settings, fetch: Callable[[], object] | None = None
) -> set[str]:
    """The jobs that are scheduled once a worker with these has begun."""

    def now() -> datetime:
        return datetime.now(settings.zone)

    worker = Worker(store, settings, FakeSms(), NO_LINE, now, FAST, fetch=fetch)
    worker.start()
    try:
        return {str(schedule["schedule_name"]) for schedule in DBOS.list_schedules()}
    finally:
        worker.stop()


def test_a_mailbox_that_was_taken_out_is_not_fetched_for_ever(store: Store, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, home=tmp_path)
    others = {"retention", "expire_links", "look_after_failures"}
    assert scheduled(store, settings, fetch=lambda: None) >= {*others, "mailbox"}
    left = scheduled(store, settings)
    assert left >= others
    assert "mailbox" not in left
