"""`intake user`: accounts of the console, from the server's own machine."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from api.config import Settings
from api.desk import open_desk
from models.desk import staff
from models.passwords import hash_password, new_password
from models.staff import Role, check_name
from models.store import Store

#: How the audit log names whoever sits at the server.
_BY = "cli"


def _store() -> Store:
    return open_desk(Settings()).store


def _password(name: str, *, generate: bool) -> str:
    """A new password: asked for twice, or made and shown once."""
    if generate:
        made = new_password()
        click.echo(f"Password of {name}: {made}")
        return made
    return str(click.prompt("Password", hide_input=True, confirmation_prompt=True))


@click.group()
def command() -> None:
    """Make accounts for the console, and set their passwords."""


@command.command()
@click.argument("name")
@click.option("--role", type=click.Choice([role.value for role in Role]), default="clerk")
@click.option("--display", default="", help="How pages name the person.")
@click.option("--phone", default=None, help="E.164; rung when they take a call over.")
@click.option("--generate", is_flag=True, help="Make a password and show it once.")
def add(name: str, role: str, display: str, phone: str | None, generate: bool) -> None:
    """Make an account. The first one should be an admin's: --role admin."""
    plain = check_name(name)
    password = hash_password(_password(plain, generate=generate), name=plain)
    with _store().unit() as uow:
        staff.add_user(
            uow,
            name=plain,
            display=display,
            role=Role(role),
            password=password,
            phone=phone,
            must_change=generate,
            by=_BY,
            at=datetime.now(UTC),
        )
        uow.commit()
    click.echo(f"{plain} may log in as {role}.")


@command.command()
@click.argument("name")
@click.option("--generate", is_flag=True, help="Make a password and show it once.")
def password(name: str, generate: bool) -> None:
    """Set a password; open sessions of the account end."""
    hashed = hash_password(_password(name, generate=generate), name=name)
    with _store().unit() as uow:
        at = datetime.now(UTC)
        staff.set_password(uow, name, hashed, by=_BY, at=at, must_change=generate)
        uow.commit()
    click.echo("The password is set.")


@command.command("no-totp")
@click.argument("name")
def no_totp(name: str) -> None:
    """Ask for no one-time code any more, for somebody who lost their telephone."""
    with _store().unit() as uow:
        staff.set_totp(uow, name, None, by=_BY, at=datetime.now(UTC))
        uow.commit()
    click.echo("No one-time code is asked for.")


@command.command("list")
def list_users() -> None:
    """Show every account."""
    with _store().reading() as uow:
        for user in uow.users.all():
            state = "active" if user.active else "closed"
            click.echo(f"{user.name}\t{user.role}\t{state}\t{user.display}")
