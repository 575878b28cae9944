"""The schema's migrations, run by the program itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError

from models.errors import ExternalError
from models.rows import Base
from models.store import Store

#: Any number of our own: only one process migrates a PostgreSQL database at a time.
_MIGRATION_LOCK = 0x564F4943


def upgrade(store: Store, revision: str = "head") -> None:
    """Brings the database to `revision`. Safe when several processes do so at once."""
    with _connected(store) as connection:
        command.upgrade(_config(connection), revision)


def downgrade(store: Store, revision: str) -> None:
    """Takes the database back to `revision` (`base` for empty)."""
    with _connected(store) as connection:
        command.downgrade(_config(connection), revision)


def revision(store: Store) -> str | None:
    """The revision the database is at, None when it is empty."""
    with _connected(store) as connection:
        return MigrationContext.configure(connection).get_current_revision()


def newest() -> str | None:
    """The newest revision the program knows."""
    return ScriptDirectory.from_config(_config(None)).get_current_head()


def differences(store: Store) -> list[str]:
    """What in the database differs from the program's tables; empty when all is well."""
    with _connected(store) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(change) for change in compare_metadata(context, Base.metadata)]


@contextmanager
def _connected(store: Store) -> Iterator[Connection]:
    try:
        with store.engine.begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
            yield connection
    except OperationalError as error:
        raise ExternalError(
            "The database cannot be reached; check INTAKE_DATABASE_URL and that it runs.",
            retryable=True,
        ) from error


def _config(connection: Connection | None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(files("models.migrations")))
    config.attributes["connection"] = connection
    return config
