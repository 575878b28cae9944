"""Practice calls with simulated customers."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0012_training"
down_revision: str | Sequence[str] | None = "0011_settings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "trainings",
        sa.Column("sid", sa.String(), nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("lesson", sa.String(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("recording", sa.String(), nullable=True),
        sa.Column("turns", sa.JSON(), nullable=False),
        sa.Column("form", sa.JSON(), nullable=True),
        sa.Column("card", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("sid", name="pk_trainings"),
    )
    op.create_index("ix_trainings_clerk", "trainings", ["clerk"])
    op.create_index("ix_trainings_started_at", "trainings", ["started_at"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_index("ix_trainings_started_at", "trainings")
    op.drop_index("ix_trainings_clerk", "trainings")
    op.drop_table("trainings")
