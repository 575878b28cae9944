"""A new customer's handover form as the desk carries it out: written, approved, in force."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from models import links
from models.customer import Customer, Phone
from models.desk import customers
from models.desk.deputies import deputy_for
from models.errors import NotFound, RuleError
from models.onboarding import Contact, Form, Onboarding
from models.repositories.staff import user as user_of
from models.rows_onboarding import ApprovalLinkRow, OnboardingPaperRow, OnboardingStepRow
from models.staff import Permission, Role, User
from models.store import UnitOfWork

#: How long a manager's link serves.
LINK_LIFETIME = timedelta(days=7)
#: The kind of an outbox row that is an e-mail.
MAIL = "mail"


class LinkUse(StrEnum):
    """What a manager's link is worth now."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class LinkView:
    """What somebody with a link sees: whose link it is, and the form it is about."""

    use: LinkUse
    user: User
    onboarding: Onboarding
    version: int


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
    _ask(uow, after, at)
    return after


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
        _ask(uow, after, at)
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


def view_link(uow: UnitOfWork, token: str, at: datetime, *, locked: bool = False) -> LinkView:
    """What a manager's link shows now. Raises NotFound."""
    link = uow.onboardings.link(links.token_hash(token), locked=locked)
    row = None if link is None else uow.users.find(link.user)
    onboarding = None if link is None else uow.onboardings.get(link.onboarding_id)
    if link is None or row is None or onboarding is None:
        raise NotFound("There is no such link.")
    user, use = user_of(row), LinkUse.OPEN
    if link.used_at is not None:
        use = LinkUse.USED
    elif at >= link.expires_at or not user.active:
        use = LinkUse.EXPIRED
    elif onboarding.version != link.version or onboarding.next_role() is not user.role:
        use = LinkUse.CHANGED
    return LinkView(use, user, onboarding, link.version)


def decide_by_link(
    uow: UnitOfWork, token: str, at: datetime, *, approved: bool, comment: str
) -> Onboarding:
    """A manager's decision by link, which serves once.

    Raises:
        NotFound: there is no such link.
        RuleError: it is used up, too old, or the form went on without it.
    """
    view = view_link(uow, token, at, locked=True)
    if view.use is not LinkUse.OPEN:
        raise RuleError("This link serves no more.")
    link = uow.onboardings.link(links.token_hash(token))
    if link is not None:
        link.used_at = at
    number, user = view.version, view.user
    if approved:
        return approve(uow, view.onboarding.id, number, user=user, at=at, comment=comment, via=MAIL)
    return give_back(uow, view.onboarding.id, number, user=user, at=at, reason=comment, via=MAIL)


def tell(
    uow: UnitOfWork, names: Sequence[str], what: str, about: str, once: str, at: datetime
) -> int:
    """Queues an e-mail to each of these people who has an address; how many.

    Args:
        what: which message, see `api.mail_texts`.
        about: the form's id.
        once: the same person gets the same message once under this name.
    """
    people = {user.name: user for user in uow.users.all() if user.active and user.email}
    told = [people[name] for name in dict.fromkeys(names) if name in people]
    for user in told:
        payload = {"to": user.email, "lang": user.lang, "what": what, "onboarding_id": about}
        uow.outbox.put(f"mail:{what}:{about}:{once}:{user.name}", kind=MAIL, payload=payload, at=at)
    return len(told)


def heads(uow: UnitOfWork) -> list[str]:
    """Login names of the heads of customer service."""
    return [user.name for user in uow.users.all() if user.role is Role.HEAD]


def _ask(uow: UnitOfWork, onboarding: Onboarding, at: datetime) -> None:
    """Sends everybody who may approve now a link of their own."""
    role = onboarding.next_role()
    for user in uow.users.all():
        if not user.active or user.role is not role or not user.email:
            continue
        nonce = links.new_nonce()
        token = links.token(uow.secret, nonce)
        uow.onboardings.add_link(
            ApprovalLinkRow(
                token_hash=links.token_hash(token),
                nonce=nonce,
                onboarding_id=onboarding.id,
                version=onboarding.version,
                user=user.name,
                created_at=at,
                expires_at=at + LINK_LIFETIME,
            )
        )
        payload = {
            "to": user.email,
            "lang": user.lang,
            "what": "approve",
            "onboarding_id": onboarding.id,
            "nonce": nonce,
        }
        uow.outbox.put(f"mail:approve:{nonce}", kind=MAIL, payload=payload, at=at)


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
