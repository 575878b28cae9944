"""Customers' usual goods and contracts; tasks about a customer."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014_customers"
down_revision: str | Sequence[str] | None = "0013_outbound"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    op.add_column(
        "customers", sa.Column("goods", sa.JSON(), nullable=False, server_default=sa.text("'[]'"))
    )
    op.add_column("tasks", sa.Column("customer_id", sa.String(), nullable=True))
    op.add_column("tasks", sa.Column("clerk", sa.String(), nullable=True))
    op.create_index("ix_tasks_customer_id", "tasks", ["customer_id"])
    op.create_table(
        "contracts",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("customer_id", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("settlement", sa.String(), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("clerk", sa.String(), nullable=True),
        sa.Column("file", sa.JSON(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_id"],
            ["customers.id"],
            name="fk_contracts_customer_id_customers",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name="pk_contracts"),
    )
    op.create_index("ix_contracts_customer_id", "contracts", ["customer_id"])
    op.create_index("ix_contracts_valid_to", "contracts", ["valid_to"])


def downgrade() -> None:
    """Takes the change back."""
    op.drop_index("ix_contracts_valid_to", "contracts")
    op.drop_index("ix_contracts_customer_id", "contracts")
    op.drop_table("contracts")
    op.drop_index("ix_tasks_customer_id", "tasks")
    op.drop_column("tasks", "clerk")
    op.drop_column("tasks", "customer_id")
    op.drop_column("customers", "goods")
