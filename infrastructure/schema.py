"""The schema of a store, version by version, in each engine's words.

What a version once made stays as it is written here: stores of that version are compared with it, and brought on by
the versions after it. A change is a new version. Every key leads with the issuer.
"""

from __future__ import annotations

import re
from string import Template

VERSION = 5
"""The version of the stores that this program writes."""

OLDER = "{name} is a store of version {version}, which is read and not written; captable admin upgrade upgrades it"
"""What is said of a store of an earlier version that is to be written."""

SQLITE, POSTGRESQL = "sqlite", "postgresql"

_TYPES: dict[str, dict[str, str]] = {
    SQLITE: {"text": "TEXT", "whole": "INTEGER", "blob": "BLOB", "exact": "TEXT", "clustered": " WITHOUT ROWID"},
    # Without the database's own collation, so that order of text is order of bytes, as on SQLite.
    POSTGRESQL: {"text": 'TEXT COLLATE "C"', "whole": "BIGINT", "blob": "BYTEA", "exact": "NUMERIC", "clustered": ""},
}

_ENTRIES = """CREATE TABLE entries (
    issuer $text NOT NULL,
    number $whole NOT NULL,
    stream $text NOT NULL,
    version $whole NOT NULL,
    type $text NOT NULL,
    payload $blob NOT NULL,
    effective_on $text NOT NULL,
    recorded_at $text NOT NULL,
    recorded_by $text NOT NULL,
    source $text,
    replaces $whole,
    command_id $text NOT NULL,
    hash $blob NOT NULL,
    CONSTRAINT entry_number PRIMARY KEY (issuer, number),
    CONSTRAINT entry_version UNIQUE (issuer, stream, version),
    CONSTRAINT entry_command UNIQUE (issuer, command_id),
    CONSTRAINT entry_replaces UNIQUE (issuer, replaces)
)$clustered"""

COLUMNS = (
    "issuer", "number", "stream", "version", "type", "payload", "effective_on", "recorded_at", "recorded_by", "source",
    "replaces", "command_id", "hash",
)  # fmt: skip
"""The columns of entries in the order in which rows are written and hashed; `hash` is the last and not part of itself."""

TRIGGERS: tuple[str, ...] = (
    "CREATE TRIGGER entries_are_never_changed BEFORE UPDATE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'entries are never changed: record a correction'); END",
    "CREATE TRIGGER entries_are_never_removed BEFORE DELETE ON entries "
    "BEGIN SELECT RAISE(ABORT, 'entries are never removed: withdraw them'); END",
    # INSERT OR REPLACE removes rows without asking the trigger above.
    "CREATE TRIGGER entries_are_never_overwritten BEFORE INSERT ON entries "
    "WHEN EXISTS (SELECT 1 FROM entries WHERE issuer = NEW.issuer AND number = NEW.number) "
    "OR EXISTS (SELECT 1 FROM entries WHERE issuer = NEW.issuer AND stream = NEW.stream AND version = NEW.version) "
    "OR EXISTS (SELECT 1 FROM entries WHERE issuer = NEW.issuer AND command_id = NEW.command_id) "
    "OR EXISTS (SELECT 1 FROM entries WHERE issuer = NEW.issuer AND replaces = NEW.replaces) "
    "BEGIN SELECT RAISE(ABORT, 'entries are never overwritten: the number, version, command or replacement is taken'); END",
)
"""What SQLite refuses to do to entries."""

_REFUSAL = """CREATE FUNCTION captable_refuses() RETURNS trigger LANGUAGE plpgsql AS
'BEGIN RAISE EXCEPTION ''%'', TG_ARGV[0] USING ERRCODE = ''restrict_violation''; END'"""

_POSTGRESQL_TRIGGERS: tuple[str, ...] = (
    _REFUSAL,
    *(
        f"CREATE TRIGGER entries_are_never_{done} BEFORE {act} ON entries FOR EACH STATEMENT "
        f"EXECUTE FUNCTION captable_refuses('entries are never {done}: {instead}')"
        for act, done, instead in (
            ("UPDATE", "changed", "record a correction"),
            ("DELETE", "removed", "withdraw them"),
            ("TRUNCATE", "emptied", "withdraw them"),
        )
    ),
)

