"""Version 1: the table of entries, which is only ever added to."""

from __future__ import annotations

from alembic import op

from infrastructure import schema

revision = "1"
down_revision = None


def upgrade() -> None:
    """Make the table and what protects it."""
    for statement in schema.step(op.get_context().dialect.name, 1):
        op.execute(statement)
