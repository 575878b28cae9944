"""A new customer's handover form (《客户服务交接表》) and its approvals (pure).

The form names who the customer is, what it wants and on which papers; the chain of those who
approve it follows from the kinds of business. An approval is for one version of the form, so a
change voids all of them. Only the last approval makes the customer effective.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from models.contract import PaperKind
from models.errors import RuleError
from models.order import IllegalStep, StaleVersion
from models.staff import Role, User


class Business(StrEnum):
    """What the customer wants done; each has a department of its own."""

    WAREHOUSE = "warehouse"
    DISTRIBUTION = "distribution"


class Settlement(StrEnum):
    """How the customer pays."""

    MONTHLY = "monthly"
    PER_ORDER = "per_order"
    PREPAID = "prepaid"


class FormState(StrEnum):
    """Where a form stands."""

    DRAFT = "draft"
    IN_APPROVAL = "in_approval"
    RETURNED = "returned"
    EFFECTIVE = "effective"
    WITHDRAWN = "withdrawn"


class FormStep(StrEnum):
    """What can happen to a form."""

    CHANGE = "change"
    SUBMIT = "submit"
    APPROVE = "approve"
    COMPLETE = "complete"
    RETURN = "return"
    WITHDRAW = "withdraw"


_S, _T = FormState, FormStep

#: The whole life of a form. A pair that is absent is refused. `COMPLETE` is the last approval.
FORM_TRANSITIONS: Mapping[FormState, Mapping[FormStep, FormState]] = {
    _S.DRAFT: {_T.CHANGE: _S.DRAFT, _T.SUBMIT: _S.IN_APPROVAL, _T.WITHDRAW: _S.WITHDRAWN},
    _S.IN_APPROVAL: {
        _T.CHANGE: _S.DRAFT,
        _T.APPROVE: _S.IN_APPROVAL,
        _T.COMPLETE: _S.EFFECTIVE,
        _T.RETURN: _S.RETURNED,
        _T.WITHDRAW: _S.WITHDRAWN,
    },
    _S.RETURNED: {_T.CHANGE: _S.DRAFT, _T.SUBMIT: _S.IN_APPROVAL, _T.WITHDRAW: _S.WITHDRAWN},
    _S.EFFECTIVE: {_T.CHANGE: _S.DRAFT},
    _S.WITHDRAWN: {_T.CHANGE: _S.DRAFT},
}

#: Who answers for each kind of business.
MANAGERS: Mapping[Business, Role] = {
    Business.WAREHOUSE: Role.WAREHOUSE_MANAGER,
    Business.DISTRIBUTION: Role.DISTRIBUTION_MANAGER,
}
#: Everybody who may be asked to approve a form.
APPROVERS = frozenset({Role.MARKETING_MANAGER, *MANAGERS.values(), Role.GENERAL_MANAGER})
#: Longest period of a monthly account, days.
LONGEST_PERIOD = 180


class NotYourStep(RuleError):
    """Somebody else is asked next."""


class Incomplete(RuleError):
    """The form lacks something, so nobody is asked to approve it; `names` says what."""

    def __init__(self, names: tuple[str, ...]) -> None:
        super().__init__("The form is not complete. Fill in what is missing first.")
        self.names = names


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody at the customer; `phone` is in E.164, empty texts are unknown."""

    name: str
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Paper:
    """An uploaded paper; `sha256` (hex) is of the file, so that another file is another form."""

    kind: PaperKind
    name: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What a handover form says.

    Attributes:
        account: the contract's number.
        period_days: a monthly account's days until it is paid.
    """

    company: str
    account: str = ""
    contacts: tuple[Contact, ...] = ()
    business: frozenset[Business] = frozenset()
    settlement: Settlement | None = None
    period_days: int | None = None
    remarks: str = ""
    papers: tuple[Paper, ...] = ()

    def lacks(self) -> tuple[str, ...]:
        """Names of what has to be filled in before anybody is asked to approve."""
        found = {
            "company": bool(self.company.strip()),
            "contacts": any(c.name and c.phone for c in self.contacts),
            "business": bool(self.business),
            "settlement": self.settlement is not None,
            "period_days": self.settlement is not Settlement.MONTHLY
            or (self.period_days is not None and 0 < self.period_days <= LONGEST_PERIOD),
            "papers": bool(self.papers),
        }
        return tuple(name for name, there in found.items() if not there)

    def digest(self) -> str:
        """SHA-256 (hex) of all that is approved, as canonical JSON."""
        plain = {
            "company": self.company,
            "account": self.account,
            "contacts": [[c.name, c.phone, c.email] for c in self.contacts],
            "business": sorted(self.business),
            "settlement": self.settlement,
            "period_days": self.period_days,
            "remarks": self.remarks,
            "papers": [[p.kind, p.name, p.sha256] for p in self.papers],
        }
        text = json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Approval:
    """One link of the chain: who approved as what, when, and with which comment."""

    role: Role
    by: str
    at: datetime
    comment: str = ""


def chain(business: Iterable[Business]) -> tuple[Role, ...]:
    """Who approves a form, in this order: marketing, each department concerned, the general
    manager."""
    wanted = frozenset(business)
    departments = (MANAGERS[kind] for kind in Business if kind in wanted)
    return (Role.MARKETING_MANAGER, *departments, Role.GENERAL_MANAGER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Onboarding:
    """A customer's form on its way. Never mutated.

    Attributes:
        author: the login name of who fills it in, to whom a refused form returns.
        version: counts changes of the form.
        approvals: of this very version, in the chain's order.
        returned: why it came back last.
    """

    id: str
    customer_id: str
    author: str
    form: Form
    version: int = 1
    state: FormState = FormState.DRAFT
    approvals: tuple[Approval, ...] = ()
    returned: str = ""

    @property
    def effective(self) -> bool:
        """Whether everybody approved this version."""
        return self.state is FormState.EFFECTIVE

    def next_role(self) -> Role | None:
        """Who is asked now, None when nobody is."""
        if self.state is not FormState.IN_APPROVAL:
            return None
        return chain(self.form.business)[len(self.approvals)]

    def change(self, form: Form, version: int) -> Onboarding:
        """The form with other contents; what was approved is void. The same contents change
        nothing.

        Raises:
            StaleVersion: `version` is not the form's any more.
        """
        self._must_be_current(version)
        if form == self.form:
            return self
        changed = self._step(FormStep.CHANGE)
        return replace(changed, form=form, version=self.version + 1, approvals=())

    def submit(self, version: int) -> Onboarding:
        """The form before its first approver.

        Raises:
            Incomplete: something has to be filled in first.
            StaleVersion: the form was changed meanwhile.
        """
        self._must_be_current(version)
        if lacking := self.form.lacks():
            raise Incomplete(lacking)
        return replace(self._step(FormStep.SUBMIT), approvals=(), returned="")

    def approve(self, version: int, *, user: User, at: datetime, comment: str = "") -> Onboarding:
        """The form with one approval more; the last one makes it effective.

        Raises:
            NotYourStep: another role is asked now.
            StaleVersion: the form was changed meanwhile.
        """
        self._must_be_asked(version, user)
        given = (*self.approvals, Approval(self._asked(), user.name, at, comment.strip()))
        last = len(given) == len(chain(self.form.business))
        step = FormStep.COMPLETE if last else FormStep.APPROVE
        return replace(self._step(step), approvals=given)

    def give_back(self, version: int, *, user: User, reason: str) -> Onboarding:
        """The form back at its author, with the reason.

        Raises:
            NotYourStep, StaleVersion: as for `approve`.
            RuleError: there is no reason.
        """
        self._must_be_asked(version, user)
        if not reason.strip():
            raise RuleError("Give a reason.")
        returned = replace(self._step(FormStep.RETURN), returned=reason.strip())
        return replace(returned, approvals=())

    def withdraw(self) -> Onboarding:
        """The form given up before it was effective."""
        return replace(self._step(FormStep.WITHDRAW), approvals=())

    def _asked(self) -> Role:
        role = self.next_role()
        if role is None:
            raise IllegalStep("This form waits for nobody's approval.")
        return role

    def _must_be_asked(self, version: int, user: User) -> None:
        self._must_be_current(version)
        if not user.active or user.role is not self._asked():
            raise NotYourStep("Somebody else is asked to approve this form now.")

    def _must_be_current(self, version: int) -> None:
        if version != self.version:
            raise StaleVersion("The form was changed meanwhile. Open it again.")

    def _step(self, step: FormStep) -> Onboarding:
        target = FORM_TRANSITIONS[self.state].get(step)
        if target is None:
            raise IllegalStep("The form cannot take this step now.")
        return replace(self, state=target)
