"""Migrations of a store's schema, run by alembic; `infrastructure.schema` has what each version adds."""
