"""The outbox starts workflows; processes that run them tell that they live."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007_workflows"
down_revision: str | Sequence[str] | None = "0006_live"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

_OUTBOX = sa.table(
    "outbox",
    sa.column("id", sa.Integer()),
    sa.column("state", sa.String()),
    sa.column("payload", sa.JSON()),
    sa.column("order_id", sa.String()),
)


def upgrade() -> None:
    """Applies the change. What was about to be sent is taken up by a workflow."""
    with op.batch_alter_table("outbox") as table:
        table.add_column(sa.Column("order_id", sa.String(), nullable=True))
        table.add_column(sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True))
        table.drop_index("ix_outbox_state_next_at")
        table.drop_column("next_at")
        table.create_index("ix_outbox_state", ["state"])
        table.create_index("ix_outbox_order_id", ["order_id"])
    connection = op.get_bind()
    for row in connection.execute(sa.select(_OUTBOX.c.id, _OUTBOX.c.payload)).all():
        order_id = row.payload.get("order_id")
        if order_id is not None:
            one = sa.update(_OUTBOX).where(_OUTBOX.c.id == row.id)
            connection.execute(one.values(order_id=order_id))
    claimed = sa.update(_OUTBOX).where(_OUTBOX.c.state == "sending")
    connection.execute(claimed.values(state="pending"))
    op.create_table(
        "workers",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workers"),
    )


def downgrade() -> None:
    """Takes the change back. What a workflow was busy with is pending again."""
    op.drop_table("workers")
    with op.batch_alter_table("outbox") as table:
        table.drop_index("ix_outbox_order_id")
        table.drop_index("ix_outbox_state")
        table.drop_column("tried_at")
        table.drop_column("order_id")
        table.add_column(
            sa.Column(
                "next_at",
                sa.DateTime(timezone=True),
                nullable=False,
                server_default=sa.text("CURRENT_TIMESTAMP"),
            )
        )
        table.create_index("ix_outbox_state_next_at", ["state", "next_at"])
    started = sa.update(_OUTBOX).where(_OUTBOX.c.state == "started")
    op.get_bind().execute(started.values(state="pending"))
