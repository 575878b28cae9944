"""Roles and rights, login names, passwords, the audit log's chain."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from models.audit import GENESIS, Entry, digest, first_fault
from models.passwords import WeakPassword, hash_password, matches, new_password
from models.staff import RIGHTS, InvalidName, Permission, Role, User, check_name

AT = datetime(2026, 11, 24, 2, 30, tzinfo=UTC)


def user(role: Role, *, active: bool = True) -> User:
    return User(
        id=1,
        name="anna",
        display="安娜",
        role=role,
        lang="zh",
        phone=None,
        active=active,
        totp=False,
        stamp="s",
        must_change=False,
    )


def chain(count: int) -> list[Entry]:
    """A sound log of so many entries."""
    found: list[Entry] = []
    previous = GENESIS
    for seq in range(1, count + 1):
        entry = Entry(
            seq=seq,
            at=AT,
            who="anna",
            action="order.view",
            subject="order:o1",
            detail={"版本": seq},
            previous=previous,
        )
        previous = digest(entry)
        found.append(replace(entry, digest=previous))
    return found


def test_every_role_has_its_rights_and_only_an_admin_the_last_ones() -> None:
    assert set(RIGHTS) == set(Role)
    admins = [role for role in Role if user(role).may(Permission.ADMIN)]
    assert admins == [Role.ADMIN]
    assert user(Role.HEAD).may(Permission.LEAD)
    assert not user(Role.CLERK).may(Permission.LEAD)
    assert not user(Role.ADMIN, active=False).may(Permission.VIEW)


@pytest.mark.parametrize("name", ["a", "安娜", "an na", "1st", "x" * 40, "clerk:anna"])
def test_a_login_name_fits_into_addresses(name: str) -> None:
    with pytest.raises(InvalidName):
        check_name(name)
    assert check_name(" Anna.Li ") == "anna.li"


@pytest.mark.parametrize("password", ["short", "anna-1234567", "aaaaaaaaaaaa", "x" * 300])
def test_a_weak_password_is_refused(password: str) -> None:
    with pytest.raises(WeakPassword):
        hash_password(password, name="anna")


def test_only_the_password_itself_matches() -> None:
    password = new_password()
    hashed = hash_password(password, name="anna")
    assert matches(password, hashed)
    assert not matches(password + "x", hashed)
    assert not matches(password, None)
    assert not matches(password, "not a hash")
    assert hashed.startswith("$argon2id$")


def test_a_whole_log_has_no_fault() -> None:
    assert first_fault([]) is None
    assert first_fault(chain(5)) is None


def test_logs_of_earlier_versions_stay_whole() -> None:
    assert chain(1)[0].digest == (
        "26b5c83ce7d96fe2996503add5f4fd35d6b743bddca3864ac31383b26e2482fc"
    )


def test_every_kind_of_tampering_is_found() -> None:
    log = chain(5)
    changed = [*log[:2], replace(log[2], who="eve"), *log[3:]]
    assert first_fault(changed) == "Entry 3 was changed."
    assert first_fault([*log[:2], *log[3:]]) == "Entry 3 is missing."
    forged = replace(log[2], who="eve")
    rehashed = replace(forged, digest=digest(forged))
    assert first_fault([*log[:2], rehashed, *log[3:]]) == (
        "Entry 4 does not follow the entry before it."
    )
    assert first_fault(log[1:]) == "Entry 1 is missing."
