"""`captable serve` as a process: it answers on this machine only, soon, and ends when it is interrupted."""

from __future__ import annotations

import importlib.util
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2
import pytest

from tests.cli.running import SCRIPT, at, captable, done
from tests.cli.web.conftest import NOW

SOON = 20
"""Seconds within which it answers even on a machine with much else to do; alone it takes less than two."""


@contextmanager
def serving(*arguments: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """A server on a free port, and its address once it says that it is there."""
    command = [str(SCRIPT), "serve", "--port", "0", *arguments]
    with subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            said = process.stderr.readline()
            yield re.search(r"http://\S+/", said)[0], process
        finally:
            process.kill()


def test_it_says_where_it_is_and_answers_there(store):
    started = time.monotonic()
    with serving("--store", store) as (address, process):
        assert address.startswith("http://127.0.0.1:")
        assert "Share capital" in httpx2.get(f"{address}issuers/00020").text
        assert time.monotonic() - started < SOON
        process.send_signal(signal.SIGINT)
        assert process.wait(SOON) in (0, 130, -signal.SIGINT)
        assert "Traceback" not in process.stderr.read()


def test_without_its_extra_it_says_what_to_install(store, monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    ran = captable("serve")
    assert (ran.code, "this needs starlette and uvicorn: pip install 'captable[web]'" in ran.err) == (2, True)


def test_a_port_that_is_taken_is_said(store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ran = captable("serve", "--port", port)
    assert (ran.code, f"cannot listen on 127.0.0.1 port {port}" in ran.err) == (2, True)


@pytest.mark.parametrize("host", ["192.0.2.1", "no such host"])
def test_an_address_that_cannot_be_listened_on_is_said(store, host):
    ran = captable("serve", "--host", host, "--port", "0")
    assert (ran.code, f"cannot listen on {host}" in ran.err) == (2, True)


def test_a_server_on_every_address_needs_its_names(store):
    ran = captable("serve", "--host", "0.0.0.0", "--port", "0")
    assert (ran.code, "add --host-name" in ran.err) == (2, True)


def test_under_another_name_everybody_needs_a_token(store):
    with at(NOW):
        secret = done("admin", "token", "create", "Ms Chan", "--store", store, "--expires", "2199-12-31").out.strip()
    with serving("--store", store, "--host-name", "captable.example") as (address, _):
        page, named = f"{address}issuers/00020", {"Host": "captable.example"}
        assert httpx2.get(page).status_code == 401
        assert httpx2.get(page, headers=named).status_code == 401
        assert httpx2.get(page, headers={**named, "Authorization": f"Bearer {secret}"}).status_code == 200
        assert httpx2.get(page, headers={"Host": "other.example", "Authorization": f"Bearer {secret}"}).status_code == 421


def test_without_a_store_it_says_so(folder):
    ran = captable("serve", "--port", "0")
    assert (ran.code, "captable.db" in ran.err) == (2, True)
