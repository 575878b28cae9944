"""Who answers for orders, and who approved the release of risky ones."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017_ownership"
down_revision: str | Sequence[str] | None = "0016_onboarding"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "release_approvals",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name="fk_release_approvals_order_id_orders"
        ),
        sa.PrimaryKeyConstraint("order_id", "order_version", "by", name="pk_release_approvals"),
    )
    op.create_table(
        "duties",
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("shift", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("user", name="pk_duties"),
    )
    op.create_table(
        "absences",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("stand_in", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_absences"),
    )
    op.create_index("ix_absences_user", "absences", ["user"])
    op.create_table(
        "customer_clerks",
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="fk_customer_clerks_customer_id_customers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_id", name="pk_customer_clerks"),
    )


def downgrade() -> None:
    """Takes the change back."""
    for table in ("customer_clerks", "absences", "duties"):
        op.drop_table(table)
    op.drop_table("release_approvals")
