"""The office in force: the installation's own settings, and over them what admins chose."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import structlog

from api.config import Settings
from models import office
from models.errors import ExternalError, RuleError
from models.office import Office
from models.store import Store, UnitOfWork

log = structlog.get_logger(__name__)


def own_values(settings: Settings) -> dict[str, Any]:
    """The installation's own, as admins would write them."""
    return {
        "week": [settings.hours] * 7,
        "exceptions": [],
        "clerk_number": settings.clerk_number,
        "head_number": settings.head_number if settings.clerk_number else "",
        "fallback_number": "",
        "quiet_hours": settings.quiet_hours,
        "remind_hours": settings.remind_hours,
        **office.WAITS,
    }


def own_office(settings: Settings) -> Office:
    """The installation's own office.

    Raises:
        RuleError: a variable of the environment makes no sense; the message names it.
    """
    parts: Mapping[str, tuple[str, Callable[[str], object]]] = {
        "INTAKE_HOURS": (settings.hours, office.parse_spans),
        "INTAKE_CLERK_NUMBER": (settings.clerk_number, office.parse_number),
        "INTAKE_HEAD_NUMBER": (settings.head_number, office.parse_number),
        "INTAKE_QUIET_HOURS": (settings.quiet_hours, office.parse_quiet),
        "INTAKE_REMIND_HOURS": (settings.remind_hours, office.parse_remind),
    }
    for name, (text, parse) in parts.items():
        try:
            parse(text)
        except RuleError as error:
            raise RuleError(f"{name} is {text!r}. {error}") from error
    return office.read(own_values(settings))


def office_in_force(uow: UnitOfWork, settings: Settings) -> Office:
    """The office as it is now; choices that an update made unfit are passed over."""
    latest = uow.choices.history(limit=1)
    if not latest:
        return own_office(settings)
    own = own_values(settings)
    try:
        return office.read({name: latest[0].values.get(name, own[name]) for name in own})
    except RuleError:
        log.warning("office_no_longer_fits")
        return own_office(settings)


def office_now(store: Store, settings: Settings) -> Office:
    """The same; the installation's own where the store fails."""
    try:
        with store.reading() as uow:
            return office_in_force(uow, settings)
    except ExternalError as error:
        log.error("own_office_used", error=type(error).__name__)
        return own_office(settings)
