"""Accounts: who may log in, as what, and a new password for those who forgot theirs."""

from __future__ import annotations

from http import HTTPStatus

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from api.console.access import me, needs
from api.console.context import Context
from models import entry, passwords
from models.desk import staff
from models.entry_onboarding import mail_address
from models.errors import NotFound, RuleError
from models.repositories.staff import user as user_of
from models.staff import Permission, Role, check_name


def blueprint(context: Context) -> Blueprint:
    """`/console/users`."""
    routes = Blueprint("users", __name__, url_prefix="/users")
    routes.before_request(needs(Permission.ADMIN))

    @routes.get("")
    def show() -> ResponseReturnValue:
        return _page()

    @routes.post("")
    def add() -> ResponseReturnValue:
        made = passwords.new_password()
        try:
            name = check_name(request.form.get("name", ""))
            with context.store.unit() as uow:
                staff.add_user(
                    uow,
                    name=name,
                    display=request.form.get("display", ""),
                    role=_role(),
                    phone=_phone(),
                    email=_email(),
                    password=passwords.hash_password(made, name=name),
                    by=me().name,
                    at=context.now(),
                )
                uow.commit()
        except RuleError as error:
            return _page(problem=gettext(str(error))), HTTPStatus.CONFLICT
        return _page(name=name, password=made)

    @routes.get("/<name>")
    def one(name: str) -> ResponseReturnValue:
        with context.store.reading() as uow:
            row = uow.users.find(name)
            if row is None:
                raise NotFound("There is no such user.")
            user = user_of(row)
        return render_template("console/user.html", user=user)

    @routes.post("/<name>")
    def change(name: str) -> ResponseReturnValue:
        with context.store.unit() as uow:
            staff.change_user(
                uow,
                name,
                display=request.form.get("display", ""),
                role=_role(),
                phone=_phone(),
                email=_email(),
                active="active" in request.form,
                by=me().name,
                at=context.now(),
            )
            uow.commit()
        flash(gettext("Saved."))
        return redirect(url_for(".show"))

    @routes.post("/<name>/password")
    def password(name: str) -> ResponseReturnValue:
        made = passwords.new_password()
        hashed = passwords.hash_password(made, name=name)
        with context.store.unit() as uow:
            at = context.now()
            staff.set_password(uow, name, hashed, by=me().name, at=at, must_change=True)
            uow.commit()
        return _page(name=name, password=made)

    @routes.post("/<name>/no-totp")
    def no_totp(name: str) -> ResponseReturnValue:
        with context.store.unit() as uow:
            staff.set_totp(uow, name, None, by=me().name, at=context.now())
            uow.commit()
        flash(gettext("No one-time code is asked for any more."))
        return redirect(url_for(".one", name=name))

    def _page(*, name: str = "", password: str = "", problem: str = "") -> str:
        with context.store.reading() as uow:
            users = uow.users.all()
        return render_template(
            "console/users.html", users=users, name=name, password=password, problem=problem
        )

    return routes


def _role() -> Role:
    wanted = request.form.get("role", "")
    return Role(wanted) if wanted in {role.value for role in Role} else Role.CLERK


def _phone() -> str | None:
    return _text(entry.read("contact.phone", request.form.get("phone", "")))


def _email() -> str | None:
    return mail_address(request.form.get("email", "")) or None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
