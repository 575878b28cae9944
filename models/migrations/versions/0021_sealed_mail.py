"""What a written order asks to be asked: goods that may hide dangerous ones."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0021_sealed_mail"
down_revision: str | Sequence[str] | None = "0020_course"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.add_column("orders", sa.Column("suspects", sa.JSON(), nullable=True))


def downgrade() -> None:
    """Takes the change back."""
    with op.batch_alter_table("orders") as table:
        table.drop_column("suspects")
