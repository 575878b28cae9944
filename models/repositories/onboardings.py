"""Handover forms of new customers, with what belongs to them; exceptions by phone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from models.admission import Means, PhoneException
from models.contract import PaperKind
from models.errors import NotFound
from models.onboarding import (
    Approval,
    Business,
    Contact,
    Form,
    FormState,
    Onboarding,
    Paper,
    Settlement,
)
from models.rows_onboarding import (
    ApprovalLinkRow,
    ExceptionRow,
    OnboardingPaperRow,
    OnboardingRow,
    OnboardingStepRow,
)
from models.staff import Role


class Onboardings:
    """Forms, one for each customer, and the steps they took."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, onboarding: Onboarding, at: datetime) -> None:
        """Stores a new form. Its customer is known already."""
        columns = _columns(onboarding)
        row = OnboardingRow(
            id=onboarding.id,
            customer_id=onboarding.customer_id,
            author=onboarding.author,
            first_period=False,
            created_at=at,
            updated_at=at,
            **columns,
        )
        self._session.add(row)
        self._session.flush()

    def save(self, onboarding: Onboarding, at: datetime) -> None:
        """Stores a form over its row."""
        row = self.row(onboarding.id)
        for name, value in _columns(onboarding).items():
            setattr(row, name, value)
        row.updated_at = at
        self._session.flush()

    def row(self, onboarding_id: str) -> OnboardingRow:
        """The form's row, locked until the unit ends. Raises NotFound."""
        query = select(OnboardingRow).where(OnboardingRow.id == onboarding_id).with_for_update()
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such form.")
        return row

    def locked(self, onboarding_id: str) -> Onboarding:
        """The form, its row locked. Raises NotFound."""
        return _onboarding(self.row(onboarding_id))

    def get(self, onboarding_id: str) -> Onboarding | None:
        """The form, or None."""
        row = self._session.get(OnboardingRow, onboarding_id)
        return None if row is None else _onboarding(row)

    def of_customer(self, customer_id: str) -> Onboarding | None:
        """The customer's form, or None."""
        query = select(OnboardingRow).where(OnboardingRow.customer_id == customer_id)
        row = self._session.scalars(query).one_or_none()
        return None if row is None else _onboarding(row)

    def in_first_period(self, customer_id: str) -> bool:
        """Whether the head of customer service takes this customer's orders personally."""
        query = select(OnboardingRow.first_period).where(OnboardingRow.customer_id == customer_id)
        return bool(self._session.scalars(query).one_or_none())

    def all(self) -> Sequence[tuple[Onboarding, datetime]]:
        """Every form with its last change, newest first."""
        query = select(OnboardingRow).order_by(OnboardingRow.updated_at.desc(), OnboardingRow.id)
        return [(_onboarding(row), row.updated_at) for row in self._session.scalars(query)]

    def remember(self, row: OnboardingStepRow) -> None:
        """Adds to a form's history."""
        self._session.add(row)
        self._session.flush()

    def history(self, onboarding_id: str) -> Sequence[OnboardingStepRow]:
        """What happened to a form, oldest first."""
        query = select(OnboardingStepRow).where(OnboardingStepRow.onboarding_id == onboarding_id)
        return self._session.scalars(query.order_by(OnboardingStepRow.id)).all()

    def add_paper(self, row: OnboardingPaperRow) -> None:
        """Notes an uploaded paper."""
        self._session.add(row)
        self._session.flush()

    def papers(self, onboarding_id: str) -> Sequence[OnboardingPaperRow]:
        """Every paper that was ever uploaded to a form, oldest first."""
        query = select(OnboardingPaperRow).where(OnboardingPaperRow.onboarding_id == onboarding_id)
        return self._session.scalars(query.order_by(OnboardingPaperRow.id)).all()

    def paper(self, paper_id: int) -> OnboardingPaperRow:
        """The paper by id. Raises NotFound."""
        row = self._session.get(OnboardingPaperRow, paper_id)
        if row is None:
            raise NotFound("There is no such paper.")
        return row

    def all_papers(self) -> Sequence[OnboardingPaperRow]:
        """Every uploaded paper."""
        return self._session.scalars(select(OnboardingPaperRow)).all()

    def add_link(self, row: ApprovalLinkRow) -> None:
        """Stores a new link."""
        self._session.add(row)
        self._session.flush()

    def link(self, token_hash: str, *, locked: bool = False) -> ApprovalLinkRow | None:
        """The link, or None."""
        query = select(ApprovalLinkRow).where(ApprovalLinkRow.token_hash == token_hash)
        return self._session.scalars(query.with_for_update() if locked else query).one_or_none()


