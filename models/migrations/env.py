"""Run by Alembic: applies the migrations on the connection that `models.schema` hands in."""

from alembic import context

from models.rows import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    render_as_batch=True,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
