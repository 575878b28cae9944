"""Users, tokens and the audit log, on each database."""

from __future__ import annotations

from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from api.commands import db, user
from models.audit import first_fault
from models.desk import staff
from models.desk.staff import LastAdmin
from models.repositories.staff import NameTaken
from models.staff import Role, Scope, User
from models.store import Store
from tests.orders import NOW


def make(store: Store, name: str = "anna", role: Role = Role.CLERK) -> User:
    with store.unit() as uow:
        added = staff.add_user(
            uow, name=name, display="", role=role, password="hash", by="cli", at=NOW
        )
        uow.commit()
    return added


def test_a_name_is_given_once(store: Store) -> None:
    make(store)
    with pytest.raises(NameTaken):
        make(store, "Anna")


def test_the_last_admin_stays(store: Store) -> None:
    make(store, "root.1", Role.ADMIN)
    change = {"display": "", "phone": None, "by": "root.1", "at": NOW}
    for role, active in ((Role.CLERK, True), (Role.ADMIN, False)):
        with store.unit() as uow, pytest.raises(LastAdmin):
            staff.change_user(uow, "root.1", role=role, active=active, **change)  # type: ignore[arg-type]
    make(store, "root.2", Role.ADMIN)
    with store.unit() as uow:
        changed = staff.change_user(uow, "root.1", role=Role.CLERK, active=True, **change)  # type: ignore[arg-type]
        uow.commit()
    assert changed.role is Role.CLERK


def test_who_loses_a_right_or_a_password_is_logged_out(store: Store) -> None:
    before = make(store)
    with store.unit() as uow:
        after = staff.set_password(uow, "anna", "other", by="cli", at=NOW, must_change=True)
        uow.commit()
    assert after.stamp != before.stamp
    assert after.must_change


def test_failed_log_ins_make_an_account_rest_ever_longer(store: Store) -> None:
    make(store)
    waits = []
    for _ in range(12):
        with store.unit() as uow:
            staff.note_failure(uow, "anna", ip="203.0.113.7", at=NOW)
            until = uow.users.row("anna").locked_until
            uow.commit()
        waits.append(None if until is None else (until - NOW).total_seconds())
    assert waits[:6] == [None, None, None, None, 30, 60]
    assert waits[-1] == 900
    with store.unit() as uow:
        staff.note_success(uow, "anna", ip="203.0.113.7", at=NOW + timedelta(hours=1))
        assert not staff.locked(uow.users.row("anna"), NOW)


def test_a_one_time_code_is_used_once(store: Store) -> None:
    make(store)
    with store.unit() as uow:
        assert staff.use_code(uow, "anna", 100)
        assert not staff.use_code(uow, "anna", 100)
        assert not staff.use_code(uow, "anna", 99)


def test_a_token_reads_what_it_may_until_it_ends(store: Store) -> None:
    with store.unit() as uow:
        later = NOW + timedelta(days=1)
        token = staff.add_token(
            uow, name="crm", scopes=[Scope.ORDERS], expires_at=later, by="root", at=NOW
        )
        uow.commit()
    with store.unit() as uow:
        assert staff.token_scopes(uow, token, NOW) == {Scope.ORDERS}
        assert staff.token_scopes(uow, token, later) == frozenset()
        assert staff.token_scopes(uow, token + "x", NOW) == frozenset()
        assert staff.token_use_due(uow, token, NOW)
        staff.note_token_use(uow, token, NOW)
        assert not staff.token_use_due(uow, token, NOW + timedelta(minutes=1))
        staff.revoke_token(uow, 1, by="root", at=NOW)
        assert staff.token_scopes(uow, token, NOW) == frozenset()
        assert token not in str([row.token_hash for row in uow.api_tokens.all()])


def test_the_log_is_chained_and_the_database_refuses_changes(store: Store) -> None:
    make(store)
    make(store, "bert")
    with store.reading() as uow:
        entries = list(uow.audit.entries())
    assert [entry.action for entry in entries] == ["user.add", "user.add"]
    assert first_fault(entries) is None
    for statement in ("UPDATE audit SET who = 'eve'", "DELETE FROM audit"):
        with pytest.raises(DBAPIError, match="only added to"), store.engine.begin() as connection:
            connection.execute(text(statement))


def test_accounts_are_made_and_the_log_verified_by_command(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch, tmp_path: object
) -> None:
    monkeypatch.setenv("INTAKE_DATA", str(tmp_path))
    monkeypatch.setenv("INTAKE_DATABASE_URL", str(sqlite_store.engine.url))
    run = CliRunner().invoke
    made = run(user.command, ["add", "root", "--role", "admin", "--generate"])
    assert made.exit_code == 0, made.output
    assert "may log in as admin" in made.output
    typed = run(user.command, ["password", "root"], input="correct horse\ncorrect horse\n")
    assert typed.exit_code == 0, typed.output
    assert "root\tadmin\tactive" in run(user.command, ["list"]).output
    whole = run(db.command, ["verify-audit"])
    assert "2 entries, whole" in whole.output
    noted = whole.output.rsplit(" ", 1)[1].strip()
    assert run(db.command, ["verify-audit", "--seen", noted]).exit_code == 0
    assert run(db.command, ["verify-audit", "--seen", "0" * 64]).exit_code == 1
    with sqlite_store.engine.begin() as connection:
        connection.execute(text("DROP TRIGGER audit_no_update"))
        connection.execute(text("UPDATE audit SET who = 'eve' WHERE seq = 1"))
    assert "Entry 1 was changed" in str(run(db.command, ["verify-audit"]).exception)
