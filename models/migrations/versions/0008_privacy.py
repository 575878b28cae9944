"""Recordings in the object store, legal holds, proven deletions, workers' heartbeats."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008_privacy"
down_revision: str | Sequence[str] | None = "0007_workflows"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

#: What was deleted stays on record: the database itself refuses to change it.
_SQLITE = (
    "CREATE TRIGGER deletions_no_update BEFORE UPDATE ON deletions"
    " BEGIN SELECT RAISE(ABORT, 'deletions are only added to'); END",
    "CREATE TRIGGER deletions_no_delete BEFORE DELETE ON deletions"
    " BEGIN SELECT RAISE(ABORT, 'deletions are only added to'); END",
)
_POSTGRESQL = (
    "CREATE FUNCTION deletions_refuse() RETURNS trigger LANGUAGE plpgsql AS"
    " $$ BEGIN RAISE EXCEPTION 'deletions are only added to'; END $$",
    "CREATE TRIGGER deletions_no_change BEFORE UPDATE OR DELETE ON deletions"
    " FOR EACH ROW EXECUTE FUNCTION deletions_refuse()",
)


def upgrade() -> None:
    """Applies the change."""
    op.create_table(
        "recordings",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("call_sid", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("key_id", sa.String(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_recordings"),
    )
    op.create_index("ix_recordings_call_sid", "recordings", ["call_sid"])
    op.create_table(
        "holds",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("released_by", sa.String(), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_subject", "holds", ["subject"])
    op.create_table(
        "deletions",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_deletions"),
    )
    op.create_index("ix_deletions_subject", "deletions", ["subject"])
    op.create_index("ix_deletions_kind_subject", "deletions", ["kind", "subject"])
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
    )
    on_postgresql = op.get_bind().dialect.name == "postgresql"
    for statement in _POSTGRESQL if on_postgresql else _SQLITE:
        op.execute(statement)


def downgrade() -> None:
    """Takes the change back."""
    for table in ("heartbeats", "deletions", "holds", "recordings"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION deletions_refuse()")
