"""Who works at the desk: roles, and what each may do (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.errors import RuleError

#: Names that fit into `clerk:NAME`, addresses and forms.
_NAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")


class Role(StrEnum):
    """What somebody is at the company."""

    CLERK = "clerk"
    HEAD = "head"
    MARKETING_MANAGER = "marketing_manager"
    WAREHOUSE_MANAGER = "warehouse_manager"
    DISTRIBUTION_MANAGER = "distribution_manager"
    GENERAL_MANAGER = "general_manager"
    ADMIN = "admin"


class Permission(StrEnum):
    """What somebody may do in the console.

    `view`: see orders, calls and tasks. `handle`: work on orders and tasks. `lead`: give any
    order to another clerk. `customers`: keep the customer register. `audit`: read the audit
    log. `privacy`: legal holds, deletions, copies of a person's data. `admin`: users, tokens
    and what the assistant says.
    """

    VIEW = "view"
    HANDLE = "handle"
    LEAD = "lead"
    CUSTOMERS = "customers"
    AUDIT = "audit"
    PRIVACY = "privacy"
    ADMIN = "admin"


_R, _P = Role, Permission

#: The whole of the rights. A role that is absent may do nothing.
RIGHTS: Mapping[Role, frozenset[Permission]] = {
    _R.CLERK: frozenset({_P.VIEW, _P.HANDLE}),
    _R.HEAD: frozenset({_P.VIEW, _P.HANDLE, _P.LEAD, _P.CUSTOMERS, _P.PRIVACY}),
    _R.MARKETING_MANAGER: frozenset({_P.VIEW, _P.CUSTOMERS}),
    _R.WAREHOUSE_MANAGER: frozenset({_P.VIEW}),
    _R.DISTRIBUTION_MANAGER: frozenset({_P.VIEW}),
    _R.GENERAL_MANAGER: frozenset({_P.VIEW, _P.LEAD, _P.AUDIT, _P.PRIVACY}),
    _R.ADMIN: frozenset({_P.VIEW, _P.CUSTOMERS, _P.AUDIT, _P.PRIVACY, _P.ADMIN}),
}


class Scope(StrEnum):
    """What a token of the JSON API may read."""

    ORDERS = "orders:read"
    CALLS = "calls:read"
    MESSAGES = "messages:read"


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """Somebody with an account.

    Attributes:
        name: what they log in with; orders and history name them by it.
        display: how pages name them.
        phone: E.164, rung when they take a call over.
        totp: whether a one-time code is asked for.
        stamp: changes when open sessions must end.
        must_change: the password was set by somebody else.
        email: where approvals and reminders are sent, None for nowhere.
    """

    id: int
    name: str
    display: str
    role: Role
    lang: str
    phone: str | None
    active: bool
    totp: bool
    stamp: str
    must_change: bool
    email: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether this person has a right now."""
        return self.active and permission in RIGHTS.get(self.role, frozenset())

    @property
    def signature(self) -> str:
        """How orders and their history name this person."""
        return f"clerk:{self.name}"


class InvalidName(RuleError):
    """A login name that cannot be used."""


def check_name(name: str) -> str:
    """The login name in its one form.

    Raises:
        InvalidName: it has other characters than small letters, digits, `.`, `_` and `-`.
    """
    plain = name.strip().lower()
    if not _NAME.fullmatch(plain):
        raise InvalidName("A login name has 2 to 32 small letters, digits, dots or dashes.")
    return plain
