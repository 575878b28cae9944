"""A new customer's handover form as the desk carries it out: written, approved, in force."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from models.customer import Customer, Phone
from models.desk import customers
from models.desk.deputies import deputy_for
from models.desk.onboarding_mails import ask, heads, tell
from models.errors import NotFound, RuleError
from models.onboarding import Contact, Form, Onboarding
from models.order import StaleVersion
from models.rows_onboarding import OnboardingPaperRow, OnboardingStepRow
from models.staff import Permission, Role, User
from models.store import UnitOfWork


def begin(
    uow: UnitOfWork, form: Form, *, user: User, at: datetime, customer_id: str = ""
) -> Onboarding:
    """Begins a form, for a customer of the register or for a new one.

    Raises:
        Belongs: the company, its number or a telephone number is another customer's.
        RuleError: no company named, no right, or the customer has a form already.
    """
    _must_write(user)
    known = uow.customers.get(customer_id) if customer_id else None
    if known is not None and uow.onboardings.of_customer(known.id) is not None:
        raise RuleError("This customer has a form already.")
    if known is not None and known.effective:
        raise RuleError("This customer's papers are approved already.")
    customer = _registered(uow, known or Customer(id="", name=""), form, False, user, at)
    begun = Onboarding(
        id=f"f-{secrets.token_hex(8)}", customer_id=customer.id, author=user.name, form=form
    )
    uow.onboardings.add(begun, at)
    _remember(uow, begun, "begin", user, at)
    return begun


def change(
    uow: UnitOfWork, onboarding_id: str, version: int, form: Form, *, user: User, at: datetime
) -> Onboarding:
    """Changes the form; approvals are void, and a customer that was effective is so no more.

    Raises:
        StaleVersion: the form was changed meanwhile.
    """
    _must_write(user)
    before = uow.onboardings.locked(onboarding_id)
    after = before.change(form, version)
    if after == before:
        return before
    customer = uow.customers.get(before.customer_id) or Customer(id="", name="")
    _registered(uow, customer, form, False, user, at)
    uow.onboardings.save(after, at)
    _remember(uow, after, "change", user, at)
    return after


def submit(
    uow: UnitOfWork, onboarding_id: str, version: int, *, user: User, at: datetime
) -> Onboarding:
    """Asks the first of the chain. Raises Incomplete or StaleVersion."""
    _must_write(user)
    after = uow.onboardings.locked(onboarding_id).submit(version)
    uow.onboardings.save(after, at)
    _remember(uow, after, "submit", user, at)
    ask(uow, after, at)
    return after


def ask_again(
    uow: UnitOfWork, onboarding_id: str, version: int, *, user: User, at: datetime
) -> Onboarding:
    """Sends whoever is asked now a new link: the old one ran out, or its e-mail was lost.

    Raises:
        RuleError: nobody is asked, or the form was changed meanwhile.
    """
    _must_write(user)
    onboarding = uow.onboardings.locked(onboarding_id)
    if onboarding.version != version:
        raise StaleVersion("The form was changed meanwhile. Open it again.")
    if onboarding.next_role() is None:
        raise RuleError("This form waits for nobody's approval.")
    _remember(uow, onboarding, "ask_again", user, at)
    ask(uow, onboarding, at)
    return onboarding


def withdraw(
    uow: UnitOfWork, onboarding_id: str, *, user: User, at: datetime, reason: str
) -> Onboarding:
    """Gives a form up. Raises IllegalStep when it is effective already."""
    _must_write(user)
    after = uow.onboardings.locked(onboarding_id).withdraw()
    uow.onboardings.save(after, at)
    _remember(uow, after, "withdraw", user, at, comment=reason)
    return after


def approve(
    uow: UnitOfWork,
    onboarding_id: str,
    version: int,
    *,
    user: User,
    at: datetime,
    comment: str = "",
    via: str = "console",
) -> Onboarding:
    """Adds one approval; the last one makes the customer effective and begins its first period.

    Raises:
        NotYourStep, StaleVersion: see `Onboarding.approve`.
    """
    asked = uow.onboardings.locked(onboarding_id)
    role = asked.next_role()
    after = asked.approve(version, user=user, at=at, comment=comment)
    uow.onboardings.save(after, at)
    _remember(uow, after, "approve", user, at, role=role, comment=comment, via=via)
    if after.effective:
        _in_force(uow, after, user, at)
    else:
        ask(uow, after, at)
    return after


def give_back(
    uow: UnitOfWork,
    onboarding_id: str,
    version: int,
    *,
    user: User,
    at: datetime,
    reason: str,
    via: str = "console",
) -> Onboarding:
    """Returns the form to its author. Raises as `Onboarding.give_back`."""
    asked = uow.onboardings.locked(onboarding_id)
    role = asked.next_role()
    after = asked.give_back(version, user=user, reason=reason)
    uow.onboardings.save(after, at)
    _remember(uow, after, "return", user, at, role=role, comment=reason, via=via)
    tell(uow, (after.author,), "returned", after.id, f"{after.version}:{at.isoformat()}", at)
    return after


def add_paper(
    uow: UnitOfWork,
    onboarding_id: str,
    version: int,
    form: Form,
    row: OnboardingPaperRow,
    *,
    user: User,
) -> Onboarding:
    """Notes an uploaded paper; `form` names it. Raises as `change`."""
    uow.onboardings.add_paper(row)
    return change(uow, onboarding_id, version, form, user=user, at=row.at)


def end_first_period(uow: UnitOfWork, onboarding_id: str, *, user: User, at: datetime) -> None:
    """Has everybody take this customer's orders from now on; the head decides that."""
    if user.role is not Role.HEAD:
        raise RuleError("Only the head of customer service ends the first period.")
    row = uow.onboardings.row(onboarding_id)
    if row.first_period:
        row.first_period = False
        _remember(uow, uow.onboardings.locked(onboarding_id), "first_period_over", user, at)


