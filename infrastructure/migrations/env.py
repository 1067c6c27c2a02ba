"""How alembic runs the migrations: on the connection given, within its transaction."""

from __future__ import annotations

from alembic import context

from infrastructure.schema import VERSION_TABLE_NAME

context.configure(connection=context.config.attributes["connection"], version_table=VERSION_TABLE_NAME)
context.run_migrations()
