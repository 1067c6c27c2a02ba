"""A store on one of several hosts, and a connection that is lost while it commits."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path

import pytest

from domain.errors import StoreUnusable
from infrastructure.event_store import SqlEventStore, open_store
from tests.cli.running import FOUNDING, LAST, captable, done, script, write
from tests.conftest import ticking

NOWHERE = "127.0.0.1:1"


@pytest.fixture
def socket_of(server: str) -> tuple[str, str]:
    """The folder of the server's socket, and the name of an empty database."""
    address, _, query = server.partition("?host=")
    return query, address.rpartition("/")[2]


@contextmanager
def between(folder: str, cut: Callable[[bytes], bool] = lambda _: False, *, forwarded: bool = True) -> Iterator[str]:
    """A host and port that leads to the server; once the client says what `cut` waits for, nothing is answered any more."""
    listening = socket.create_server(("127.0.0.1", 0))
    made: list[socket.socket] = []
    running: list[threading.Thread] = []
    forwarding = threading.Lock()

    def pump(source: socket.socket, target: socket.socket, *, from_client: bool) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if from_client and cut(data):
                    if forwarded:
                        # The server does what it was asked for; its answer never arrives.
                        with forwarding:
                            source.shutdown(socket.SHUT_RDWR)
                            target.sendall(data)
                            target.recv(65536)
                    break
                target.sendall(data)
        for each in (source, target):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def serve() -> None:
        with suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.socket(socket.AF_UNIX)
                made.extend((client, server))
                server.connect(f"{folder}/.s.PGSQL.5432")
                for source, target, from_client in ((client, server, True), (server, client, False)):
                    begin(partial(pump, source, target, from_client=from_client))

    def begin(target: Callable[[], None]) -> None:
        running.append(threading.Thread(target=target, daemon=True))
        running[-1].start()

    begin(serve)
    host, port = listening.getsockname()
    try:
        yield f"{host}:{port}"
    finally:
        # The client knows that its connection is lost before the server has done what it was asked for.
        with forwarding:
            for each in (listening, *made):
                with suppress(OSError):
                    each.shutdown(socket.SHUT_RDWR)
        for thread in running:
            thread.join(10)
        for each in (listening, *made):
            each.close()


def opened(address: str) -> SqlEventStore:
    return open_store(f"postgresql://postgres@{address}", clock=ticking(), create=True)


def test_of_several_hosts_the_one_that_takes_writes_is_used(socket_of):
    folder, database = socket_of
    with between(folder) as there, opened(f"{NOWHERE},{there}/{database}?target_session_attrs=read-write") as store:
        assert store.issuers() == []


def test_a_message_names_each_host_that_failed():
    with pytest.raises(StoreUnusable) as caught:
        open_store("postgresql://me:secret@127.0.0.1:1,127.0.0.1:2/book?target_session_attrs=read-write", clock=ticking())
    said = str(caught.value)
    assert said.startswith("postgresql://me@127.0.0.1:1,127.0.0.1:2/book cannot be reached: 127.0.0.1:1: connection failed: ")
    assert "; 127.0.0.1:2: connection failed: " in said
    assert "secret" not in said


def test_a_message_names_the_host_whose_connection_was_lost(socket_of):
    folder, database = socket_of
    lost = False
    with between(folder, lambda _: lost) as there, opened(f"{NOWHERE},{there}/{database}") as store:
        lost = True
        with pytest.raises(StoreUnusable, match=rf"\(on {there}\) cannot be reached"):
            store.issuers()


# --- a lost commit ------------------------------------------------------------------------------------------------


class Commits:
    """Whether what a client says is the commit of a recording: of those that follow the first insert of an entry."""

    def __init__(self) -> None:
        self.inserted = False

    def __call__(self, data: bytes) -> bool:
        self.inserted = self.inserted or b"INTO entries" in data or b"COPY entries" in data
        return self.inserted and b"COMMIT" in data


@pytest.mark.parametrize("forwarded", [True, False], ids=["it took place", "it did not"])
@pytest.mark.parametrize("several", [False, True], ids=["one host", "two hosts"])
def test_a_connection_lost_during_a_commit_leaves_open_whether_it_was_recorded(
    socket_of, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, forwarded: bool, several: bool
):
    monkeypatch.chdir(tmp_path)
    folder, database = socket_of
    direct = f"postgresql://postgres@/{database}?host={folder}"
    done("admin", "init", direct)
    recording = ("record", "--file", write("founding.jsonl", *FOUNDING))
    with between(folder, Commits(), forwarded=forwarded) as there:
        url = f"postgresql://postgres@{f'{NOWHERE},' if several else ''}{there}/{database}"
        ran = captable(*recording, "--store", url)
    assert ran.code == 5, ran.err
    assert "during the commit: it may have been recorded; run the same command again" in ran.err
    assert "nothing was recorded" not in ran.err
    again = done(*recording, "--store", direct)
    assert ("already recorded as entry 1" in again.err) == forwarded
    assert done("verify", "--store", direct, "--json").json["00020"]["entries"] == LAST


def test_a_connection_lost_before_the_commit_recorded_nothing(socket_of, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    folder, database = socket_of
    direct = f"postgresql://postgres@/{database}?host={folder}"
    done("admin", "init", direct)
    with between(folder, lambda data: b"INTO entries" in data or b"COPY entries" in data) as there:
        ran = captable(
            "record", "--file", write("founding.jsonl", *FOUNDING), "--store", f"postgresql://postgres@{there}/{database}"
        )
    assert ran.code == 2, ran.err
    assert captable("verify", "--store", direct).out == "the store is intact and empty\n"


def limit() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (32 * 1024, 32 * 1024))


def test_a_file_that_fails_while_it_commits_leaves_it_open_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done("record", "--file", write("founding.jsonl", *FOUNDING))
    placings = [
        {"event": "PlacingCompleted", "effective_on": "2024-03-01", "share_class": "B", "shares": n} for n in range(1, 300)
    ]
    ran = script(["record", "--file", write("many.jsonl", *placings)], preexec_fn=limit)
    assert (ran.returncode, "it may have been recorded; run the same command again" in ran.stderr) == (5, True), ran.stderr
    done("record", "--file", "many.jsonl")
    assert done("verify", "--json").json["00020"]["entries"] == LAST + 299
