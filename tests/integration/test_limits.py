"""Requests counted for all processes together, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from api.limits import SharedLimits
from models.rows_line import RequestCountRow
from models.store import Store
from tests.conftest import SECRET

START = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)
RULES = {"sign": "6/minute", "code": "2/minute"}


def another(store: Store) -> Store:
    """The same database, as another process has it."""
    return Store(store.engine.url.render_as_string(hide_password=False), secret=SECRET)


def test_two_processes_count_together(store: Store) -> None:
    other = another(store)
    try:
        ours, theirs = (SharedLimits(s, RULES, lambda: START) for s in (store, other))
        turns = [ours, theirs] * 4
        assert [limits.allows("sign", "203.0.113.7") for limits in turns] == [True] * 6 + [
            False
        ] * 2
        assert ours.allows("sign", "203.0.113.8")
        assert theirs.allows("code", "203.0.113.7")
    finally:
        other.close()


def test_none_slips_through_where_many_ask_at_once(store: Store) -> None:
    other = another(store)
    try:
        both = [SharedLimits(s, RULES, lambda: START) for s in (store, other)] * 10
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda limits: limits.allows("sign", "203.0.113.7"), both))
        assert (answers.count(True), answers.count(False)) == (6, 14)
    finally:
        other.close()


def test_a_new_window_begins_anew_and_forgets_the_last(store: Store) -> None:
    clock = [START]
    limits = SharedLimits(store, RULES, lambda: clock[0])
    assert [limits.allows("code", "203.0.113.7") for _ in range(3)] == [True, True, False]
    clock[0] += timedelta(seconds=59)
    assert not limits.allows("code", "203.0.113.7")
    clock[0] += timedelta(seconds=2)
    assert limits.allows("code", "203.0.113.7")
    with store.reading() as uow:
        rows = uow.session.scalars(select(RequestCountRow)).all()
        assert uow.session.scalar(select(func.count()).select_from(RequestCountRow)) == 1
    assert all("203.0.113.7" not in row.key for row in rows)
