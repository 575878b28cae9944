"""Passwords: argon2id hashes, and what a password must be."""

from __future__ import annotations

import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from models.errors import RuleError

SHORTEST = 10
#: Longer ones cost the hasher time and nobody types them.
_LONGEST = 200
#: Letters and digits that are told apart when read aloud or from paper.
_READABLE = "abcdefghjkmnpqrstuvwxyz23456789"


class WeakPassword(RuleError):
    """The password may not be used; the message says why."""


def hash_password(password: str, *, name: str) -> str:
    """The argon2id hash of a new password of the user `name`.

    Raises:
        WeakPassword: too short, or made of the login name or of one repeated sign.
    """
    if not SHORTEST <= len(password) <= _LONGEST:
        raise WeakPassword("A password has at least 10 characters.")
    if name in password.lower() or len(set(password)) < SHORTEST // 2:
        raise WeakPassword("This password is too easy to guess.")
    return _hasher().hash(password)


def matches(password: str, hashed: str | None) -> bool:
    """Whether a password is the one hashed. Takes the same time where there is no hash."""
    try:
        return _hasher().verify(hashed or _nobody(), password[:_LONGEST]) and hashed is not None
    except (VerificationError, InvalidHashError):
        return False


def new_password() -> str:
    """A random password of 60 bits, in groups."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(3))
    return "-".join(groups)


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _nobody() -> str:
    return _hasher().hash(secrets.token_hex(16))
