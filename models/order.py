"""The order: frozen, each value with its provenance, its life as a transition table.

Every change gives a new `Order` with the next version. A confirmation and a signature
name the version they are for, so neither survives a change.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from models.errors import RuleError
from models.fields import FIELDS, Value, as_json, check


class Status(StrEnum):
    """Where an order stands."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"
    AWAITING_SIGNATURE = "awaiting_signature"
    SIGNED = "signed"
    ACCEPTED = "accepted"
    NEEDS_REVIEW = "needs_review"
    REJECTED = "rejected"
    CANCELLED = "cancelled"
    EXPIRED = "expired"


#: Nothing more happens to such an order.
OVER = frozenset({Status.ACCEPTED, Status.REJECTED, Status.CANCELLED})


class Step(StrEnum):
    """What can happen to an order."""

    CHANGE = "change"
    CONFIRM = "confirm"
    SEND_LINK = "send_link"
    SIGN = "sign"
    ACCEPT = "accept"
    FLAG = "flag"
    CLEAR = "clear"
    REJECT = "reject"
    CANCEL = "cancel"
    EXPIRE = "expire"


_S, _T = Status, Step

#: The whole life of an order. A pair that is absent is refused.
#: `CLEAR` leads to the status that the order's own facts give (see `Order.clear`).
TRANSITIONS: Mapping[Status, Mapping[Step, Status]] = {
    _S.DRAFT: {
        _T.CHANGE: _S.DRAFT,
        _T.CONFIRM: _S.CONFIRMED,
        _T.FLAG: _S.NEEDS_REVIEW,
        _T.REJECT: _S.REJECTED,
        _T.CANCEL: _S.CANCELLED,
        _T.EXPIRE: _S.EXPIRED,
    },
    _S.CONFIRMED: {
        _T.CHANGE: _S.DRAFT,
        _T.CONFIRM: _S.CONFIRMED,
        _T.SEND_LINK: _S.AWAITING_SIGNATURE,
        _T.FLAG: _S.NEEDS_REVIEW,
        _T.REJECT: _S.REJECTED,
        _T.CANCEL: _S.CANCELLED,
        _T.EXPIRE: _S.EXPIRED,
    },
    _S.AWAITING_SIGNATURE: {
        _T.CHANGE: _S.DRAFT,
        _T.SEND_LINK: _S.AWAITING_SIGNATURE,
        _T.SIGN: _S.SIGNED,
        _T.FLAG: _S.NEEDS_REVIEW,
        _T.REJECT: _S.REJECTED,
        _T.CANCEL: _S.CANCELLED,
        _T.EXPIRE: _S.EXPIRED,
    },
    _S.SIGNED: {
        _T.CHANGE: _S.DRAFT,
        _T.ACCEPT: _S.ACCEPTED,
        _T.FLAG: _S.NEEDS_REVIEW,
        _T.REJECT: _S.REJECTED,
        _T.CANCEL: _S.CANCELLED,
    },
    _S.NEEDS_REVIEW: {
        _T.CHANGE: _S.NEEDS_REVIEW,
        _T.CONFIRM: _S.NEEDS_REVIEW,
        _T.SEND_LINK: _S.NEEDS_REVIEW,
        _T.SIGN: _S.NEEDS_REVIEW,
        _T.FLAG: _S.NEEDS_REVIEW,
        _T.CLEAR: _S.DRAFT,
        _T.REJECT: _S.REJECTED,
        _T.CANCEL: _S.CANCELLED,
    },
    _S.EXPIRED: {
        _T.CHANGE: _S.DRAFT,
        _T.SEND_LINK: _S.AWAITING_SIGNATURE,
        _T.CANCEL: _S.CANCELLED,
    },
    _S.ACCEPTED: {_T.CHANGE: _S.DRAFT, _T.CANCEL: _S.CANCELLED},
    _S.REJECTED: {},
    _S.CANCELLED: {},
}


class IllegalStep(RuleError):
    """The step is not allowed from the order's present status."""


class StaleVersion(RuleError):
    """A yes or a signature names a version that is no longer the order's."""


class NotAcceptable(RuleError):
    """One of the three conditions of acceptance is missing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a value comes from.

    Attributes:
        heard: the words as recognised, typed or read.
        confidence: 0 to 1.
        changed_by: who set it last: `caller`, `assistant`, `email`, `record` (customer's
            file) or `clerk:NAME`.
        turn: index of the turn in the call, where there is one.
        started_ms, ended_ms: span in the call's recording, milliseconds.
        place: where it stands in a mail: `MAIL_ID/PLACE` (`nlp.written.source.Place.code`).
    """

    heard: str
    confidence: float
    changed_by: str
    turn: int | None = None
    started_ms: int | None = None
    ended_ms: int | None = None
    place: str | None = None


