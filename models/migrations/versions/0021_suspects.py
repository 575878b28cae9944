"""Goods of a written order that may hide dangerous ones; for whom a deputy decided."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021_suspects"
down_revision: str | Sequence[str] | None = "0020_course"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.add_column("orders", sa.Column("suspects", sa.JSON(), nullable=True))
    op.add_column("onboarding_steps", sa.Column("deputy_for", sa.String(), nullable=True))


def downgrade() -> None:
    """Takes the change back."""
    op.drop_column("onboarding_steps", "deputy_for")
    op.drop_column("orders", "suspects")
