"""The console: what clerks and admins work with, below `/console`."""

from __future__ import annotations

from http import HTTPStatus
from typing import cast

from flask import Blueprint, Flask, abort, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter

from api.console import (
    access,
    account,
    assets,
    audit,
    book_tables,
    books,
    calls,
    choices,
    clerk_weeks,
    contracts,
    course,
    customers,
    dangerous,
    day,
    duty,
    export,
    faxes,
    figures,
    frame,
    hearing,
    languages,
    live,
    login,
    mails,
    notices,
    onboarding,
    onboarding_steps,
    order,
    order_edit,
    order_steps,
    orders,
    phone,
    practice,
    prompts,
    protection,
    quiz,
    recorded,
    recording,
    rehearsals,
    retention,
    search,
    tasks,
    tokens,
    training,
    users,
)
from api.console.context import Context
from models.staff import Permission

__all__ = ["Context", "blueprint"]


def blueprint(context: Context) -> Blueprint:
    """All pages of the console, and what they need of the application."""
    root = Blueprint(
        "console",
        __name__,
        url_prefix="/console",
        template_folder="templates",
        static_folder="static",
    )
    limiter = protection.make_limiter()
    root.record_once(lambda state: _equip(cast(Flask, state.app), context, limiter))
    protection.guard(root)
    frame.install(root, context)
    for door in (
        assets.blueprint(),
        login.blueprint(context),
        account.blueprint(context, limiter),
        account.language_blueprint(context),
        live.blueprint(context),
        orders.blueprint(context),
        order.blueprint(context),
        order_edit.blueprint(context),
        order_steps.blueprint(context),
        recording.blueprint(context),
        export.blueprint(context),
        tasks.blueprint(context),
        search.blueprint(context),
        calls.blueprint(context),
        mails.blueprint(context),
        faxes.blueprint(context),
        day.blueprint(context),
        customers.blueprint(context),
        duty.blueprint(context),
        onboarding.blueprint(context),
        onboarding_steps.blueprint(context),
        books.blueprint(context),
        book_tables.blueprint(context),
        contracts.blueprint(context),
        figures.blueprint(context),
        prompts.blueprint(context),
        hearing.blueprint(context),
        notices.blueprint(context),
        dangerous.blueprint(context),
        course.blueprint(context),
        recorded.blueprint(context),
        rehearsals.blueprint(context),
        choices.blueprint(context),
        users.blueprint(context),
        tokens.blueprint(context),
        audit.blueprint(context),
        retention.blueprint(context),
        training.blueprint(context),
        quiz.blueprint(context),
        clerk_weeks.blueprint(context),
    ):
        root.register_blueprint(door)
    if context.tokens is not None:
        root.register_blueprint(phone.blueprint(context, context.tokens))
        root.register_blueprint(practice.blueprint(context, context.tokens))
    root.register_blueprint(_home())
    return root


def _equip(app: Flask, context: Context, limiter: Limiter) -> None:
    protection.install(app, context)
    access.install(app, context)
    languages.install(app, context)
    limiter.init_app(app)


def _home() -> Blueprint:
    routes = Blueprint("front", __name__)

    @routes.get("/")
    def home() -> ResponseReturnValue:
        return redirect(url_for("console.orders.queue"))

    @routes.route("/<path:_rest>", methods=["GET", "POST"])
    def nowhere(_rest: str) -> ResponseReturnValue:
        abort(HTTPStatus.NOT_FOUND)

    routes.before_request(access.needs(Permission.VIEW))
    return routes