@dataclass(frozen=True, slots=True)
class FieldValue:
    """One field's value and its provenance."""

    value: Value
    source: Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One shipment as the customer ordered it. Never mutated; see `change`.

    Attributes:
        id: opaque, unguessable.
        number: what is read out to the caller; given at confirmation.
        channel: `phone`, `email`, `fax` or `web`.
        call_sid: the call it came in by.
        version: counts changes of value, from 0 for an empty draft.
        fields: flat names of `models.fields.FIELDS` to values.
        confirmed_version, confirmed_by: the version that got a yes, and whose.
        link_version: the version for which a signing link was sent.
        signed_version: the version that was signed.
        review_reasons: why a person has to look at it.
    """

    id: str
    number: str | None = None
    channel: str = "phone"
    call_sid: str | None = None
    status: Status = Status.DRAFT
    version: int = 0
    fields: Mapping[str, FieldValue] = field(default_factory=lambda: MappingProxyType({}))
    confirmed_version: int | None = None
    confirmed_by: str | None = None
    link_version: int | None = None
    signed_version: int | None = None
    review_reasons: tuple[str, ...] = ()

    def value(self, name: str) -> Value | None:
        """The value of a field, or None when it is empty."""
        known = self.fields.get(name)
        return None if known is None else known.value

    def values(self) -> dict[str, Value]:
        """All values by flat name, in the order of `FIELDS`."""
        return {name: self.fields[name].value for name in FIELDS if name in self.fields}

    def payload(self) -> str:
        """The values as canonical JSON: sorted keys, no spaces, UTF-8."""
        plain = {name: as_json(value) for name, value in self.values().items()}
        return json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))

    def digest(self) -> str:
        """SHA-256 (hex) of `payload`: what is confirmed and signed."""
        return hashlib.sha256(self.payload().encode()).hexdigest()

    def change(self, values: Mapping[str, FieldValue], *, drop: Iterable[str] = ()) -> Order:
        """The order with `values` set and `drop` emptied.

        The version grows only if a value really differs; new provenance alone keeps the
        confirmation.

        Raises:
            RuleError: unknown field or a value of the wrong kind (`models.fields.check`).
            IllegalStep: the order is closed.
        """
        checked = {
            name: FieldValue(check(name, new.value), new.source) for name, new in values.items()
        }
        kept = {name: old for name, old in self.fields.items() if name not in set(drop)}
        fields = MappingProxyType({**kept, **checked})
        same = {n: v.value for n, v in fields.items()} == {
            n: v.value for n, v in self.fields.items()
        }
        if same:
            return replace(self, fields=fields)
        return replace(
            self._step(Step.CHANGE),
            fields=fields,
            version=self.version + 1,
            confirmed_version=None,
            confirmed_by=None,
            link_version=None,
            signed_version=None,
        )

    def follow(self, later: Order) -> Order:
        """This order with the values, version and review reasons of `later`, a state of it
        that grew elsewhere (in a running call). Number, confirmation and signature stay this
        order's own, as far as they are for the same version.

        Raises:
            StaleVersion: `later` is older than this order, or differs at the same version.
            IllegalStep: this order is closed.
        """
        if later.version < self.version or (
            later.version == self.version and later.digest() != self.digest()
        ):
            raise StaleVersion(f"The order was changed meanwhile; it is at {self.version}.")
        followed = replace(self, fields=later.fields)
        if later.version > self.version:
            followed = replace(
                followed._step(Step.CHANGE),
                version=later.version,
                confirmed_version=None,
                confirmed_by=None,
                link_version=None,
                signed_version=None,
            )
        for reason in later.review_reasons:
            if reason not in followed.review_reasons:
                followed = followed.flag(reason)
        return followed

    def confirm(self, version: int, *, by: str) -> Order:
        """The order with `by`'s yes to `version` recorded.

        Raises:
            StaleVersion: the yes is to something already changed.
        """
        self._must_be_current(version)
        return replace(self._step(Step.CONFIRM), confirmed_version=version, confirmed_by=by)

    def send_link(self, version: int) -> Order:
        """The order waiting for the signature of `version`, which must be confirmed."""
        self._must_be_current(version)
        if self.confirmed_version != version:
            raise StaleVersion("Confirm this version of the order before sending its link.")
        return replace(self._step(Step.SEND_LINK), link_version=version)

    def sign(self, version: int) -> Order:
        """The order with the signature of `version` recorded."""
        self._must_be_current(version)
        return replace(self._step(Step.SIGN), signed_version=version)

    def accept(self, *, customer_effective: bool) -> Order:
        """The accepted order.

        Raises:
            NotAcceptable: no yes or no signature for this very version, or the customer's
                contract is not effective.
        """
        if self.confirmed_version != self.version:
            raise NotAcceptable("This version has not been confirmed by the caller.")
        if self.signed_version != self.version:
            raise NotAcceptable("The Dangerous Goods Notice of this version is not signed.")
        if not customer_effective:
            raise NotAcceptable("The customer's hand-over form or agreement is not effective.")
        return self._step(Step.ACCEPT)

    def flag(self, reason: str) -> Order:
        """The order set aside for a person, with the reason added once."""
        reasons = tuple(dict.fromkeys((*self.review_reasons, reason)))
        return replace(self._step(Step.FLAG), review_reasons=reasons)

    def clear(self) -> Order:
        """The order after review, back at the status its own facts give."""
        cleared = replace(self._step(Step.CLEAR), review_reasons=())
        return replace(cleared, status=self._status_by_facts())

    def reject(self) -> Order:
        """The refused order."""
        return self._step(Step.REJECT)

    def cancel(self) -> Order:
        """The order withdrawn by the customer."""
        return self._step(Step.CANCEL)

    def expire(self) -> Order:
        """The order whose link ran out unsigned."""
        return self._step(Step.EXPIRE)

    def _status_by_facts(self) -> Status:
        if self.signed_version == self.version:
            return Status.SIGNED
        if self.link_version == self.version:
            return Status.AWAITING_SIGNATURE
        if self.confirmed_version == self.version:
            return Status.CONFIRMED
        return Status.DRAFT

    def _must_be_current(self, version: int) -> None:
        if version != self.version:
            raise StaleVersion(f"Version {version} was changed; the order is at {self.version}.")

    def _step(self, step: Step) -> Order:
        target = TRANSITIONS[self.status].get(step)
        if target is None:
            raise IllegalStep(f"An order that is {self.status} cannot take the step {step}.")
        return replace(self, status=target)
