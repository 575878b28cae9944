"""What a customer agreed to, and until when (pure)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.errors import RuleError
from models.fields import Payment

#: From so many days before its end on somebody has to see to a contract.
WARN = timedelta(days=30)
_LONGEST = 100


class Kind(StrEnum):
    """Which paper it is (合同, 报价单, 临时结算协议)."""

    CONTRACT = "contract"
    QUOTATION = "quotation"
    INTERIM = "interim"


class Standing(StrEnum):
    """How a contract stands on a day."""

    FUTURE = "future"
    VALID = "valid"
    ENDING = "ending"
    ENDED = "ended"


class UnfitContract(RuleError):
    """A contract cannot be kept; the message says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a contract says.

    Attributes:
        valid_to: the last day, None for no end.
        clerk: the login name of who sees to it, None for nobody in particular.
    """

    number: str
    kind: Kind
    settlement: Payment
    valid_from: date
    valid_to: date | None = None
    clerk: str | None = None

    def standing(self, today: date) -> Standing:
        """How it stands on a day."""
        if today < self.valid_from:
            return Standing.FUTURE
        if self.valid_to is None:
            return Standing.VALID
        if today > self.valid_to:
            return Standing.ENDED
        return Standing.ENDING if self.valid_to - today <= WARN else Standing.VALID


def read(form: Mapping[str, str]) -> Terms:
    """The terms that a form describes.

    Raises:
        UnfitContract: a number, kind or date is missing or makes no sense.
    """
    number = form.get("number", "").strip()
    if not 0 < len(number) <= _LONGEST:
        raise UnfitContract("A contract needs a number of at most 100 characters.")
    first = _day(form.get("valid_from", ""))
    last = _day(form["valid_to"]) if form.get("valid_to", "").strip() else None
    if last is not None and last < first:
        raise UnfitContract("A contract cannot end before it begins.")
    try:
        kind, settlement = Kind(form.get("kind", "")), Payment(form.get("settlement", ""))
    except ValueError as error:
        raise UnfitContract("Choose which paper it is, and how it is settled.") from error
    return Terms(
        number=number,
        kind=kind,
        settlement=settlement,
        valid_from=first,
        valid_to=last,
        clerk=form.get("clerk", "").strip() or None,
    )


def typed(terms: Terms) -> dict[str, str]:
    """What a form shows; `read` takes it back."""
    return {
        "number": terms.number,
        "kind": terms.kind.value,
        "settlement": terms.settlement.value,
        "valid_from": terms.valid_from.isoformat(),
        "valid_to": terms.valid_to.isoformat() if terms.valid_to else "",
        "clerk": terms.clerk or "",
    }


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise UnfitContract(
            "Give the day from which the contract holds, such as 2026-11-25."
        ) from error
