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
        after_s: seconds before which trying again is not wanted, where the other side said so.
    """

    def __init__(self, message: str, *, retryable: bool = False, after_s: float = 0.0) -> None:
        super().__init__(message)
        self.retryable = retryable
        self.after_s = after_s
