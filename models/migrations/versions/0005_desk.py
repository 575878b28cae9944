"""What the desk's admins try out and choose further."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005_desk"
down_revision: str | Sequence[str] | None = "0004_wordings"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.add_column("wordings", sa.Column("sound", sa.String(), nullable=True))
    op.create_table(
        "rehearsals",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_rehearsals"),
    )


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("rehearsals")
    op.drop_column("wordings", "sound")
