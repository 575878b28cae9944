"""The store on both databases: transactions, migrations, concurrency."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from models import desk, schema
from models.errors import ExternalError, RuleError
from models.order import Order
from models.store import Store
from tests.orders import NOW, begun, draft


def test_schema_matches_the_rows(store: Store) -> None:
    assert schema.revision(store) == schema.newest()
    assert schema.differences(store) == []


def test_migrations_run_down_and_up(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'new' / 'intake.db'}")
    schema.upgrade(store)
    schema.downgrade(store, "base")
    assert schema.revision(store) is None
    schema.upgrade(store)
    schema.upgrade(store)
    assert schema.differences(store) == []
    store.close()


def test_a_unit_rolls_back_unless_committed(store: Store) -> None:
    with store.unit() as uow:
        desk.keep_draft(uow, draft(), at=NOW)
    with store.reading() as uow:
        assert uow.orders.get("o1") is None


def test_an_error_undoes_the_whole_unit(store: Store) -> None:
    order = begun(store, draft())

    def confirm_then_fail() -> None:
        with store.unit() as uow:
            desk.confirm_order(uow, order, NOW)
            uow.outbox.put("k", kind="sms_link", payload={}, at=NOW)
            raise RuleError("after everything")

    with pytest.raises(RuleError):
        confirm_then_fail()
    with store.reading() as uow:
        assert uow.orders.locked("o1").number is None
        assert uow.outbox.by_key("k") is None


def test_reading_units_do_not_commit(store: Store) -> None:
    with store.reading() as uow, pytest.raises(RuntimeError):
        uow.commit()


def test_moments_need_a_zone_and_come_back_the_same(store: Store) -> None:
    begun(store, draft())
    with store.reading() as uow:
        assert uow.calls.row("CA1").started_at == NOW
    with store.unit() as uow, pytest.raises(Exception, match="time zone"):
        desk.open_task(uow, "review", "x", None, None, "k", datetime(2026, 1, 1))


def test_orders_survive_the_round_trip(store: Store) -> None:
    order = draft(remarks="易碎 🧊 'quoted' \"twice\"")
    assert begun(store, order) == order


def test_numbers_are_unique_under_threads(store: Store) -> None:
    orders = [draft(f"o{n}", f"CA{n}") for n in range(24)]
    for order in orders:
        begun(store, order)

    def confirm(order: Order) -> str | None:
        with store.unit() as uow:
            confirmed, _ = desk.confirm_order(uow, order, NOW)
            uow.commit()
        return confirmed.number

    with ThreadPoolExecutor(8) as pool:
        numbers = list(pool.map(confirm, orders))
    assert sorted(map(str, numbers)) == [f"261124{n:04d}" for n in range(1, 25)]


def test_a_number_given_back_leaves_no_double(store: Store) -> None:
    one, two = begun(store, draft("o1", "CA1")), begun(store, draft("o2", "CA2"))
    with store.unit() as uow:
        desk.confirm_order(uow, one, NOW)  # not committed
    with store.unit() as uow:
        confirmed, today = desk.confirm_order(uow, two, NOW)
        uow.commit()
    assert confirmed.number is not None
    assert today == 1


def test_the_same_confirmation_from_many_threads_counts_once(store: Store) -> None:
    order = begun(store, draft())

    def confirm(_: int) -> tuple[str | None, int]:
        with store.unit() as uow:
            confirmed, today = desk.confirm_order(uow, order, NOW)
            uow.commit()
        return confirmed.number, today

    with ThreadPoolExecutor(6) as pool:
        assert set(pool.map(confirm, range(12))) == {("2611240001", 1)}


def test_the_day_of_a_number_is_the_desks_own(store: Store) -> None:
    late_utc = datetime.fromisoformat("2026-11-24T18:30:00+00:00")  # 02:30 next day in Shanghai
    order = begun(store, draft())
    with store.unit() as uow:
        confirmed, _ = desk.confirm_order(uow, order, late_utc)
    assert confirmed.number == "2611250001"


def test_sqlite_runs_in_wal_with_foreign_keys(sqlite_store: Store) -> None:
    with sqlite_store.reading() as uow:
        pragmas = {
            name: uow.session.execute(text(f"PRAGMA {name}")).scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 10_000}


def test_readers_go_on_while_a_writer_writes(sqlite_store: Store) -> None:
    begun(sqlite_store, draft())
    with sqlite_store.unit() as writer:
        desk.cancel_order(writer, draft(), at=NOW)
        with sqlite_store.reading() as reader:
            assert reader.orders.locked("o1").status == "draft"


def test_a_database_without_tables_says_what_to_do(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(ExternalError, match="intake db upgrade"), store.unit() as uow:
        desk.keep_draft(uow, draft(), at=NOW)
    store.close()


def test_a_memory_database_is_refused() -> None:
    with pytest.raises(RuleError, match="database file"):
        Store("sqlite://")