class Exceptions:
    """Exceptions by phone; the newest one of a customer counts."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, customer_id: str, exception: PhoneException, at: datetime) -> ExceptionRow:
        """Stores a new exception."""
        row = ExceptionRow(
            customer_id=customer_id,
            leader=exception.leader,
            noted_by=exception.noted_by,
            means=exception.means.value,
            what=exception.what,
            recording=exception.recording,
            given_at=exception.given_at,
            due=exception.due,
            noted_at=at,
        )
        self._session.add(row)
        self._session.flush()
        return row

    def row(self, exception_id: int) -> ExceptionRow:
        """The row by id, locked until the unit ends. Raises NotFound."""
        query = select(ExceptionRow).where(ExceptionRow.id == exception_id).with_for_update()
        row = self._session.scalars(query).one_or_none()
        if row is None:
            raise NotFound("There is no such exception.")
        return row

    def rows(self, customer_id: str) -> Sequence[ExceptionRow]:
        """All exceptions of a customer, newest first."""
        query = select(ExceptionRow).where(ExceptionRow.customer_id == customer_id)
        return self._session.scalars(query.order_by(ExceptionRow.id.desc())).all()

    def latest(self, customer_id: str) -> PhoneException | None:
        """The newest exception of a customer, or None."""
        row = next(iter(self.rows(customer_id)), None)
        return None if row is None else exception_of(row)


def exception_of(row: ExceptionRow) -> PhoneException:
    """The exception that a row holds."""
    return PhoneException(
        leader=row.leader,
        noted_by=row.noted_by,
        means=Means(row.means),
        what=row.what,
        recording=row.recording,
        given_at=row.given_at,
        due=row.due,
        ended_at=row.ended_at,
    )


def _columns(onboarding: Onboarding) -> dict[str, Any]:
    approvals = [
        {"role": a.role.value, "by": a.by, "at": a.at.isoformat(), "comment": a.comment}
        for a in onboarding.approvals
    ]
    return {
        "form": _form_json(onboarding.form),
        "version": onboarding.version,
        "state": onboarding.state.value,
        "approvals": approvals,
        "returned": onboarding.returned,
    }


def _form_json(form: Form) -> dict[str, Any]:
    return {
        "company": form.company,
        "account": form.account,
        "contacts": [{"name": c.name, "phone": c.phone, "email": c.email} for c in form.contacts],
        "business": sorted(form.business),
        "settlement": form.settlement,
        "period_days": form.period_days,
        "remarks": form.remarks,
        "papers": [{"kind": p.kind, "name": p.name, "sha256": p.sha256} for p in form.papers],
    }


def _form(kept: Mapping[str, Any]) -> Form:
    settlement = kept["settlement"]
    return Form(
        company=kept["company"],
        account=kept["account"],
        contacts=tuple(Contact(**contact) for contact in kept["contacts"]),
        business=frozenset(map(Business, kept["business"])),
        settlement=None if settlement is None else Settlement(settlement),
        period_days=kept["period_days"],
        remarks=kept["remarks"],
        papers=tuple(Paper(PaperKind(p["kind"]), p["name"], p["sha256"]) for p in kept["papers"]),
    )


def _onboarding(row: OnboardingRow) -> Onboarding:
    return Onboarding(
        id=row.id,
        customer_id=row.customer_id,
        author=row.author,
        form=_form(row.form),
        version=row.version,
        state=FormState(row.state),
        approvals=tuple(
            Approval(Role(a["role"]), a["by"], datetime.fromisoformat(a["at"]), a["comment"])
            for a in row.approvals
        ),
        returned=row.returned,
    )
