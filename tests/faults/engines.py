"""The two engines in the hands of somebody who owns the store: their tables, keys and objects, read from the store itself."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path
from typing import Any, Protocol

import attrs
import psycopg

from tests import postgresql

Row = tuple[Any, ...]


@attrs.frozen
class Shape:
    """A table: its columns, and those of its key."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]


class Hand(Protocol):
    """A connection that no trigger stands in the way of. What a key or a type refuses raises `refusals`."""

    def rows(self, shape: Shape) -> list[Row]:
        """All rows of a table, in order of its key."""

    def run(self, statement: str, *given: Any) -> None:
        """Run a statement, its values marked by `?`."""


class Engine(Protocol):
    """How a store of one engine is copied, and taken in hand."""

    refusals: tuple[type[Exception], ...]

    def copy(self) -> str:
        """The location of a new copy of the store."""

    def drop(self, location: str) -> None:
        """Remove a copy."""

    def hand(self, location: str, *, unguarded: bool = True) -> Any:
        """A context with a `Hand`, the triggers out of its way or as they are."""

    def shapes(self, location: str) -> list[Shape]:
        """The tables of a store."""

    def schema_changes(self, location: str) -> dict[str, tuple[str, ...]]:
        """Ways to change each object of the schema: in words, and the statements."""


# --- SQLite -----------------------------------------------------------------------------------------------------------


@attrs.frozen
class _FileHand:
    connection: sqlite3.Connection

    def rows(self, shape: Shape) -> list[Row]:
        return self.connection.execute(f"SELECT * FROM {shape.name} ORDER BY {', '.join(shape.key)}").fetchall()

    def run(self, statement: str, *given: Any) -> None:
        self.connection.execute(statement, given)


