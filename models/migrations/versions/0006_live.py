"""The times of words within turns."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006_live"
down_revision: str | Sequence[str] | None = "0005_desk"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.add_column("turns", sa.Column("words", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Takes the change back."""
    op.drop_column("turns", "words")
