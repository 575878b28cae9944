"""The signature: what was shown and drawn, events at links, codes, signed documents.

A signature made before has no document: what was shown to its signer is not on file.
"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002_signature"
down_revision: str | Sequence[str] | None = "0001"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    """Applies the change."""
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        for name, kind, filled in (
            ("order_payload", sa.String(), ""),
            ("shown", sa.JSON(), "{}"),
            ("lang", sa.String(), "zh"),
            ("mobile", sa.String(), ""),
        ):
            batch_op.add_column(sa.Column(name, kind, nullable=False, server_default=filled))
        batch_op.add_column(sa.Column("drawing", sa.JSON(none_as_null=True), nullable=True))
        batch_op.add_column(
            sa.Column("mobile_proven_at", sa.DateTime(timezone=True), nullable=True)
        )
    op.create_table(
        "link_events",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ip", sa.String(), nullable=False),
        sa.Column("user_agent", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_link_events_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_events")),
        sa.UniqueConstraint("key", name=op.f("uq_link_events_key")),
    )
    op.create_index(op.f("ix_link_events_order_id"), "link_events", ["order_id"])
    op.create_table(
        "sign_codes",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("wrong_tries", sa.Integer(), nullable=False),
        sa.Column("proven_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["token_hash"], ["links.token_hash"], name=op.f("fk_sign_codes_token_hash_links")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_codes")),
        sa.UniqueConstraint("nonce", name=op.f("uq_sign_codes_nonce")),
    )
    op.create_index(op.f("ix_sign_codes_token_hash"), "sign_codes", ["token_hash"])
    op.create_table(
        "signed_papers",
        sa.Column("order_id", sa.String(), nullable=False),
        sa.Column("order_version", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["order_id"], ["orders.id"], name=op.f("fk_signed_papers_order_id_orders")
        ),
        sa.PrimaryKeyConstraint("order_id", "order_version", name=op.f("pk_signed_papers")),
    )
    op.create_index(op.f("ix_signed_papers_sha256"), "signed_papers", ["sha256"])


def downgrade() -> None:
    """Takes the change back; the signed documents are lost."""
    op.drop_table("signed_papers")
    op.drop_table("sign_codes")
    op.drop_table("link_events")
    with op.batch_alter_table("signatures", schema=None) as batch_op:
        for name in ("mobile_proven_at", "drawing", "mobile", "lang", "shown", "order_payload"):
            batch_op.drop_column(name)
