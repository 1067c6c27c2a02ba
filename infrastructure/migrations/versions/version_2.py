"""Version 2: the tables derived from entries, an index on the time of recording, and views for queries."""

from __future__ import annotations

from alembic import op

from infrastructure import schema

revision = "2"
down_revision = "1"


def upgrade() -> None:
    """Make the tables, empty: a book is folded until they are filled."""
    for statement in schema.step(op.get_context().dialect.name, 2):
        op.execute(statement)
