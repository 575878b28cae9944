"""New customers: handover forms, approvals, papers, links, exceptions; people's e-mail."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0016_onboarding"
down_revision: str | Sequence[str] | None = "0015_second_hearings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.add_column("users", sa.Column("email", sa.String(), nullable=True))
    op.create_table(
        "onboardings",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("approvals", sa.JSON(), nullable=False),
        sa.Column("returned", sa.String(), nullable=False),
        sa.Column("first_period", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lock", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="fk_onboardings_customer_id_customers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_onboardings"),
        sa.UniqueConstraint("customer_id", name="uq_onboardings_customer_id"),
    )
    op.create_index("ix_onboardings_state", "onboardings", ["state"])
    op.create_table(
        "onboarding_steps",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _form("onboarding_steps"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("via", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_onboarding_steps"),
    )
    op.create_index("ix_onboarding_steps_onboarding_id", "onboarding_steps", ["onboarding_id"])
    op.create_table(
        "onboarding_papers",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        _form("onboarding_papers"),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("object", sa.String(), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_onboarding_papers"),
        sa.UniqueConstraint("object", name="uq_onboarding_papers_object"),
    )
    op.create_index("ix_onboarding_papers_onboarding_id", "onboarding_papers", ["onboarding_id"])
    op.create_table(
        "approval_links",
        sa.Column("token_hash", sa.String(64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        _form("approval_links"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("token_hash", name="pk_approval_links"),
        sa.UniqueConstraint("nonce", name="uq_approval_links_nonce"),
    )
    op.create_index("ix_approval_links_onboarding_id", "approval_links", ["onboarding_id"])
    op.create_table(
        "customer_exceptions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("leader", sa.String(), nullable=False),
        sa.Column("noted_by", sa.String(), nullable=False),
        sa.Column("means", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("recording", sa.String(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("noted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("suspended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="fk_customer_exceptions_customer_id_customers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_customer_exceptions"),
    )
    op.create_index("ix_customer_exceptions_customer_id", "customer_exceptions", ["customer_id"])


def downgrade() -> None:
    """Takes the change back."""
    for table in (
        "customer_exceptions",
        "approval_links",
        "onboarding_papers",
        "onboarding_steps",
        "onboardings",
    ):
        op.drop_table(table)
    op.drop_column("users", "email")


def _form(table: str) -> sa.Column[str]:
    key = sa.ForeignKey(
        "onboardings.id", name=f"fk_{table}_onboarding_id_onboardings", ondelete="CASCADE"
    )
    return sa.Column("onboarding_id", sa.String(), key, nullable=False)
