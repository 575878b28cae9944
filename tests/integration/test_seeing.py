"""What the server tells those who watch it: figures, readiness, and the files made for them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
import yaml

from api import bootstrap
from api.app import create_app
from api.bootstrap import Desk as Shared
from api.bootstrap import open_desk
from api.config import Settings
from api.jobs.house import worker_seen
from api.metrics import Metrics
from models.errors import ExternalError
from models.store import Store
from tests.console import Desk
from tests.orders import NOW
from voice.ranked import Rank, RankedPool

DEPLOY = Path(__file__).parents[2] / "deploy"
_NAME = re.compile(r"\b(intake_[a-z_]+)(?:\{([^}]*)\})?")


@pytest.fixture
def shared(tmp_path: Path) -> Iterator[Shared]:
    desk = open_desk(Settings(data=tmp_path, home=tmp_path))
    desk.metrics.registry.register(bootstrap._figures(desk))
    yield desk
    desk.store.close()


def samples(metrics: Metrics) -> dict[str, float]:
    lines = metrics.text().decode().splitlines()
    pairs = (line.rpartition(" ") for line in lines if not line.startswith("#"))
    return {name: float(value) for name, _, value in pairs}


def test_figures_come_from_the_database_and_name_nobody(shared: Shared) -> None:
    desk = Desk(shared.store, shared.settings)
    desk.call(at=shared.now() - timedelta(hours=1))
    order = desk.call("o2", "CA2", at=shared.now() - timedelta(days=3))
    desk.confirmed(order)
    found = samples(shared.metrics)
    assert found['intake_calls_last_day{outcome="ordered"}'] == 1
    assert found['intake_outbox{kind="sms_link",state="pending"}'] == 1
    assert found['intake_orders{status="awaiting_signature"}'] == 1
    assert found["intake_worker_seen_seconds"] == float("inf")
    assert found["intake_database_up"] == 1
    assert found["intake_disk_free_bytes"] > 0
    beat(shared.store, shared.now())
    assert samples(shared.metrics)["intake_worker_seen_seconds"] < 60
    text = shared.metrics.text().decode()
    assert "13800138000" not in text
    assert "宏远" not in text


def test_without_its_database_the_server_still_tells_figures(shared: Shared) -> None:
    shared.store.close()
    Path(shared.settings.data_dir / "intake.db").unlink()
    (shared.settings.data_dir / "intake.db").mkdir()
    found = samples(shared.metrics)
    assert found["intake_database_up"] == 0
    assert "intake_worker_seen_seconds" not in found


def test_readiness_tells_the_truth(shared: Shared, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(
        (),
        checks={k: v for k, v in bootstrap._checks(shared, "all").items() if k != "models"},
        metrics=shared.metrics,
        notes={"worker": lambda: worker_seen(shared.store, shared.now())},
    )
    client = app.test_client()
    cold = client.get("/readyz")
    assert cold.status_code == 503
    assert "being loaded" in cold.get_json()["engines"]
    shared.warm.set()
    warm = client.get("/readyz")
    assert (warm.status_code, warm.get_json()["ready"]) == (200, True)
    assert "intake worker" in warm.get_json()["worker"], "told, though this process serves"
    beat(shared.store, shared.now())
    assert client.get("/readyz").get_json()["worker"] == "ok"
    monkeypatch.setattr(bootstrap, "_LEAST_FREE", 10**18)
    full = client.get("/readyz")
    assert full.status_code == 503
    assert "MB are free" in full.get_json()["disk"]
    monkeypatch.undo()
    shared.store.close()
    (shared.settings.data_dir / "intake.db").unlink()
    (shared.settings.data_dir / "intake.db").mkdir()
    assert client.get("/readyz").status_code == 503


def test_a_worker_that_left_or_fell_silent_is_missed(sqlite_store: Store) -> None:
    with pytest.raises(ExternalError, match="intake worker"):
        worker_seen(sqlite_store, NOW)
    beat(sqlite_store, NOW)
    worker_seen(sqlite_store, NOW + timedelta(seconds=59))
    with pytest.raises(ExternalError, match="intake worker"):
        worker_seen(sqlite_store, NOW + timedelta(seconds=61))
    with sqlite_store.unit() as uow:
        uow.workers.leave("w1")
        uow.commit()
    with pytest.raises(ExternalError, match="intake worker"):
        worker_seen(sqlite_store, NOW)


def beat(store: Store, at: datetime) -> None:
    """A worker's sign of life."""
    with store.unit() as uow:
        uow.workers.beat("w1", at)
        uow.commit()


def test_the_recognisers_queue_is_counted() -> None:
    counted: list[int] = []
    with ThreadPoolExecutor(1) as threads:
        pool = RankedPool(threads, counted.append)
        assert pool.submit(Rank.FINAL, lambda: 7).result() == 7
    assert counted == [1, -1]


def told_of(shared: Shared) -> dict[str, set[str]]:
    """Every figure's name, as PromQL knows it, with its labels."""
    names: dict[str, set[str]] = {}
    for family in shared.metrics.registry.collect():
        plain = family.name
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}
        for suffix in suffixes.get(family.type, ("",)):
            labels = {label for sample in family.samples for label in sample.labels}
            names[plain + suffix] = labels
    return names


@pytest.mark.parametrize("file", ["grafana-dashboard.json", "alerts.yaml"])
def test_every_figure_named_in_the_files_exists(shared: Shared, file: str) -> None:
    text = (DEPLOY / file).read_text("utf-8")
    if file.endswith("json"):
        panels = json.loads(text)["panels"]
        queries = [target["expr"] for panel in panels for target in panel["targets"]]
    else:
        rules = yaml.safe_load(text)["groups"][0]["rules"]
        queries = [rule["expr"] for rule in rules]
        assert all(rule["annotations"]["summary"] for rule in rules)
    named = {name for query in queries for name, _ in _NAME.findall(query)}
    assert len(named) >= 8
    assert named - told_of(shared).keys() == set()


def test_the_pages_for_operators_name_every_figure(shared: Shared) -> None:
    for page in ("docs/operators.md", "docs/zh/operators.md"):
        text = (DEPLOY.parent / page).read_text("utf-8")
        plain = {re.sub("_(bucket|count|sum)$", "", name) for name in told_of(shared)}
        assert {name for name in plain if f"`{name}`" not in text} == set()
