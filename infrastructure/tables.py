"""The tables: one, of entries, that is only ever added to. Every key leads with the issuer.

Statements that run once per entry are compiled here once, to the driver's own text; the rest is built where used.
"""

from __future__ import annotations

from sqlalchemy import Column, Integer, LargeBinary, MetaData, PrimaryKeyConstraint, Table, Text, UniqueConstraint

metadata = MetaData()

entries = Table(
    "entries",
    metadata,
    Column("issuer", Text, nullable=False),
    Column("number", Integer, nullable=False),
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
    PrimaryKeyConstraint("issuer", "number", name="entry_number"),
    UniqueConstraint("issuer", "stream", "version", name="entry_version"),
    UniqueConstraint("issuer", "command_id", name="entry_command"),
    # An entry can be replaced once; entries that replace nothing do not meet here, since nulls are distinct.
    UniqueConstraint("issuer", "replaces", name="entry_replaces"),
    sqlite_with_rowid=False,
)

COLUMNS: tuple[str, ...] = tuple(column.name for column in entries.columns)
"""The columns in the order in which rows are written and hashed; `hash` is the last and not part of itself."""
