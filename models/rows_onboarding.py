"""The tables of new customers: handover forms, their steps and papers, links, exceptions."""

from __future__ import annotations

from datetime import datetime
from types import MappingProxyType
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.rows import Base


class OnboardingRow(Base):
    """A customer's form as it stands; see `models.onboarding`. `lock` guards updates."""

    __tablename__ = "onboardings"

    id: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), unique=True
    )
    author: Mapped[str]
    form: Mapped[dict[str, Any]]
    version: Mapped[int]
    state: Mapped[str] = mapped_column(index=True)
    approvals: Mapped[list[Any]]
    returned: Mapped[str]
    first_period: Mapped[bool]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    lock: Mapped[int] = mapped_column()

    __mapper_args__ = MappingProxyType({"version_id_col": lock})


class OnboardingStepRow(Base):
    """What happened to a form; only ever added to. `via` is `console`, `mail` or `desk`.

    `deputy_for` is the manager for whom, being away, a named deputy decided.
    """

    __tablename__ = "onboarding_steps"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    onboarding_id: Mapped[str] = mapped_column(
        ForeignKey("onboardings.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    step: Mapped[str]
    role: Mapped[str | None]
    by: Mapped[str]
    at: Mapped[datetime]
    comment: Mapped[str]
    via: Mapped[str]
    deputy_for: Mapped[str | None]


class OnboardingPaperRow(Base):
    """An uploaded paper: its name, and what it is kept as in the object store."""

    __tablename__ = "onboarding_papers"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    onboarding_id: Mapped[str] = mapped_column(
        ForeignKey("onboardings.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int]
    sha256: Mapped[str] = mapped_column(String(64))
    object: Mapped[str] = mapped_column(unique=True)
    key_id: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]


class ApprovalLinkRow(Base):
    """A link by which one manager decides on one version. The token itself is nowhere stored."""

    __tablename__ = "approval_links"

    token_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    nonce: Mapped[str] = mapped_column(unique=True)
    onboarding_id: Mapped[str] = mapped_column(
        ForeignKey("onboardings.id", ondelete="CASCADE"), index=True
    )
    version: Mapped[int]
    user: Mapped[str]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class ExceptionRow(Base):
    """A leader's exception by phone; see `models.admission.PhoneException`.

    `suspended_at`: when it lapsed and that was noted.
    """

    __tablename__ = "customer_exceptions"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    customer_id: Mapped[str] = mapped_column(
        ForeignKey("customers.id", ondelete="CASCADE"), index=True
    )
    leader: Mapped[str]
    noted_by: Mapped[str]
    means: Mapped[str]
    what: Mapped[str]
    recording: Mapped[str]
    given_at: Mapped[datetime]
    due: Mapped[datetime]
    noted_at: Mapped[datetime]
    suspended_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]
