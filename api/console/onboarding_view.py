"""What the page of a handover form shows, read at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest

from models.admission import LEADERS, Admission
from models.customer import Customer
from models.desk import admission_of
from models.errors import NotFound
from models.onboarding import FORM_TRANSITIONS, Contact, Form, FormStep, Onboarding, chain
from models.rows_onboarding import ExceptionRow, OnboardingPaperRow, OnboardingStepRow
from models.staff import Permission, Role, User
from models.store import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class FormView:
    """One form with all that belongs to it.

    Attributes:
        roles: the chain, as the form's kinds of business give it.
        asked: people who may approve now.
        papers: rows of the form's present papers, by their digest.
        offers: steps that this person may take now.
        leaders: who may allow an exception.
    """

    onboarding: Onboarding
    customer: Customer | None
    admission: Admission
    roles: Sequence[Role]
    asked: Sequence[User]
    papers: Mapping[str, OnboardingPaperRow]
    history: Sequence[OnboardingStepRow]
    exceptions: Sequence[ExceptionRow]
    leaders: Sequence[User]
    first_period: bool
    offers: frozenset[str]


def read(uow: UnitOfWork, form_id: str, user: User, at: datetime) -> FormView:
    """The form for a person. Raises NotFound."""
    onboarding = uow.onboardings.get(form_id)
    if onboarding is None:
        raise NotFound("There is no such form.")
    customer = uow.customers.get(onboarding.customer_id)
    users = [one for one in uow.users.all() if one.active]
    first = uow.onboardings.in_first_period(onboarding.customer_id)
    return FormView(
        onboarding=onboarding,
        customer=customer,
        admission=admission_of(uow, customer, at),
        roles=chain(onboarding.form.business),
        asked=[one for one in users if one.role is onboarding.next_role()],
        papers={row.sha256: row for row in uow.onboardings.papers(form_id)},
        history=uow.onboardings.history(form_id),
        exceptions=uow.exceptions.rows(onboarding.customer_id),
        leaders=[one for one in users if one.role in LEADERS],
        first_period=first,
        offers=_offers(onboarding, user, first_period=first),
    )


def chained(view: FormView) -> Sequence[tuple[Role, OnboardingStepRow | None]]:
    """Each of the chain with its approval of the present version, as the history keeps it."""
    given = {
        (step.role, step.at): step
        for step in view.history
        if step.step == "approve" and step.version == view.onboarding.version
    }
    steps = [given.get((a.role.value, a.at)) for a in view.onboarding.approvals]
    return list(zip_longest(view.roles, steps))


def prefilled(uow: UnitOfWork, customer_id: str, order_id: str) -> Form:
    """A new form with what is known of a customer, or of whoever gave an order."""
    customer = uow.customers.get(customer_id) if customer_id else None
    if customer is not None:
        contacts = tuple(Contact(p.person or "", p.number) for p in customer.phones)
        return Form(company=customer.name, account=customer.account or "", contacts=contacts)
    order = uow.orders.get(order_id) if order_id else None
    if order is None:
        return Form(company="")
    name = str(order.value("contact.name") or "")
    phone = str(order.value("contact.phone") or uow.orders.row(order_id).caller or "")
    contacts = (Contact(name, phone),) if name or phone else ()
    return Form(company=str(order.value("customer.name") or ""), contacts=contacts)


def _offers(onboarding: Onboarding, user: User, *, first_period: bool) -> frozenset[str]:
    steps = FORM_TRANSITIONS[onboarding.state]
    writes, asked = user.may(Permission.CUSTOMERS), onboarding.next_role() is user.role
    records = writes or user.may(Permission.HANDLE)
    wanted = {
        "edit": writes and FormStep.CHANGE in steps,
        "submit": writes and FormStep.SUBMIT in steps and not onboarding.form.lacks(),
        "withdraw": writes and FormStep.WITHDRAW in steps,
        "ask_again": writes and onboarding.next_role() is not None,
        "approve": asked,
        "return": asked,
        "exception": records and not onboarding.effective,
        "end_first_period": first_period and user.role is Role.HEAD,
    }
    return frozenset(name for name, allowed in wanted.items() if allowed)
