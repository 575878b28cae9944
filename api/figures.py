"""Figures taken from the database when Prometheus asks: the same from every process."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from models.errors import ExternalError
from models.store import Store

_DAY = timedelta(days=1)
#: Family, its help, and its labels. The keys are those of `models.repositories.tallies`.
_FAMILIES = {
    "calls": ("intake_calls_last_day", "Calls that began within a day.", ["outcome"]),
    "sms": ("intake_sms_last_day", "Text messages of a day, by how far they got.", ["status"]),
    "outbox": ("intake_outbox", "Work that is not done.", ["kind", "state"]),
    "tasks": ("intake_tasks_open", "Open tasks for people.", ["kind"]),
    "orders": ("intake_orders", "Orders, by status.", ["status"]),
    "deleted": ("intake_deleted_last_day", "What retention deleted within a day.", ["kind"]),
}


class StoreFigures(Collector):
    """Counts of the whole installation, and the state of this machine.

    Args:
        waiting: how many recordings are on this machine and not in the object store.
    """

    def __init__(
        self, store: Store, data: Path, waiting: Callable[[], int], now: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._data = data
        self._waiting = waiting
        self._now = now

    def describe(self) -> Iterable[Metric]:
        """Nothing: the names are known without asking the database."""
        return []

    def collect(self) -> Iterable[Metric]:
        """See `prometheus_client.registry.Collector`."""
        yield _one("intake_disk_free_bytes", "Free below INTAKE_DATA.", self._free())
        yield _one(
            "intake_recordings_waiting", "Recordings not yet in the object store.", self._waiting()
        )
        now = self._now()
        try:
            with self._store.reading() as uow:
                counts = uow.tallies.counts(now - _DAY)
                seen = uow.workers.latest()
        except ExternalError:
            yield _one("intake_database_up", "Whether the database answers.", 0)
            return
        yield _one("intake_database_up", "Whether the database answers.", 1)
        age = (now - seen).total_seconds() if seen else float("inf")
        yield _one("intake_worker_seen_seconds", "Since a worker was last seen.", age)
        for key, (name, text, labels) in _FAMILIES.items():
            family = GaugeMetricFamily(name, text, labels=labels)
            for values, count in counts[key]:
                family.add_metric([str(value) for value in values], count)
            yield family

    def _free(self) -> int:
        return shutil.disk_usage(self._data).free


def _one(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(name, text, value=value)