_TABLES = (
    # N(T), the last entry known at an instant, is one step in this index.
    "CREATE INDEX entry_times ON entries (issuer, recorded_at, number)",
    # A delta that 64 bits cannot hold stands in `big`, and `delta` is null.
    """CREATE TABLE postings (
    issuer $text NOT NULL,
    number $whole NOT NULL,
    book $text NOT NULL,
    code $text NOT NULL,
    name $text NOT NULL,
    effective_on $text NOT NULL,
    delta $whole,
    big $exact,
    CONSTRAINT posting PRIMARY KEY (issuer, number, book, code, name, effective_on)
)$clustered""",
    # The entries that establish facts: few, and enough to know what classes, schemes and mandates there are.
    """CREATE TABLE standing (
    issuer $text NOT NULL,
    number $whole NOT NULL,
    CONSTRAINT standing_entry PRIMARY KEY (issuer, number)
)$clustered""",
    # How far the tables are: rows of entries up to `number`, checkpoints up to `sealed`.
    """CREATE TABLE progress (
    issuer $text NOT NULL,
    number $whole NOT NULL,
    sealed $whole NOT NULL,
    CONSTRAINT progress_of_book PRIMARY KEY (issuer)
)$clustered""",
    """CREATE TABLE accounts (
    issuer $text NOT NULL,
    book $text NOT NULL,
    code $text NOT NULL,
    name $text NOT NULL,
    CONSTRAINT account PRIMARY KEY (issuer, book, code, name)
)$clustered""",
    # Of the `size` entries that end with `last`: what an account is more from a day on, running over the days.
    """CREATE TABLE checkpoints (
    issuer $text NOT NULL,
    last $whole NOT NULL,
    size $whole NOT NULL,
    book $text NOT NULL,
    code $text NOT NULL,
    name $text NOT NULL,
    effective_on $text NOT NULL,
    total $text NOT NULL,
    CONSTRAINT checkpoint PRIMARY KEY (issuer, last, size, book, code, name, effective_on)
)$clustered""",
)

DERIVED = ("carried_forward",)
"""Tables that can be emptied and rebuilt from the entries."""

_CARRIED = (
    # A version 2 kept what it derived in five tables, and views over them.
    *(f"DROP VIEW {name}" for name in ("v_balances_today", "v_accounts_today", "v_postings", "v_entries")),
    *(f"DROP TABLE {name}" for name in ("checkpoints", "accounts", "standing", "postings", "progress")),
    "CREATE INDEX entry_days ON entries (issuer, effective_on, number)",
    "CREATE INDEX entry_types ON entries (issuer, type, number)",
    # The position at close of a day, for who knows the entries from `number` on until that before `ended_by`.
    """CREATE TABLE carried_forward (
    issuer $text NOT NULL,
    as_of $text NOT NULL,
    number $whole NOT NULL,
    ended_by $whole,
    position $blob NOT NULL,
    digest $blob NOT NULL,
    CONSTRAINT carried PRIMARY KEY (issuer, as_of, number)
)""",
)

_TOKENS = """CREATE TABLE tokens (
    id $text NOT NULL,
    name $text NOT NULL,
    scope $text NOT NULL,
    issuers $text NOT NULL,
    created_at $text NOT NULL,
    expires_at $text NOT NULL,
    revoked_at $text,
    digest $text NOT NULL,
    CONSTRAINT token PRIMARY KEY (id)
)"""

VERSION_TABLE_NAME = "captable_version"
VERSION_TABLE = (
    f"CREATE TABLE {VERSION_TABLE_NAME} "
    f"(version_num VARCHAR(32) NOT NULL, CONSTRAINT {VERSION_TABLE_NAME}_pkc PRIMARY KEY (version_num))"
)
"""Where a store says its version. Files of version 1 have none, and every file says it in its header too."""

_EXPRESSIONS: dict[str, dict[str, str]] = {
    SQLITE: {
        "json": "CAST(e.payload AS TEXT)",
        "today": "date('now', '+8 hours')",
        # Beyond 64 bits SQLite can add no numbers exactly; then it says nothing rather than something near it.
        "delta": "p.delta",
        "sum": "CASE WHEN COUNT(p.big) = 0 THEN SUM(p.delta) END",
    },
    POSTGRESQL: {
        "json": "convert_from(e.payload, 'UTF8')",
        "today": "to_char(now() AT TIME ZONE 'Asia/Hong_Kong', 'YYYY-MM-DD')",
        "delta": "COALESCE(p.big, p.delta)",
        "sum": "SUM(COALESCE(p.big, p.delta))",
    },
}

