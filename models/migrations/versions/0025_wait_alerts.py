"""Who was told when that a customer waits too long."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025_wait_alerts"
down_revision: str | Sequence[str] | None = "0021_suspects"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "wait_alerts",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("wait", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("light", sa.String(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["order_id"], ["orders.id"], name="fk_wait_alerts_order_id_orders"),
        sa.PrimaryKeyConstraint("order_id", "wait", "since", "light", name="pk_wait_alerts"),
    )
    op.create_index("ix_wait_alerts_at", "wait_alerts", ["at"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("wait_alerts")
