"""Users and tokens of programs. Everything done here stands in the audit log."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta

from models.desk.duties import hand_over_absent
from models.errors import RuleError
from models.links import token_hash
from models.repositories.staff import user
from models.rows_staff import ApiTokenRow, UserRow
from models.staff import Role, Scope, User, check_name
from models.store import UnitOfWork

#: Failed log-ins in a row that cost nothing; each further one doubles the wait.
_FREE_FAILURES = 4
_FIRST_LOCK = timedelta(seconds=30)
_LONGEST_LOCK = timedelta(minutes=15)
#: Marks our tokens, so that scanners of leaked secrets know them.
_TOKEN_PREFIX = "vit_"  # noqa: S105 - not a secret
#: A token's use is noted once in this time: every request would be a write.
_USE_NOTED_EVERY = timedelta(minutes=10)


class LastAdmin(RuleError):
    """The last active admin cannot be taken away."""


def add_user(
    uow: UnitOfWork,
    *,
    name: str,
    display: str,
    role: Role,
    password: str,
    by: str,
    at: datetime,
    lang: str = "zh",
    phone: str | None = None,
    email: str | None = None,
    must_change: bool = True,
) -> User:
    """Makes an account; `password` is a hash. Raises NameTaken or InvalidName."""
    plain = check_name(name)
    added = uow.users.add(
        name=plain,
        display=display.strip() or plain,
        role=role.value,
        lang=lang,
        phone=phone,
        email=email,
        password=password,
        must_change=must_change,
        totp_secret=None,
        totp_used=0,
        active=True,
        stamp=_stamp(),
        failures=0,
        locked_until=None,
        created_at=at,
        seen_at=None,
    )
    uow.audit.add(by, "user.add", f"user:{plain}", at=at, detail={"role": role.value})
    return added


def change_user(
    uow: UnitOfWork,
    name: str,
    *,
    display: str,
    role: Role,
    phone: str | None,
    active: bool,
    email: str | None = None,
    by: str,
    at: datetime,
) -> User:
    """Changes an account; who loses a right is logged out, and others go on with the orders.

    Raises NotFound or LastAdmin.
    """
    row = uow.users.row(name)
    if row.role == Role.ADMIN and (role is not Role.ADMIN or not active):
        _must_not_be_last_admin(uow, name)
    wanted = {
        "display": display.strip() or name,
        "role": role.value,
        "phone": phone,
        "email": email,
        "active": active,
    }
    changed = {k: v for k, v in wanted.items() if getattr(row, k) != v}
    for key, value in changed.items():
        setattr(row, key, value)
    if {"role", "active"} & changed.keys():
        row.stamp = _stamp()
    if changed:
        uow.audit.add(by, "user.change", f"user:{name}", at=at, detail=changed)
    if {"role", "active"} & changed.keys():
        uow.session.flush()
        hand_over_absent(uow, at)
    return user(row)


def set_password(
    uow: UnitOfWork, name: str, password: str, *, by: str, at: datetime, must_change: bool
) -> User:
    """Sets a password (its hash), ends every open session and any lock of the account."""
    row = uow.users.row(name)
    row.password, row.must_change = password, must_change
    row.stamp, row.failures, row.locked_until = _stamp(), 0, None
    uow.audit.add(by, "user.password", f"user:{name}", at=at)
    return user(row)


def set_totp(uow: UnitOfWork, name: str, secret: str | None, *, by: str, at: datetime) -> User:
    """Asks for one-time codes from now on, or no more where `secret` is None."""
    row = uow.users.row(name)
    row.totp_secret, row.totp_used, row.stamp = secret, 0, _stamp()
    action = "user.totp_on" if secret else "user.totp_off"
    uow.audit.add(by, action, f"user:{name}", at=at)
    return user(row)


def reseal_totp(uow: UnitOfWork, name: str, secret: str) -> None:
    """Keeps the same secret under another seal: sessions and codes go on."""
    uow.users.row(name).totp_secret = secret


def set_lang(uow: UnitOfWork, name: str, lang: str) -> None:
    """Remembers in which language somebody reads the pages."""
    uow.users.row(name).lang = lang


def locked(row: UserRow, at: datetime) -> bool:
    """Whether too many log-ins failed a moment ago."""
    return row.locked_until is not None and row.locked_until > at


def note_failure(uow: UnitOfWork, name: str, *, ip: str, at: datetime) -> None:
    """Notes a log-in that failed; after some in a row the account rests for a while."""
    row = uow.users.row(name)
    row.failures += 1
    over = row.failures - _FREE_FAILURES
    if over > 0:
        row.locked_until = at + min(_FIRST_LOCK * 2 ** min(over - 1, 10), _LONGEST_LOCK)
    detail = {"ip": ip, "failures": row.failures}
    uow.audit.add(name, "login.failed", f"user:{name}", at=at, detail=detail)


def note_success(uow: UnitOfWork, name: str, *, ip: str, at: datetime) -> User:
    """Notes a log-in."""
    row = uow.users.row(name)
    row.failures, row.locked_until, row.seen_at = 0, None, at
    uow.audit.add(name, "login", f"user:{name}", at=at, detail={"ip": ip})
    return user(row)


def use_code(uow: UnitOfWork, name: str, step: int) -> bool:
    """Uses up the one-time code of a time step; False when it or a later one was used."""
    row = uow.users.row(name)
    if step <= row.totp_used:
        return False
    row.totp_used = step
    return True


def add_token(
    uow: UnitOfWork,
    *,
    name: str,
    scopes: Iterable[Scope],
    expires_at: datetime | None,
    by: str,
    at: datetime,
) -> str:
    """Makes a program's token; it is shown now and never again. Raises RuleError."""
    wanted = sorted(scope.value for scope in scopes)
    if not name.strip() or not wanted:
        raise RuleError("A token needs a name and something that it may read.")
    token = _TOKEN_PREFIX + secrets.token_urlsafe(32)
    row = ApiTokenRow(
        name=name.strip(),
        token_hash=token_hash(token),
        scopes=wanted,
        created_by=by,
        created_at=at,
        expires_at=expires_at,
    )
    uow.api_tokens.add(row)
    detail = {"name": row.name, "scopes": wanted}
    uow.audit.add(by, "token.add", f"token:{row.id}", at=at, detail=detail)
    return token


