"""Answers to the questions of the course."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020_course"
down_revision: str | Sequence[str] | None = "0019_fax"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "quizzes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("clerk", sa.String(), nullable=False),
        sa.Column("attempt", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("chapter", sa.Integer(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_quizzes"),
        sa.UniqueConstraint("clerk", "attempt", name="uq_quizzes_clerk_attempt"),
    )
    op.create_index("ix_quizzes_clerk", "quizzes", ["clerk"])
    op.create_index("ix_quizzes_at", "quizzes", ["at"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_index("ix_quizzes_at", "quizzes")
    op.drop_index("ix_quizzes_clerk", "quizzes")
    op.drop_table("quizzes")
