"""The table of entries as SQLAlchemy Core names it; `schema` says how each engine makes it."""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from infrastructure.schema import COLUMNS

__all__ = ["COLUMNS", "entries"]

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("issuer", Text, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("stream", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("type", Text, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("effective_on", Text, nullable=False),
    Column("recorded_at", Text, nullable=False),
    Column("recorded_by", Text, nullable=False),
    Column("source", Text),
    Column("replaces", Integer),
    Column("command_id", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)
