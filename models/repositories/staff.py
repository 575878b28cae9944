"""Users and the tokens of programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.errors import NotFound, RuleError
from models.repositories.insert import insert_once
from models.rows_staff import ApiTokenRow, UserRow
from models.staff import Role, User


class NameTaken(RuleError):
    """Somebody has this login name already."""


class Users:
    """People with an account."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, **values: Any) -> User:
        """Stores a new user. Raises NameTaken."""
        if not insert_once(self._session, UserRow, **values):
            raise NameTaken("Somebody has this login name already.")
        return user(self.row(str(values["name"])))

    def row(self, name: str) -> UserRow:
        """The row of a login name, locked until the unit ends. Raises NotFound."""
        query = select(UserRow).where(UserRow.name == name).with_for_update()
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such user.")
        return row

    def find(self, name: str) -> UserRow | None:
        """The row of a login name for reading, or None."""
        return self._session.scalars(select(UserRow).where(UserRow.name == name)).one_or_none()

    def get(self, user_id: int) -> User | None:
        """The user by id, or None."""
        row = self._session.get(UserRow, user_id)
        return None if row is None else user(row)

    def totp_secrets(self) -> Sequence[tuple[str, str]]:
        """Login name and kept secret of everybody who is asked for one-time codes."""
        query = select(UserRow.name, UserRow.totp_secret).where(UserRow.totp_secret.is_not(None))
        return [(name, secret or "") for name, secret in self._session.execute(query).tuples()]

    def all(self) -> Sequence[User]:
        """Everybody, by login name."""
        return [user(row) for row in self._session.scalars(select(UserRow).order_by(UserRow.name))]


class ApiTokens:
    """Keys of programs, found by their hash."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, row: ApiTokenRow) -> None:
        """Stores a new token."""
        self._session.add(row)
        self._session.flush()

    def by_hash(self, token_hash: str) -> ApiTokenRow | None:
        """The token, or None."""
        query = select(ApiTokenRow).where(ApiTokenRow.token_hash == token_hash)
        return self._session.scalars(query).one_or_none()

    def get(self, token_id: int) -> ApiTokenRow:
        """The token by id. Raises NotFound."""
        row = self._session.get(ApiTokenRow, token_id)
        if row is None:
            raise NotFound("There is no such token.")
        return row

    def all(self) -> Sequence[ApiTokenRow]:
        """Every token, newest first."""
        return self._session.scalars(select(ApiTokenRow).order_by(ApiTokenRow.id.desc())).all()


def user(row: UserRow) -> User:
    """The user that a row holds."""
    return User(
        id=row.id,
        name=row.name,
        display=row.display,
        role=Role(row.role),
        lang=row.lang,
        phone=row.phone,
        active=row.active,
        totp=row.totp_secret is not None,
        stamp=row.stamp,
        must_change=row.must_change,
        email=row.email,
    )
