"""Faxes, their senders, and the day's number of orders as customers tell it."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019_fax"
down_revision: str | Sequence[str] | None = "0018_mail"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "faxes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("media_url", sa.String(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=True),
        sa.Column("orders", sa.JSON(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_faxes"),
        sa.UniqueConstraint("key", name="uq_faxes_key"),
    )
    for column in ("content", "number", "received_at", "state"):
        op.create_index(f"ix_faxes_{column}", "faxes", [column])
    op.create_table(
        "fax_senders",
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_fax_senders"),
    )
    op.create_index("ix_fax_senders_customer_id", "fax_senders", ["customer_id"])
    op.create_table(
        "day_counts",
        sa.Column("customer", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sent", sa.Integer(), nullable=True),
        sa.Column("received", sa.Integer(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("customer", "day", "channel", name="pk_day_counts"),
    )


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("day_counts")
    op.drop_index("ix_fax_senders_customer_id", "fax_senders")
    op.drop_table("fax_senders")
    for column in ("state", "received_at", "number", "content"):
        op.drop_index(f"ix_faxes_{column}", "faxes")
    op.drop_table("faxes")
