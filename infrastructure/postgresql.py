"""A store on a PostgreSQL server, as a Database: connecting, making the schema, and roles.

Plain tables, keys and triggers only: nothing here locks a table, listens or takes an advisory lock, so that engines
that speak PostgreSQL's protocol have what it takes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache, partial
from logging import NullHandler, getLogger
from typing import Any

import attrs
import sqlalchemy
from sqlalchemy import Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError

from domain.errors import StoreDamaged, StoreUnusable
from infrastructure import catalogue, schema
from infrastructure.connection import Connection, Row
from infrastructure.database import Database
from infrastructure.postgresql_errors import ALREADY_THERE, DRIVER_ERROR, make_conninfo, sqlstate, store_error
from infrastructure.store_url import ENCODED, Place

PAGE = 5_000
"""How many rows a reading of a whole book fetches at a time."""

COPIED = 8
"""From this many rows on they are copied rather than inserted."""

CONNECT_SECONDS = 10
"""How long a server may take to answer, unless the URL says otherwise."""

REACHED = "captable_reached"
"""Under which name an engine keeps the hosts that it has connected to, the last one last."""

ATTEMPTS = 5
"""How often making the schema is tried while others make the same."""


def opened(place: Place, *, create: bool, writable: bool) -> Database:
    """The database at a URL. Raises StoreUnusable if it cannot be reached or holds no store."""
    engine = _engine(place)
    try:
        version = _version_of(place, engine, create=create)
        _check(place, version, writable=writable or create)
    except BaseException:
        engine.dispose()
        raise
    kept = engine if writable or create else engine.execution_options(postgresql_readonly=True)
    return _database(place, kept, version)


def is_empty(place: Place) -> bool:
    """Whether a server can be reached and holds no store yet."""
    engine = _engine(place)
    try:
        return _version_of(place, engine, create=False) == 0
    finally:
        engine.dispose()


@contextmanager
def altering(place: Place) -> Iterator[tuple[Database, Connection]]:
    """A store of any version, and a transaction in which its schema is changed."""
    engine = _engine(place)
    try:
        version = _version_of(place, engine, create=False)
        _check(place, version, writable=False)
        database = _database(place, engine, version)
        with database.writing() as connection:
            yield database, connection
    finally:
        engine.dispose()


def _database(place: Place, engine: Engine, version: int) -> Database:
    return Database(
        place.name, schema.POSTGRESQL, version, DRIVER_ERROR, partial(_explained, place, engine), _examine,
        partial(_begin, engine), engine.dispose,
    )  # fmt: skip


def _explained(place: Place, engine: Engine, error: BaseException, name: str) -> Exception:
    """What an error means; of several hosts, with the one that was connected to."""
    reached = engine.get_execution_options().get(REACHED, [])
    return store_error(error, f"{name} (on {reached[-1]})" if place.hosts > 1 and reached else name)


def _version_of(place: Place, engine: Engine, *, create: bool) -> int:
    with _database(place, engine, 0).explained(), _as_the_driver_said():
        return _version(engine) or (_made(engine) if create else 0)


@contextmanager
def _as_the_driver_said() -> Iterator[None]:
    """The driver's exceptions, and none of SQLAlchemy's around them."""
    try:
        yield
    except DBAPIError as error:
        raise (error.orig or error) from error


@contextmanager
def _begin(engine: Engine, *, writes: bool) -> Iterator[Connection]:
    with (
        _as_the_driver_said(),
        engine.execution_options(reads=not writes).connect() as connection,
        connection.begin() as transaction,
    ):
        yield ServerConnection(connection, transaction)


@attrs.frozen
class ServerConnection:
    """A transaction on a PostgreSQL server: SQLAlchemy's connection, asked through the driver."""

    core: sqlalchemy.Connection
    transaction: sqlalchemy.Transaction
    driver_error: type[Exception] = DRIVER_ERROR

    def rows(self, query: str, **given: object) -> Sequence[Row]:
        """The rows of a query, of which there are few."""
        with cursor(self.core) as driver:
            return list(driver.execute(compiled(query, self.core.dialect), given).fetchall())

    def stream(self, query: str, **given: object) -> Iterator[Row]:
        """The rows of a query one after the other, however many there are."""
        with cursor(self.core, "captable_rows") as driver:
            driver.itersize = PAGE
            driver.execute(compiled(query, self.core.dialect), given)
            yield from driver

    def do(self, statement: str, **given: object) -> int:
        """Run a statement; how many rows it was about."""
        with cursor(self.core) as driver:
            return int(driver.execute(compiled(statement, self.core.dialect), given).rowcount)

    def insert(self, table: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        """Add rows to a table, given the names of their columns."""
        named = ", ".join(columns)
        with cursor(self.core) as driver:
            if len(rows) < COPIED:
                marks = f"({', '.join(['%s'] * len(columns))})"
                values = ", ".join([marks] * len(rows))
                driver.execute(f"INSERT INTO {table} ({named}) VALUES {values}", [value for row in rows for value in row])  # noqa: S608
                return
            with driver.copy(f"COPY {table} ({named}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

    def explain(self, error: BaseException, name: str) -> Exception:
        """What an error of the server means for what is called `name`."""
        return store_error(error, name)

    def commit(self) -> None:
        """Make what was written last."""
        with _as_the_driver_said():
            self.transaction.commit()


# Its pool logs that a connection was broken off, as by Ctrl-C; what is to be said of it is the exception's.
getLogger("sqlalchemy.pool").addHandler(NullHandler())


@lru_cache(maxsize=256)
def compiled(query: str, dialect: sqlalchemy.Dialect) -> str:
    """A query in the driver's own way of naming parameters."""
    return str(text(query).compile(dialect=dialect))


def _engine(place: Place) -> Engine:
    try:
        make_conninfo(**place.server)
    except DRIVER_ERROR:
        # What the driver says names the option, and that may be the rest of a password that was not written as it must be.
        raise StoreUnusable(f"{place.name} has an option that PostgreSQL does not know; {ENCODED}") from None
    arguments = {"connect_timeout": CONNECT_SECONDS, **place.server}
    engine = create_engine("postgresql+psycopg://", pool_pre_ping=False, connect_args=arguments)
    reached: list[str] = []
    engine.update_execution_options(**{REACHED: reached})
    event.listen(engine, "do_connect", partial(_connected, place, reached))
    event.listen(engine, "engine_connect", _set_up)
    pool = engine.pool
    # What is still in use when the engine is let go of comes back to a pool that nobody empties any more.
    event.listen(pool, "checkin", lambda driver, _: None if engine.pool is pool or driver is None else driver.close())
    return engine


def _connected(place: Place, reached: list[str], dialect: Any, _: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
    """A connection to a database that can hold every name; its host goes into `reached`. Raises StoreUnusable."""
    driver = dialect.connect(*arguments, **named)
    encoding = driver.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        driver.close()
        raise StoreUnusable(f"{place.name} keeps text as {encoding}; a store needs a database made with ENCODING 'UTF8'")
    reached.append(f"{driver.info.host}:{driver.info.port}")
    return driver


def _set_up(connection: sqlalchemy.Connection) -> None:
    # Readers see one state throughout; writers take the isolation that the database or its role gives, up to SERIALIZABLE.
    if connection.get_execution_options().get("reads") and not connection.in_transaction():
        connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def _check(place: Place, version: int, *, writable: bool) -> None:
    if version == 0:
        raise StoreUnusable(f"there is no captable store at {place.name}; captable admin init makes one")
    if version > schema.VERSION:
        raise StoreUnusable(f"{place.name} is a store of version {version}; this program reads version {schema.VERSION}")
    if writable and version < schema.VERSION:
        raise StoreUnusable(schema.OLDER.format(name=place.name, version=version))


def _version(engine: Engine) -> int:
    """The version of the schema; 0 if there is none."""
    with engine.execution_options(reads=True).connect() as connection:
        if connection.exec_driver_sql("SELECT to_regclass('captable_version')").scalar() is None:
            return 0
        said = connection.exec_driver_sql("SELECT version_num FROM captable_version").scalar() or "0"
    if not (str(said).isascii() and str(said).isdecimal()):
        raise StoreDamaged(f"captable_version says {str(said)[:40]!r}, expected the number of a version")
    return int(said)


def _made(engine: Engine) -> int:
    """Make the schema, or find that somebody else has made it at the same time."""
    for attempt in range(ATTEMPTS):
        try:
            with engine.begin() as connection:
                make(connection)
        except (DBAPIError, DRIVER_ERROR) as error:
            if sqlstate(getattr(error, "orig", error)) not in ALREADY_THERE or attempt == ATTEMPTS - 1:
                raise
        if version := _version(engine):
            return version
    return 0


def make(connection: sqlalchemy.Connection, version: int = schema.VERSION) -> None:
    """Make the schema of a version in an empty database, in the transaction given."""
    run(connection, schema.statements(schema.POSTGRESQL, version))


def run(connection: sqlalchemy.Connection, statements: Iterable[str]) -> None:
    """Run statements as they stand, per cent signs and all."""
    with cursor(connection) as driver:
        for statement in statements:
            driver.execute(statement)


def cursor(connection: sqlalchemy.Connection, *name: str) -> Any:
    """The driver's own cursor on a connection; one with a name fetches its rows part by part."""
    return connection.connection.cursor(*name)


def _examine(connection: Connection) -> Iterator[str]:
    """Whether the tables, and the triggers that protect entries, are there as they were made, and nothing else is on them."""
    ((version,),) = connection.rows("SELECT version_num FROM captable_version")
    yield from catalogue.differences(connection, int(version))


# --- roles --------------------------------------------------------------------------------------------------------

DERIVED_RIGHTS = "SELECT, INSERT, UPDATE, DELETE"


def grant(connection: Connection, role: str) -> bool:
    """Give a role what the program needs and no more; make it if there is none. Whether it was made.

    It reads everything, adds entries, and keeps the derived tables; it can neither change nor remove an entry.
    """
    name, owner = _name(role), _name(str(connection.rows("SELECT current_schema()")[0][0]))
    there = bool(connection.rows("SELECT 1 FROM pg_roles WHERE rolname = :role", role=role))
    if not there:
        connection.do(f"CREATE ROLE {name} LOGIN")
    connection.do(f"GRANT USAGE ON SCHEMA {owner} TO {name}")
    for table in ("entries", "captable_version", "tokens", *schema.DERIVED):
        rights = DERIVED_RIGHTS if table in schema.DERIVED else "SELECT, INSERT" if table == "entries" else "SELECT"
        connection.do(f"REVOKE ALL ON {table} FROM PUBLIC, {name}")
        connection.do(f"GRANT {rights} ON {table} TO {name}")
    _check_bound(connection, role)
    return not there


def _name(name: str) -> str:
    """A name as an identifier within a statement, where a colon would begin a parameter."""
    return '"' + name.replace('"', '""').replace(":", "\\:") + '"'


def _check_bound(connection: Connection, role: str) -> None:
    """Raises StoreUnusable if a role could change entries all the same, by what else it is."""
    query = (
        "SELECT r.rolsuper OR pg_has_role(r.oid, c.relowner, 'MEMBER') OR has_table_privilege(r.oid, c.oid, 'UPDATE') "
        "OR has_table_privilege(r.oid, c.oid, 'DELETE') OR has_table_privilege(r.oid, c.oid, 'TRUNCATE') "
        "FROM pg_roles r, pg_class c WHERE r.rolname = :role AND c.oid = to_regclass('entries')"
    )
    if any(able for (able,) in connection.rows(query, role=role)):
        raise StoreUnusable(f"the role {role} could change entries: it is a superuser, owns them, or belongs to a role that may")