@attrs.define
class Files:
    """A store in a file."""

    pristine: Path
    refusals: tuple[type[Exception], ...] = (sqlite3.IntegrityError,)
    _numbers: Iterator[int] = attrs.field(factory=count)

    def copy(self) -> str:
        copy = self.pristine.with_name(f"copy-{next(self._numbers)}.db")
        shutil.copy(self.pristine, copy)
        return str(copy)

    def drop(self, location: str) -> None:
        for suffix in ("", "-wal", "-shm"):
            Path(location + suffix).unlink(missing_ok=True)

    @contextmanager
    def hand(self, location: str, *, unguarded: bool = True) -> Iterator[_FileHand]:
        with closing(sqlite3.connect(location, isolation_level=None)) as connection:
            connection.execute("PRAGMA synchronous = OFF")
            triggers = connection.execute(
                "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND ?", (unguarded,)
            ).fetchall()
            for name, _ in triggers:
                connection.execute(f"DROP TRIGGER {name}")
            yield _FileHand(connection)
            for _, text in triggers:
                connection.execute(text)

    def shapes(self, location: str) -> list[Shape]:
        with closing(sqlite3.connect(location)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'")
            return [self._shape(connection, name) for (name,) in names.fetchall()]

    @staticmethod
    def _shape(connection: sqlite3.Connection, table: str) -> Shape:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        keys = sorted((place, name) for _, name, _, _, _, place in columns if place)
        return Shape(table, tuple(name for _, name, *_ in columns), tuple(name for _, name in keys))

    def schema_changes(self, location: str) -> dict[str, tuple[str, ...]]:
        changes: dict[str, tuple[str, ...]] = {
            "a table added": ("CREATE TABLE more (a)",),
            "a view added": ("CREATE VIEW more AS SELECT 1",),
            "a trigger added": ("CREATE TRIGGER more AFTER INSERT ON entries BEGIN SELECT 1; END",),
            "an index added": ("CREATE INDEX more ON entries (source)",),
            "another version in the header": ("PRAGMA user_version = 1",),
        }
        with closing(sqlite3.connect(location)) as connection:
            made = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        for kind, name, table, text in made:
            changes[f"{kind} {name} removed"] = (f"DROP {kind} {name}",)
            changes |= {f"{kind} {name}: {what}": change for what, change in _replaced(kind, name, table, text).items()}
        return changes


def _replaced(kind: str, name: str, table: str, text: str) -> dict[str, tuple[str, ...]]:
    """An object of a file replaced by another one of its name."""
    if kind == "table":
        return {
            "a column added": (f"ALTER TABLE {name} ADD COLUMN more TEXT DEFAULT 'x'",),
            "renamed": (f"ALTER TABLE {name} RENAME TO renamed",),
        }
    another = {
        "trigger": f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END",
        "index": f"CREATE INDEX {name} ON {table} (issuer)",
        "view": f"CREATE VIEW {name} AS SELECT 1",
    }[kind]
    changes = {"replaced": (f"DROP {kind} {name}", another)}
    if "'" in text:
        # One letter within a literal, and nothing else.
        before, literal, after = text.partition("'")
        changes["one letter changed"] = (f"DROP {kind} {name}", before + literal + after[0].swapcase() + after[1:])
    return changes


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


@attrs.frozen
class _ServerHand:
    connection: psycopg.Connection

    def rows(self, shape: Shape) -> list[Row]:
        return self.connection.execute(f"SELECT * FROM {shape.name} ORDER BY {', '.join(shape.key)}".encode()).fetchall()

    def run(self, statement: str, *given: Any) -> None:
        self.connection.execute(statement.replace("?", "%s").encode(), given or None)


@attrs.define
class Databases:
    """A store in a database."""

    pristine: str
    refusals: tuple[type[Exception], ...] = (psycopg.errors.IntegrityError, psycopg.errors.DataError)

    def copy(self) -> str:
        return postgresql.copied(self.pristine)

    def drop(self, location: str) -> None:
        postgresql.drop(location)

    @contextmanager
    def hand(self, location: str, *, unguarded: bool = True) -> Iterator[_ServerHand]:
        with psycopg.connect(location, autocommit=True) as connection:
            if unguarded:
                connection.execute("SET session_replication_role = replica")
            yield _ServerHand(connection)

    def shapes(self, location: str) -> list[Shape]:
        query = (
            "SELECT c.relname, array_agg(a.attname ORDER BY a.attnum), array_agg(a.attname ORDER BY a.attnum) "
            "FILTER (WHERE a.attnum = ANY (i.indkey)) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
            "LEFT JOIN pg_index i ON i.indrelid = c.oid AND i.indisprimary "
            "WHERE c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace GROUP BY c.relname ORDER BY 1"
        )
        with psycopg.connect(location) as connection:
            return [Shape(name, tuple(columns), tuple(key or ())) for name, columns, key in connection.execute(query)]

    def schema_changes(self, location: str) -> dict[str, tuple[str, ...]]:
        nothing = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
        changes: dict[str, tuple[str, ...]] = {
            "a trigger added": (
                nothing,
                "CREATE TRIGGER more BEFORE INSERT ON entries FOR EACH STATEMENT EXECUTE FUNCTION nothing()",
            ),
            "a rule added": ("CREATE RULE more AS ON UPDATE TO entries DO INSTEAD NOTHING",),
            "a policy added": (
                "ALTER TABLE entries ENABLE ROW LEVEL SECURITY",
                "CREATE POLICY more ON entries USING (number < 9)",
            ),
            "an index added": ("CREATE INDEX more ON entries (source)",),
        }
        with psycopg.connect(location) as connection:
            for kind, name, table in connection.execute(_OBJECTS).fetchall():
                changes |= {f"{kind} {name}: {what}": change for what, change in _altered(kind, name, table).items()}
        return changes


_OBJECTS = """
    SELECT 'table', relname, relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'view', relname, relname FROM pg_class WHERE relkind = 'v' AND relnamespace = 'public'::regnamespace
    UNION ALL SELECT 'trigger', tgname, tgrelid::regclass::text FROM pg_trigger WHERE NOT tgisinternal
    UNION ALL SELECT 'function', proname, '' FROM pg_proc WHERE pronamespace = 'public'::regnamespace
    UNION ALL SELECT 'constraint', conname, conrelid::regclass::text FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
    UNION ALL SELECT 'index', c.relname, i.indrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = 'public'::regnamespace AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = c.oid)
"""


def _altered(kind: str, name: str, table: str) -> dict[str, tuple[str, ...]]:
    nothing = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    removed = {"constraint": f"ALTER TABLE {table} DROP CONSTRAINT {name}", "trigger": f"DROP TRIGGER {name} ON {table}"}
    changes = {"removed": (removed.get(kind, f"DROP {kind} {name} CASCADE"),)}
    match kind:
        case "table":
            changes["a column added"] = (f"ALTER TABLE {name} ADD COLUMN more TEXT DEFAULT 'x'",)
            changes["renamed"] = (f"ALTER TABLE {name} RENAME TO renamed",)
            changes["unlogged"] = (f"ALTER TABLE {name} SET UNLOGGED",)
        case "trigger":
            changes["switched off"] = (f"ALTER TABLE {table} DISABLE TRIGGER {name}",)
            another = f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION nothing()"
            changes["replaced"] = (nothing, removed[kind], another)
        case "function":
            body = f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
            changes["replaced"] = (body,)
            changes["made to run as its owner"] = (f"ALTER FUNCTION {name}() SECURITY DEFINER",)
        case "index":
            changes["replaced"] = (f"DROP INDEX {name}", f"CREATE INDEX {name} ON {table} (issuer)")
        case "view":
            changes["replaced"] = (f"DROP VIEW {name} CASCADE", f"CREATE VIEW {name} AS SELECT 1 AS one")
    return changes


def where(shape: Shape) -> str:
    """What picks one row by its key."""
    return " AND ".join(f"{name} = ?" for name in shape.key)


def key_of(shape: Shape, row: Sequence[Any]) -> list[Any]:
    """The key of a row."""
    return [row[shape.columns.index(name)] for name in shape.key]