def _in_force(uow: UnitOfWork, onboarding: Onboarding, user: User, at: datetime) -> None:
    customer = uow.customers.get(onboarding.customer_id)
    if customer is None:
        raise NotFound("There is no such customer.")
    _registered(uow, customer, onboarding.form, True, user, at)
    uow.onboardings.row(onboarding.id).first_period = True
    for row in uow.exceptions.rows(customer.id):
        if row.ended_at is None:
            row.ended_at, row.ended_by = at, user.name
    once = str(onboarding.version)
    tell(uow, (onboarding.author, *heads(uow)), "effective", onboarding.id, once, at)


def _registered(
    uow: UnitOfWork, customer: Customer, form: Form, effective: bool, user: User, at: datetime
) -> Customer:
    """The register's entry of the form's customer; numbers known before stay."""
    known = {phone.number for phone in customer.phones}
    new = tuple(Phone(c.phone, c.name or None) for c in _reachable(form) if c.phone not in known)
    wanted = replace(
        customer,
        name=form.company,
        account=form.account or None,
        effective=effective,
        phones=(*customer.phones, *new),
    )
    return customers.save(uow, wanted, by=user.name, at=at, by_form=True)


def _reachable(form: Form) -> Sequence[Contact]:
    return list({c.phone: c for c in reversed(form.contacts) if c.phone}.values())[::-1]


def _must_write(user: User) -> None:
    if not user.may(Permission.CUSTOMERS):
        raise RuleError("Your role does not write handover forms.")


def _remember(
    uow: UnitOfWork,
    onboarding: Onboarding,
    step: str,
    user: User,
    at: datetime,
    *,
    role: Role | None = None,
    comment: str = "",
    via: str = "console",
) -> None:
    uow.onboardings.remember(
        OnboardingStepRow(
            onboarding_id=onboarding.id,
            version=onboarding.version,
            step=step,
            role=None if role is None else role.value,
            by=user.name,
            at=at,
            comment=comment.strip(),
            via=via,
            deputy_for=None if role is None else deputy_for(uow, user, at),
        )
    )
    detail = {"version": onboarding.version, "state": onboarding.state.value}
    subject = f"onboarding:{onboarding.id}"
    uow.audit.add(user.name, f"onboarding.{step}", subject, at=at, detail=detail)
