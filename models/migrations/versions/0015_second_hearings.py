"""Turns heard a second time; one table tells which workers live."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015_second_hearings"
down_revision: str | Sequence[str] | None = "0014_customers"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change. Workers tell anew when they were seen: no beat is carried over."""
    op.create_table(
        "second_hearings",
        sa.Column("call_sid", sa.String(), nullable=False),
        sa.Column("index", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("same", sa.Boolean(), nullable=False),
        sa.Column("doubts", sa.JSON(), nullable=False),
        sa.Column("engine", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_by", sa.String(), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_sid"], ["calls.sid"], name="fk_second_hearings_call_sid_calls"
        ),
        sa.PrimaryKeyConstraint("call_sid", "index", name="pk_second_hearings"),
    )
    with op.batch_alter_table("workers") as table:
        table.add_column(sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True))
    op.drop_table("heartbeats")


def downgrade() -> None:
    """Takes the change back."""
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
    )
    with op.batch_alter_table("workers") as table:
        table.drop_column("seen_at")
    op.drop_table("second_hearings")
