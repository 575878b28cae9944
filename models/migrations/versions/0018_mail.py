"""Mails, their senders, and how far the mailbox has been fetched."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018_mail"
down_revision: str | Sequence[str] | None = "0017_ownership"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "mails",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("content", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("sender_name", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=True),
        sa.Column("orders", sa.JSON(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_mails"),
        sa.UniqueConstraint("key", name="uq_mails_key"),
    )
    for column in ("content", "sender", "received_at", "state"):
        op.create_index(f"ix_mails_{column}", "mails", [column])
    op.create_table(
        "mail_senders",
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("address", name="pk_mail_senders"),
    )
    op.create_index("ix_mail_senders_customer_id", "mail_senders", ["customer_id"])
    op.create_table(
        "mailboxes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_mailboxes"),
    )


def downgrade() -> None:
    """Takes the change back."""
    op.drop_table("mailboxes")
    op.drop_index("ix_mail_senders_customer_id", "mail_senders")
    op.drop_table("mail_senders")
    for column in ("state", "received_at", "sender", "content"):
        op.drop_index(f"ix_mails_{column}", "mails")
    op.drop_table("mails")
