"""Who approved the release of risky orders."""

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


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("release_approvals")