_VIEW_TEXTS = (
    "CREATE VIEW v_entries AS SELECT e.issuer, e.number, substr(e.type, 10, length(e.type) - 12) AS event, e.effective_on, "
    "e.recorded_at, e.recorded_by, e.source, e.replaces, r.number AS replaced_by, "
    "CASE WHEN r.number IS NULL AND e.type <> 'captable.EntryWithdrawn.v1' THEN 1 ELSE 0 END AS in_effect, "
    "$json AS payload, e.command_id "
    "FROM entries e LEFT JOIN entries r ON r.issuer = e.issuer AND r.replaces = e.number",
    "CREATE VIEW v_postings AS SELECT p.issuer, p.number, e.recorded_at, p.effective_on, p.book, p.code, p.name, $delta AS delta "
    "FROM postings p JOIN entries e ON e.issuer = p.issuer AND e.number = p.number",
    "CREATE VIEW v_accounts_today AS SELECT p.issuer, p.book, p.code, p.name, $sum AS total "
    "FROM postings p WHERE p.effective_on <= $today GROUP BY p.issuer, p.book, p.code, p.name",
    "CREATE VIEW v_balances_today AS SELECT a.issuer, a.code AS share_class, "
    "SUM(CASE WHEN a.name <> 'authority' THEN a.total ELSE 0 END) AS authorised, "
    "SUM(CASE WHEN a.name IN ('held', 'pending_cancellation') THEN a.total ELSE 0 END) AS issued_excluding_treasury, "
    "SUM(CASE WHEN a.name = 'treasury' THEN a.total ELSE 0 END) AS treasury, "
    "SUM(CASE WHEN a.name IN ('held', 'pending_cancellation', 'treasury') THEN a.total ELSE 0 END) AS total_issued, "
    "SUM(CASE WHEN a.name = 'pending_cancellation' THEN a.total ELSE 0 END) AS pending_cancellation "
    "FROM v_accounts_today a WHERE a.book = 'shares' GROUP BY a.issuer, a.code",
)

# A position carried forward says more since version 4, and since version 5: the tables are those of version 3, and the rows are
# made again.
_STEPS: dict[int, tuple[str, ...]] = {1: (_ENTRIES,), 2: (*_TABLES, *_VIEW_TEXTS), 3: (*_CARRIED, _TOKENS), 4: (), 5: ()}
_GUARDS = {SQLITE: TRIGGERS, POSTGRESQL: _POSTGRESQL_TRIGGERS}


def step(engine: str, version: int) -> tuple[str, ...]:
    """The statements that lead to a version from the one before, for an engine."""
    words = {**_TYPES[engine], **_EXPRESSIONS[engine]}
    statements = tuple(Template(text).substitute(words) for text in _STEPS[version])
    return statements + (_GUARDS[engine] if version == 1 else ())


def steps(engine: str, before: int) -> tuple[str, ...]:
    """The statements that bring a store of an earlier version on to the present one."""
    # Files of version 1 say their version in their header only.
    table = (VERSION_TABLE, _said(before)) if (engine, before) == (SQLITE, 1) else ()
    made = (text for version in range(before + 1, VERSION + 1) for text in step(engine, version))
    header = (f"PRAGMA user_version = {VERSION}",) if engine == SQLITE else ()
    return (*table, *made, f"UPDATE {VERSION_TABLE_NAME} SET version_num = '{VERSION}'", *header)  # noqa: S608


def _said(version: int) -> str:
    return f"INSERT INTO {VERSION_TABLE_NAME} (version_num) VALUES ('{version}')"  # noqa: S608


def statements(engine: str, version: int = VERSION) -> tuple[str, ...]:
    """The statements that make a store of a version out of nothing."""
    made = tuple(text for each in range(1, version + 1) for text in step(engine, each))
    if version == 1 and engine == SQLITE:
        return made
    return (VERSION_TABLE, _said(version), *made)


def plain(statement: str) -> str:
    """A statement without what makes no difference: blanks, and the case of letters, outside of literals."""
    return "".join(part if place % 2 else "".join(part.split()).lower() for place, part in enumerate(_LITERALS.split(statement)))


_LITERALS = re.compile(r"('(?:[^']|'')*')")
