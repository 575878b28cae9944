"""Requests that are counted for all processes together."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011_settings"
down_revision: str | Sequence[str] | None = "0009_line"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "request_counts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_request_counts"),
    )
    op.create_index("ix_request_counts_ends_at", "request_counts", ["ends_at"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("request_counts")