def revoke_token(uow: UnitOfWork, token_id: int, *, by: str, at: datetime) -> None:
    """Ends a token. Ending it again changes nothing."""
    row = uow.api_tokens.get(token_id)
    if row.revoked_at is None:
        row.revoked_at = at
        uow.audit.add(by, "token.revoke", f"token:{token_id}", at=at)


def token_scopes(uow: UnitOfWork, token: str, at: datetime) -> frozenset[Scope]:
    """What a token may read now; nothing when it is unknown, expired or revoked."""
    row = uow.api_tokens.by_hash(token_hash(token))
    if row is None or row.revoked_at is not None:
        return frozenset()
    if row.expires_at is not None and row.expires_at <= at:
        return frozenset()
    return frozenset(map(Scope, row.scopes))


def token_use_due(uow: UnitOfWork, token: str, at: datetime) -> bool:
    """Whether a token's use has not been noted for a while."""
    row = uow.api_tokens.by_hash(token_hash(token))
    return row is not None and (row.used_at is None or at - row.used_at >= _USE_NOTED_EVERY)


def note_token_use(uow: UnitOfWork, token: str, at: datetime) -> None:
    """Notes that a token was used."""
    row = uow.api_tokens.by_hash(token_hash(token))
    if row is not None:
        row.used_at = at


def _must_not_be_last_admin(uow: UnitOfWork, name: str) -> None:
    others = (u for u in uow.users.all() if u.name != name)
    if not any(u.active and u.role is Role.ADMIN for u in others):
        raise LastAdmin("This is the last admin; make another one first.")


def _stamp() -> str:
    return secrets.token_hex(8)
