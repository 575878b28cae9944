"""Call-backs and their rings."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013_outbound"
down_revision: str | Sequence[str] | None = "0012_training"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "call_backs",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("open_for", sa.String(), nullable=True),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("call_sid", sa.String(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("lang", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_call_backs"),
        sa.UniqueConstraint("open_for", name="uq_call_backs_open_for"),
    )
    op.create_index("ix_call_backs_order_id", "call_backs", ["order_id"])
    op.create_index("ix_call_backs_call_sid", "call_backs", ["call_sid"])
    op.create_index("ix_call_backs_number", "call_backs", ["number"])
    op.create_table(
        "rings",
        sa.Column("call_back_id", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sid", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=True),
        sa.Column("outcome", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["call_back_id"], ["call_backs.id"], name="fk_rings_call_back_id_call_backs"
        ),
        sa.PrimaryKeyConstraint("call_back_id", "nth", name="pk_rings"),
        sa.UniqueConstraint("sid", name="uq_rings_sid"),
    )
    op.create_index("ix_rings_number", "rings", ["number"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_index("ix_rings_number", "rings")
    op.drop_table("rings")
    op.drop_index("ix_call_backs_number", "call_backs")
    op.drop_index("ix_call_backs_call_sid", "call_backs")
    op.drop_index("ix_call_backs_order_id", "call_backs")
    op.drop_table("call_backs")
