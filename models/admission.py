"""Whether a customer may order now, and who releases its orders (pure).

A new customer orders once its form is approved, or while a leader's exception by phone holds.
An exception whose papers are overdue counts no more, whether or not anybody noted that.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from models.errors import RuleError
from models.staff import Role

#: Who may allow an exception.
LEADERS = frozenset({Role.GENERAL_MANAGER, Role.MARKETING_MANAGER})
#: The latest day for an exception's papers, counted from when it was allowed.
LONGEST_EXCEPTION = timedelta(days=14)
#: When the author is reminded of an exception's papers, before they are due.
REMIND_BEFORE = (timedelta(days=2), timedelta(hours=4))
#: When the leader who allowed it is told, before they are due.
ESCALATE_BEFORE = timedelta(days=1)


class Admission(StrEnum):
    """How a customer stands with the desk."""

    APPROVED = "approved"
    EXCEPTION = "exception"
    SUSPENDED = "suspended"
    REFUSED = "refused"

    @property
    def may_order(self) -> bool:
        """Whether orders are taken and may be released."""
        return self in {Admission.APPROVED, Admission.EXCEPTION}


class Means(StrEnum):
    """How a leader allowed an exception."""

    PHONE = "phone"
    VOICE = "voice"


@dataclass(frozen=True, slots=True, kw_only=True)
class PhoneException:
    """A leader's word that a customer may order before its papers are approved.

    Attributes:
        leader: the login name of who allowed it; `noted_by` wrote it down.
        what: what exactly was allowed.
        recording: the name of the call's recording, where there is one.
        due: until when the papers have to be approved.
        ended_at: when it was lifted by the approval, or taken back.
    """

    leader: str
    noted_by: str
    means: Means
    what: str
    given_at: datetime
    due: datetime
    recording: str = ""
    ended_at: datetime | None = None

    def holds(self, now: datetime) -> bool:
        """Whether it allows orders at this moment."""
        return self.ended_at is None and now < self.due

    def overdue(self, now: datetime) -> bool:
        """Whether its papers are late."""
        return self.ended_at is None and now >= self.due


def allow(exception: PhoneException, *, role: Role, now: datetime) -> PhoneException:
    """The exception, if such a leader may allow it so.

    Raises:
        RuleError: not such a leader, nothing said, or papers due in the past or too late.
    """
    if role not in LEADERS:
        raise RuleError("Only the marketing manager or the general manager allows an exception.")
    if not exception.what.strip():
        raise RuleError("Say what exactly was allowed.")
    if exception.given_at > now:
        raise RuleError("An exception is recorded after it was given.")
    if not now < exception.due <= exception.given_at + LONGEST_EXCEPTION:
        raise RuleError("The papers are due within 14 days, and not in the past.")
    return exception


def admission(*, effective: bool, exception: PhoneException | None, now: datetime) -> Admission:
    """How a customer stands: approved papers first, then an exception that holds."""
    if effective:
        return Admission.APPROVED
    if exception is None or exception.ended_at is not None:
        return Admission.REFUSED
    return Admission.EXCEPTION if exception.holds(now) else Admission.SUSPENDED


class Alert(StrEnum):
    """What an exception's time has come for."""

    REMIND = "remind"
    ESCALATE = "escalate"
    SUSPEND = "suspend"


def alerts(exception: PhoneException) -> tuple[tuple[datetime, Alert], ...]:
    """When what is due, oldest first; what would lie before the exception itself is left out."""
    wanted = [(exception.due - before, Alert.REMIND) for before in REMIND_BEFORE]
    wanted.append((exception.due - ESCALATE_BEFORE, Alert.ESCALATE))
    wanted.append((exception.due, Alert.SUSPEND))
    return tuple(sorted(one for one in wanted if one[0] > exception.given_at))
