"""Errors, in two families: a rule of ours was broken, or something outside failed."""

from __future__ import annotations


class IntakeError(Exception):
    """Base of every error this product raises on purpose.

    `retryable` says whether the same call may succeed later without any change.
    """

    retryable: bool = False


class RuleError(IntakeError):
    """A request breaks a rule of the desk; nothing was changed."""


class NotFound(RuleError):
    """There is no such order, call, link or customer."""


class ExternalError(IntakeError):
    """Something outside (network, vendor, engine, disk) failed.

    Args:
        message: what happened and what to do about it.
        retryable: whether trying again may help.
    """

    def __init__(self, message: str, *, retryable: bool = False) -> None:
        super().__init__(message)
        self.retryable = retryable
