"""What a server's catalogue says of the tables of a store, held against the statements that made them, to the letter.

Both are brought into the same form: one line for each table, column, constraint, index, trigger and function. What else was put
on one of the tables (a rule, a policy, a trigger) is a line that no statement explains.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from infrastructure import schema
from infrastructure.connection import Connection

_OURS = """WITH ours AS (
    SELECT c.oid, c.relname, c.relkind, c.relpersistence, c.relrowsecurity, c.relnamespace FROM pg_class c
    WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND c.relname IN ({tables})
    AND c.relnamespace = (SELECT relnamespace FROM pg_class WHERE oid = to_regclass('entries')))
"""

_LINES = (
    """SELECT CASE WHEN relkind = 'r' AND relpersistence = 'p' THEN 'CREATE TABLE ' ELSE 'ANOTHER KIND OF TABLE ' END || relname
    || CASE WHEN relrowsecurity THEN ' WITH ROW SECURITY' ELSE '' END
    || CASE WHEN EXISTS (SELECT 1 FROM pg_inherits WHERE inhparent = oid OR inhrelid = oid) THEN ' WITH INHERITANCE' ELSE '' END
    FROM ours""",
    """SELECT relname || ' ' || a.attname
    || ' ' || replace(upper(format_type(a.atttypid, a.atttypmod)), 'CHARACTER VARYING', 'VARCHAR')
    || CASE WHEN a.attcollation <> t.typcollation THEN ' COLLATE "' || l.collname || '"' ELSE '' END
    || CASE WHEN a.attnotnull THEN ' NOT NULL' ELSE '' END
    || CASE WHEN a.atthasdef OR a.attidentity <> '' OR a.attgenerated <> '' THEN ' WITH A VALUE OF ITS OWN' ELSE '' END
    FROM ours JOIN pg_attribute a ON a.attrelid = ours.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid LEFT JOIN pg_collation l ON l.oid = a.attcollation""",
    """SELECT relname || ' CONSTRAINT ' || conname || ' ' || pg_get_constraintdef(c.oid)
    || CASE WHEN convalidated THEN '' ELSE ' NOT VALID' END
    FROM ours JOIN pg_constraint c ON conrelid = ours.oid WHERE contype <> 'n'""",
    """SELECT replace(pg_get_indexdef(i.indexrelid, 0, true), ' USING btree', '')
    || CASE WHEN indisvalid THEN '' ELSE ' NOT VALID' END
    FROM ours JOIN pg_index i ON i.indrelid = ours.oid
    WHERE NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = i.indexrelid)""",
    """SELECT pg_get_triggerdef(t.oid, true) || CASE WHEN tgenabled IN ('O', 'A') THEN '' ELSE ' SWITCHED OFF' END
    FROM ours JOIN pg_trigger t ON tgrelid = ours.oid WHERE NOT tgisinternal""",
    "SELECT 'CREATE RULE ' || rulename || ' ON ' || relname FROM ours JOIN pg_rewrite ON ev_class = ours.oid WHERE relkind = 'r'",
    "SELECT 'CREATE POLICY ' || polname || ' ON ' || relname FROM ours JOIN pg_policy ON polrelid = ours.oid",
    """SELECT 'CREATE FUNCTION ' || proname || '() RETURNS ' || format_type(prorettype, NULL) || ' LANGUAGE ' || lanname || ' AS '
    || quote_literal(prosrc) || CASE WHEN prosecdef OR proconfig IS NOT NULL THEN ' WITH SETTINGS' ELSE '' END
    FROM pg_proc JOIN pg_language l ON l.oid = prolang
    WHERE proname IN ({functions}) AND pronamespace = (SELECT relnamespace FROM ours WHERE relname = 'entries')""",
)
"""Each gives the lines of one kind of thing, as the statements of `schema` write them, with a mark for what they never say."""


def differences(connection: Connection, version: int) -> Iterator[str]:
    """What of the schema of a version is missing or other than it was made, and what was put on its tables."""
    expected = {schema.plain(line): line for line in _expected(version)}
    there = {schema.plain(line): line for line in _there(connection, version)}
    for plain, line in there.items():
        if plain not in expected:
            yield f"its schema was changed: {line} was not made by this program"
    for plain, line in expected.items():
        if plain not in there:
            yield f"its schema was changed: {line} is missing"


def _there(connection: Connection, version: int) -> Iterator[str]:
    names = {kind: ", ".join(f"'{name}'" for name in _named(kind, version)) for kind in ("TABLE", "FUNCTION")}
    for query in _LINES:
        text = (_OURS + query).format(tables=names["TABLE"], functions=names["FUNCTION"])
        yield from (line for (line,) in connection.rows(text))


def _expected(version: int) -> Iterator[str]:
    for statement in _standing(version):
        table = re.fullmatch(r"CREATE TABLE (\w+) \((.*)\)", statement, re.DOTALL)
        if table is None:
            yield statement
            continue
        yield f"CREATE TABLE {table[1]}"
        # A comma between columns, not one within brackets.
        yield from (f"{table[1]} {line.strip()}" for line in re.split(r",\s*(?![^(]*\))", table[2]))


def _standing(version: int) -> list[str]:
    """The statements whose work is there once a version is made: what later ones drop is not."""
    made = [text for text in schema.statements(schema.POSTGRESQL, version) if not text.startswith(("INSERT", "CREATE VIEW"))]
    dropped = {tuple(text.split()[1:3]) for text in made if text.startswith("DROP")}
    return [text for text in made if not text.startswith("DROP") and tuple(text.split()[1:3]) not in dropped]


def _named(kind: str, version: int) -> list[str]:
    return [text.split()[2].removesuffix("()") for text in _standing(version) if text.split()[1] == kind]
