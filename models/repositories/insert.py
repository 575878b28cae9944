"""Inserting once: the database, not a look beforehand, decides who is first."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from models.rows import Base
from models.rows_line import RequestCountRow


def insert_once(session: Session, row_type: type[Base], /, **values: Any) -> bool:
    """Inserts a row unless one with the same unique key exists. True if it is new."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    statement = insert(row_type).values(**values).on_conflict_do_nothing()
    # A returned key tells that a row went in; drivers differ in what they count.
    key = inspect(row_type).primary_key
    return session.execute(statement.returning(*key)).first() is not None


def count_up(session: Session, key: str, ends_at: datetime) -> int:
    """Counts one more request under a key, with any number of others at once; gives the count."""
    on_postgresql = session.get_bind().dialect.name == "postgresql"
    insert = postgresql.insert if on_postgresql else sqlite.insert
    statement = insert(RequestCountRow).values(key=key, count=1, ends_at=ends_at)
    counted = statement.on_conflict_do_update(
        index_elements=[RequestCountRow.key], set_={"count": RequestCountRow.count + 1}
    ).returning(RequestCountRow.count)
    return session.execute(counted).scalar_one()
