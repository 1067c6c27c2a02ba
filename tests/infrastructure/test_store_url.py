"""Where a store is, in every form that a path or URL has; and that no form of one, however broken, shows a part of a password."""

from __future__ import annotations

from itertools import product

import pytest

from domain.errors import Failure
from infrastructure.store_url import is_server, parsed, shown
from tests.cli.running import captable

SERVERS = {
    "postgresql://me@host/book": ({"user": "me", "host": "host", "dbname": "book"}, "postgresql://me@host/book"),
    "postgres://me:pw@host:5433/book": (
        {"user": "me", "password": "pw", "host": "host", "port": "5433", "dbname": "book"}, "postgresql://me@host:5433/book",
    ),
    "postgresql+psycopg:///book?host=/run/pg": ({"host": "/run/pg", "dbname": "book"}, "postgresql:///book"),
    "postgresql://me:p%40%3F%2Fw@host/book": (
        {"user": "me", "password": "p@?/w", "host": "host", "dbname": "book"}, "postgresql://me@host/book",
    ),
    "postgresql://me:p/w:x#y@host/book": (
        {"user": "me", "password": "p/w:x#y", "host": "host", "dbname": "book"}, "postgresql://me@host/book",
    ),
    "postgresql://me@[::1]:5432/book": ({"user": "me", "host": "::1", "port": "5432", "dbname": "book"}, "postgresql://me@[::1]:5432/book"),
    "postgresql://%2Frun%2Fpg/book": ({"host": "/run/pg", "dbname": "book"}, "postgresql://%2Frun%2Fpg/book"),
    "postgresql://me@/db?host=a:1&host=b:2&target_session_attrs=read-write": (
        {"user": "me", "host": "a,b", "port": "1,2", "dbname": "db", "target_session_attrs": "read-write"}, "postgresql://me@/db",
    ),
    "postgresql://a:1/db?host=b:2": ({"host": "a,b", "port": "1,2", "dbname": "db"}, "postgresql://a:1/db"),
    "postgresql://a:1,b:2/db?target_session_attrs=read-write": (
        {"host": "a,b", "port": "1,2", "dbname": "db", "target_session_attrs": "read-write"}, "postgresql://a:1,b:2/db",
    ),
    "postgresql://me@a,b:2,[::1]/db": (
        {"user": "me", "host": "a,b,::1", "port": ",2,", "dbname": "db"}, "postgresql://me@a,b:2,[::1]/db",
    ),
    "postgresql://host/db?sslmode=require&password=pw": (
        {"host": "host", "dbname": "db", "sslmode": "require", "password": "pw"}, "postgresql://host/db",
    ),
}  # fmt: skip


@pytest.mark.parametrize("url", SERVERS)
def test_a_url_of_a_server_is_read_as_the_server_itself_reads_it(url):
    place = parsed(url)
    assert (dict(place.server), place.name) == SERVERS[url]
    assert is_server(url)


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("captable.db", "captable.db"),
        ("sqlite:///captable.db", "captable.db"),
        ("sqlite:////var/captable.db", "/var/captable.db"),
        ("C:\\books\\captable.db", "C:\\books\\captable.db"),
        ("a:b.db", "a:b.db"),
        ("a@b.db", "a@b.db"),
    ],
)
def test_a_path_is_a_file(location, path):
    assert (str(parsed(location).path), parsed(location).name, is_server(location)) == (path, path, False)


# --- passwords ----------------------------------------------------------------------------------------------------

# Each part of a password is a word of its own, so that a message is searched for every one.
PASSWORDS = ["alpha", "alpha@bravo", "alpha?bravo", "alpha/bravo", "/alpha", "@alpha", "?alpha", "alpha@", "alpha?", "alpha/",
    "alpha@bravo?delta/gamma", "alpha?bravo@delta", "alpha/bravo@delta?gamma", "alpha:bravo", "alpha#bravo", "alpha bravo",
    "alpha&bravo=delta", "alpha%zz", "alpha,bravo", "[alpha", "alpha://bravo", "alpha\nbravo"]  # fmt: skip
FORMS = [
    "postgresql://me:{}@127.0.0.1:1/book",
    "postgresql:/me:{}@127.0.0.1:1/book",
    "postgresql:me:{}@127.0.0.1:1/book",
    "postgresql//me:{}@127.0.0.1:1/book",
    "postgresql:///me:{}@127.0.0.1:1/book",
    "postgresql://me/{}@127.0.0.1:1/book",
    "postgresql:// me:{}@127.0.0.1:1/book",
    "postgresql ://me:{}@127.0.0.1:1/book",
    "postgresql://me:{}@127.0.0.1:1",
    "postgresql://me:{}@",
    "postgresql://me:{}@127.0.0.1:port/book",
    "postgresql://me:{}@127.0.0.1:1,127.0.0.1:2/book",
    "postgresql://:{}@127.0.0.1:1/book",
    "postgresql://127.0.0.1:1/book?user=me&password={}",
    "postgresql://me@127.0.0.1:1/book?password={}&nonsense",
    "postgres:/me:{}@127.0.0.1:1/book",
    "postgre://me:{}@127.0.0.1:1/book",
    "Postgresql://me:{}@127.0.0.1:1/book",
    "sqlite://me:{}@127.0.0.1/book",
    "sqlite:/me:{}@127.0.0.1/book",
    "sqlite:///me:{}@127.0.0.1/book",
    "me:{}@127.0.0.1:1/book",
    "host=127.0.0.1 port=1 password={} dbname=book",
]


def parts(text: str) -> set[str]:
    return {word for word in ("alpha", "bravo", "delta", "gamma") if word in text}


def said_of(url: str) -> str:
    try:
        return f"{parsed(url).name} {parsed(url)!r}"
    except Failure as error:
        return str(error)


@pytest.mark.parametrize("form", FORMS)
def test_no_form_of_a_url_shows_a_part_of_a_password(form, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for password in PASSWORDS:
        url = form.format(password)
        assert not parts(shown(url)), url
        assert not parts(said_of(url)), url


@pytest.mark.parametrize("form", FORMS)
def test_no_command_prints_a_part_of_a_password(form, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    commands = (["balances"], ["demo"], ["doctor"], ["admin", "upgrade"], ["backup", "copy.db"])
    for password, command in product(("alpha@bravo?delta/gamma", "/alpha", "alpha&bravo=delta"), commands):
        ran = captable(*command, "--store", form.format(password))
        assert ran.code in (1, 2), ran
        assert not parts(ran.out + ran.err), (form.format(password), ran)


def test_the_init_of_a_store_prints_none_either(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for form in FORMS[:6]:
        ran = captable("admin", "init", form.format("alpha@bravo"))
        assert (ran.code, parts(ran.out + ran.err)) == (2, set())


def test_a_password_that_is_not_written_as_it_must_be_is_explained():
    with pytest.raises(Failure, match="write @ as %40"):
        parsed("postgresql://me:p@ss@host/book")
