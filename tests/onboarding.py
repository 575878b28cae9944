"""People and papers of a new customer, for tests of handover forms."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from models.contract import PaperKind
from models.desk import onboarding, staff
from models.onboarding import Onboarding, Paper
from models.rows_onboarding import OnboardingPaperRow
from models.staff import Role, User
from models.store import Store, UnitOfWork
from tests.orders import NOW
from tests.unit.test_onboarding import WHOLE

#: Login name to role; everybody has an e-mail address.
PEOPLE = {
    "mia": Role.MARKETING_MANAGER,
    "wu": Role.WAREHOUSE_MANAGER,
    "ding": Role.DISTRIBUTION_MANAGER,
    "gm": Role.GENERAL_MANAGER,
    "hua": Role.HEAD,
    "anna": Role.CLERK,
}


def people(store: Store, hashed: str = "") -> dict[str, User]:
    """Everybody of the chain, with addresses."""
    with store.unit() as uow:
        found = {
            name: staff.add_user(
                uow,
                name=name,
                display=name.title(),
                role=role,
                password=hashed,
                email=f"{name}@example.com",
                must_change=False,
                by="cli",
                at=NOW,
            )
            for name, role in PEOPLE.items()
        }
        uow.commit()
    return found


def begun(store: Store, author: User, *, at: datetime = NOW) -> Onboarding:
    """A whole form with its paper, not yet submitted."""
    with store.unit() as uow:
        one = onboarding.begin(uow, replace(WHOLE, papers=()), user=author, at=at)
        one = with_paper(uow, one, author, at)
        uow.commit()
    return one


def with_paper(uow: UnitOfWork, one: Onboarding, author: User, at: datetime) -> Onboarding:
    """The form with a quotation; the file itself is nowhere."""
    paper = Paper(PaperKind.QUOTATION, "报价.pdf", "a" * 64)
    row = OnboardingPaperRow(
        onboarding_id=one.id,
        name=paper.name,
        media_type="application/pdf",
        size=4,
        sha256=paper.sha256,
        object=f"papers/{one.id}",
        key_id="k",
        by=author.name,
        at=at,
    )
    form = replace(one.form, papers=(*one.form.papers, paper))
    return onboarding.add_paper(uow, one.id, one.version, form, row, user=author)


def approve_all(store: Store, one: Onboarding, by: dict[str, User], at: datetime = NOW) -> None:
    """The whole chain says yes in the console."""
    with store.unit() as uow:
        one = onboarding.submit(uow, one.id, one.version, user=by["mia"], at=at)
        roles = {user.role: user for user in by.values()}
        while (role := one.next_role()) is not None:
            one = onboarding.approve(uow, one.id, one.version, user=roles[role], at=at)
        uow.commit()
