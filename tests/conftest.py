"""Fixtures that several tests share."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from sqlalchemy import text

from models import schema
from models.rows import Base
from models.store import Store
from tests import postgres

#: No test fails because a machine is slow.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")

#: Signs links in tests.
SECRET = "a secret for tests only"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Where browser tests keep pictures of the pages, for somebody to look at."""
    parser.addoption("--screenshots", default="", help="a folder for pictures of the pages")


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A private PostgreSQL server."""
    programs = postgres.binaries()
    if programs is None:
        pytest.skip("PostgreSQL's server programs are missing (Debian: postgresql)")
    with postgres.cluster(programs) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_store(postgres_url: str) -> Iterator[Store]:
    """A migrated PostgreSQL database, shared by the session."""
    store = Store(postgres_url, secret=SECRET)
    schema.upgrade(store)
    yield store
    store.close()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.db"
    store = Store(f"sqlite:///{path}", secret=SECRET)
    schema.upgrade(store)
    store.close()
    return path


@pytest.fixture
def sqlite_store(sqlite_template: Path, tmp_path: Path) -> Iterator[Store]:
    """An empty store in a SQLite file of its own."""
    path = tmp_path / "intake.db"
    shutil.copyfile(sqlite_template, path)
    store = Store(f"sqlite:///{path}", secret=SECRET)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """An empty store, on each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("sqlite_store")
        return
    shared: Store = request.getfixturevalue("postgres_store")
    yield shared
    tables = ", ".join(f'"{table}"' for table in Base.metadata.tables)
    with shared.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS dbos CASCADE"))  # workflows of the test
        connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
