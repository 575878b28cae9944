"""Who decides for a manager who is away."""

from __future__ import annotations

from datetime import datetime

from models.onboarding import APPROVERS
from models.staff import Permission, User
from models.store import UnitOfWork


def deputy_for(uow: UnitOfWork, user: User, at: datetime) -> str | None:
    """The manager of the same role who is away today and named `user` to decide, or None."""
    today = uow.local_day(at)
    named = (
        row.user
        for row in uow.duties.absences(today)
        if row.first <= today and row.stand_in == user.name
    )
    peers = {one.name for one in uow.users.all() if one.role is user.role}
    return next((name for name in named if name in peers), None)


def may_stand_in(uow: UnitOfWork, name: str) -> list[str]:
    """Who may stand in for somebody: whoever works on orders, or managers of the same role."""
    users = [one for one in uow.users.all() if one.active]
    absent = next((one for one in users if one.name == name), None)
    if absent is None:
        return []
    if absent.role in APPROVERS:
        return [one.name for one in users if one.role is absent.role]
    workers = [one.name for one in users if one.may(Permission.HANDLE)]
    return workers if name in workers else []
