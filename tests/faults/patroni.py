"""A real cluster of the tests' own: etcd, and three PostgreSQL servers that Patroni keeps in synchronous mode.

PostgreSQL and Patroni do not run as root: they run as the ordinary user of `servers.USER`, with the Python that `ordinary` finds.
"""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
import psycopg
import pytest
import yaml

from tests.faults import ordinary
from tests.faults.servers import BINARIES, USER, folders, free_port, killed, until

MEMBERS = 3


def needed() -> tuple[str, Sequence[str]]:
    """The program of etcd, and the Python for Patroni; the test is skipped where one is missing."""
    etcd = shutil.which("etcd")
    if etcd is None:
        pytest.skip("needs etcd: apt-get install etcd-server")
    with folders():
        python = ordinary.python(("patroni", "psycopg", "etcd", "dns"))
    if python is None:
        pytest.skip(f"needs Patroni, and a Python that the user {USER} may run: pip install 'patroni[etcd3,psycopg3]'")
    return etcd, python


@attrs.define(eq=False)
class Member:
    """A server with the Patroni that keeps it: their folder and ports, and the process while there is one."""

    name: str
    folder: Path
    port: int
    rest: int
    process: subprocess.Popen[bytes] | None = None

    def start(self, python: Sequence[str]) -> None:
        """Start Patroni, which starts the server."""
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [*python, "-m", "patroni", str(self.folder / "patroni.yml")],
                cwd=self.folder, env=ordinary.environment(), user=USER, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip

    def kill(self) -> None:
        """`kill -9`: Patroni first, so that it starts nothing again, and then the server with all its processes."""
        if self.process is not None:
            self.process.kill()
            self.process.wait(30)
            self.process = None
        if (self.folder / "data" / "postmaster.pid").exists():
            killed(self.folder / "data")

    def asked(self, path: str) -> Any:
        """What Patroni answers over HTTP; None if it does not."""
        with suppress(OSError, ValueError), urllib.request.urlopen(f"http://127.0.0.1:{self.rest}/{path}", timeout=3) as answer:
            return json.load(answer)
        return None


@attrs.frozen(eq=False)
class Cluster:
    """The members; any of them may lead."""

    members: Sequence[Member]
    python: Sequence[str]

    def url(self, database: str) -> str:
        """Where the program finds the leader: every member, of which one takes writes."""
        hosts = "&".join(f"host=127.0.0.1:{each.port}" for each in self.members)
        return f"postgresql://postgres@/{database}?{hosts}&target_session_attrs=read-write"

    def states(self) -> dict[str, tuple[str, str]]:
        """The role and state of each member, as the first one that answers sees them."""
        for each in self.members:
            if (shown := each.asked("cluster")) is not None:
                return {one["name"]: (one["role"], one["state"]) for one in shown["members"]}
        return {}

    def leader(self) -> Member | None:
        """Who leads, as the members see it."""
        leading = [name for name, (role, state) in self.states().items() if role == "leader" and state == "running"]
        return next((each for each in self.members if [each.name] == leading), None)

    def whole(self) -> bool:
        """Whether one leads and all others follow, one of them so that no commit is answered before it has it."""
        # A member that says it is running may still be rewinding: only what streams follows.
        return sorted(self.states().values()) == [
            ("leader", "running"), *[("replica", "streaming")] * (MEMBERS - 2), ("sync_standby", "streaming")
        ]  # fmt: skip

    def run(self, statement: str) -> None:
        """Run a statement on the leader."""
        leader = self.leader()
        assert leader is not None
        with psycopg.connect(f"postgresql://postgres@127.0.0.1:{leader.port}/postgres", autocommit=True) as connection:
            connection.execute(statement.encode())


def _settings(member: Member, etcd: int) -> dict[str, Any]:
    """The settings of docs/operations.md, with the ports and folders of a member, and without passwords."""
    page = (Path(__file__).parents[2] / "docs" / "operations.md").read_text(encoding="utf-8")
    settings: dict[str, Any] = yaml.safe_load(page.split("```yaml\n")[1].split("```")[0])
    server, patroni = f"127.0.0.1:{member.port}", f"127.0.0.1:{member.rest}"
    settings["name"] = member.name
    settings["etcd3"]["hosts"] = [f"127.0.0.1:{etcd}"]
    settings["restapi"] = {"listen": patroni, "connect_address": patroni}
    settings["postgresql"] |= {
        "listen": server,
        "connect_address": server,
        "data_dir": str(member.folder / "data"),
        "bin_dir": str(BINARIES),
        "pgpass": str(member.folder / "pgpass"),
        "parameters": {"unix_socket_directories": str(member.folder)},
        "pg_hba": ["local all all trust", "host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust"],
        "authentication": {"superuser": {"username": "postgres"}, "replication": {"username": "replicator"}},
    }
    return settings


@contextmanager
def running() -> Iterator[Cluster]:
    """A new cluster that is whole; all of it ends with the test. Skips the test where etcd or Patroni is missing."""
    etcd, python = needed()
    with folders() as place, _etcd(etcd, place / "etcd") as port:
        members = [Member(name, place / name, free_port(), free_port()) for name in ("one", "two", "three")]
        cluster = Cluster(members, python)
        try:
            for each in members:
                each.folder.mkdir()
                (each.folder / "patroni.yml").write_text(yaml.safe_dump(_settings(each, port)))
                if USER is not None:
                    shutil.chown(each.folder, USER)
                each.start(python)
            until(cluster.whole, 120)
            yield cluster
        finally:
            for each in members:
                each.kill()


@contextmanager
def _etcd(program: str, folder: Path) -> Iterator[int]:
    folder.mkdir()
    port, peer = free_port(), free_port()
    clients, peers = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{peer}"
    options = {
        "name": "etcd", "data-dir": str(folder / "data"), "listen-client-urls": clients, "advertise-client-urls": clients,
        "listen-peer-urls": peers, "initial-advertise-peer-urls": peers, "initial-cluster": f"etcd={peers}",
    }  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([program, *(f"--{name}={value}" for name, value in options.items())], stdout=log, stderr=log)
    try:
        until(lambda: _healthy(clients), 60)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _healthy(address: str) -> bool:
    with suppress(OSError, ValueError), urllib.request.urlopen(f"{address}/health", timeout=3) as answer:
        return json.load(answer)["health"] == "true"  # type: ignore[no-any-return]
    return False
