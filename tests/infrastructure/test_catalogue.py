"""The schema on a server is held against the statements that make it, to the letter."""

from __future__ import annotations

import pytest

from domain.errors import StoreDamaged
from infrastructure.event_store import open_store
from tests import postgresql
from tests.conftest import ticking

NOTHING = "CREATE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
WITHOUT_VIEWS = "DROP VIEW IF EXISTS v_balances_today, v_accounts_today, v_postings, v_entries"
CHANGES = {
    "a function that lets pass": (
        "CREATE OR REPLACE FUNCTION captable_refuses() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'",
        "CREATE FUNCTION captable_refuses",
    ),
    "a function with settings": ("ALTER FUNCTION captable_refuses() SECURITY DEFINER", "CREATE FUNCTION captable_refuses"),
    "a trigger switched off": ("ALTER TABLE entries DISABLE TRIGGER entries_are_never_changed", "entries_are_never_changed"),
    "a trigger of another function": (
        f"{NOTHING}; DROP TRIGGER entries_are_never_changed ON entries; CREATE TRIGGER entries_are_never_changed "
        "BEFORE UPDATE ON entries FOR EACH STATEMENT EXECUTE FUNCTION nothing()",
        "entries_are_never_changed",
    ),
    "a trigger more": (
        f"{NOTHING}; CREATE TRIGGER more BEFORE INSERT ON entries FOR EACH ROW EXECUTE FUNCTION nothing()",
        "CREATE TRIGGER more",
    ),
    "a rule": ("CREATE RULE more AS ON DELETE TO entries DO INSTEAD NOTHING", "CREATE RULE more"),
    "a policy": ("CREATE POLICY more ON entries USING (number < 9)", "CREATE POLICY more"),
    "row security": ("ALTER TABLE entries ENABLE ROW LEVEL SECURITY", "CREATE TABLE entries WITH ROW SECURITY"),
    "a table that shares its rows": ("CREATE TABLE more () INHERITS (entries)", "CREATE TABLE entries WITH INHERITANCE"),
    "a table that is emptied by a crash": ("ALTER TABLE entries SET UNLOGGED", "ANOTHER KIND OF TABLE entries"),
    "a column more": ("ALTER TABLE entries ADD COLUMN more TEXT", "entries more TEXT was not made by this program"),
    "a column with a value of its own": ("ALTER TABLE entries ALTER COLUMN source SET DEFAULT 'x'", "source TEXT"),
    "a column of another type": (
        f"{WITHOUT_VIEWS}; ALTER TABLE entries ALTER COLUMN replaces TYPE NUMERIC",
        "entries replaces NUMERIC",
    ),
    "a column in another order": (
        f'{WITHOUT_VIEWS}; ALTER TABLE entries ALTER COLUMN source TYPE TEXT COLLATE "default"',
        "entries source TEXT was",
    ),
    "a key less": ("ALTER TABLE entries DROP CONSTRAINT entry_command", "CONSTRAINT entry_command"),
    "an index of other columns": ("DROP INDEX entry_times; CREATE INDEX entry_times ON entries (issuer)", "entry_times"),
    "an index more": ("CREATE INDEX more ON entries (lower(source))", "CREATE INDEX more"),
    "two versions": ("INSERT INTO captable_version VALUES ('9')", "captable_version does not say version"),
}


def test_a_schema_as_it_was_made_is_whole(server):
    open_store(server, clock=ticking(), create=True).close()
    with open_store(server, clock=ticking()) as store:
        assert store.verified() == {}


def test_a_version_that_is_no_number_is_damage(server):
    open_store(server, clock=ticking(), create=True).close()
    postgresql.run("UPDATE captable_version SET version_num = '2x'", server)
    with pytest.raises(StoreDamaged, match="captable_version says '2x'"):
        open_store(server, clock=ticking())


@pytest.mark.parametrize("what", CHANGES)
def test_a_change_of_the_schema_is_damage_and_named(server, what):
    statements, named = CHANGES[what]
    open_store(server, clock=ticking(), create=True).close()
    postgresql.run(statements, server)
    with open_store(server, clock=ticking()) as store, pytest.raises(StoreDamaged, match=named):
        store.verified()
