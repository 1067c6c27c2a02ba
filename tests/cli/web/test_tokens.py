"""Tokens from the command that makes them to the server that takes them: good, wrong, expired, revoked, another issuer's."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from cli.web.app import LOCAL, application
from cli.web.guards import Policy
from tests.cli.running import at, captable, done, fact
from tests.cli.web.conftest import NOW, desk_of

BOOK = "/v1/issuers/00020/balances"
LATER = "2025-03-01T07:00+08:00"


def made(name, *options, now=NOW):
    with at(now):
        return done("admin", "token", "create", name, *options).out.strip()


def answer(store, secret, now=NOW, address=BOOK):
    """The status with which a server answers who gives a secret."""
    desk = desk_of(store, now)
    client = TestClient(application(desk, Policy(hosts=LOCAL, holders=desk.store.holder)), base_url="http://127.0.0.1")
    found = client.get(address, headers={"Authorization": f"Bearer {secret}"}).status_code
    desk.store.close()
    return found


def test_a_token_opens_the_books_and_its_secret_is_printed_alone(store):
    with at(NOW):
        ran = done("admin", "token", "create", "Ms Chan")
    assert ran.err.startswith("Token ")
    assert "for Ms Chan: reads every book, until 2025-04-21 07:00:00 HKT" in ran.err
    assert len(ran.out.split()) == 1
    assert answer(store, ran.out.strip()) == 200


def test_the_store_keeps_no_secret(store):
    secret = made("Ms Chan")
    content = b"".join(path.read_bytes() for path in Path().glob("captable.db*"))
    assert secret.encode() not in content
    assert secret.split("_", 2)[2].encode() not in content
    assert hashlib.sha256(secret.encode()).hexdigest().encode() in content


@pytest.mark.parametrize(
    "change", [lambda s: s + "x", lambda s: s[:-1], lambda s: s.upper(), lambda s: "captable_00000000_x", lambda s: "x"]
)
def test_a_wrong_secret_opens_nothing(store, change):
    assert answer(store, change(made("Ms Chan"))) == 401


def test_a_token_expires_at_the_close_of_its_day(store):
    secret = made("Ms Chan", "--expires", "2025-02-28")
    assert answer(store, secret, "2025-02-28T23:59:59+08:00") == 200
    assert answer(store, secret, "2025-03-01T00:00+08:00") == 401


def test_a_revoked_token_is_refused_by_a_server_that_is_running(store):
    secret = made("Ms Chan")
    desk = desk_of(store)
    client = TestClient(application(desk, Policy(hosts=LOCAL, holders=desk.store.holder)), base_url="http://127.0.0.1")
    headers = {"Authorization": f"Bearer {secret}"}
    assert client.get(BOOK, headers=headers).status_code == 200
    with at(NOW):
        assert done("admin", "token", "revoke", secret.split("_")[1]).out.endswith("for Ms Chan is revoked\n")
        # Once more changes nothing.
        done("admin", "token", "revoke", secret.split("_")[1])
    assert client.get(BOOK, headers=headers).status_code == 401
    desk.store.close()


def test_a_token_for_another_issuer_sees_nothing_of_this_one(store):
    assert answer(store, made("Other Company", "--issuer", "00388")) == 404
    assert answer(store, made("Both", "--issuer", "00388", "--issuer", "00020")) == 200


def test_a_token_that_writes_records_under_its_name(store):
    secret = made("registrar's system", "--scope", "write", "--issuer", "00020")
    desk = desk_of(store, writable=True)
    policy = Policy(hosts=LOCAL, writable=True, holders=desk.store.holder)
    client = TestClient(application(desk, policy), base_url="http://127.0.0.1")
    headers = {"Authorization": f"Bearer {secret}", "Idempotency-Key": "k"}
    sent = fact(effective_on="2025-01-20", shares=500)
    assert client.post("/v1/issuers/00020/entries", json=sent, headers=headers).status_code == 201
    assert client.get("/v1/issuers/00020/entries/12", headers=headers).json()["recorded_by"] == "registrar's system"
    desk.store.close()


def test_tokens_are_listed_without_their_secrets(store):
    first = made("Ms Chan", "--issuer", "00020")
    made("Mr Lee", "--expires", "2025-02-01", now="2025-01-21T07:01+08:00")
    made("registrar's system", "--scope", "write", now="2025-01-21T07:02+08:00")
    with at(LATER):
        done("admin", "token", "revoke", first.split("_")[1])
        ran, listed = done("admin", "token", "list").out, done("admin", "token", "list", "--json").json
    assert [(each["name"], each["scope"], each["issuers"], each["status"]) for each in listed] == [
        ("Ms Chan", "read", ["00020"], "revoked"),
        ("Mr Lee", "read", [], "expired"),
        ("registrar's system", "write", [], "good"),
    ]
    assert first.split("_", 2)[2] not in ran
    assert "writes every book" in ran


def test_without_tokens_the_list_says_so(store):
    assert done("admin", "token", "list").err == "there is no token\n"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("create", "Ms Chan", "--expires", "2025-01-20"), "--expires: 20 January 2025 is over"),
        (("create", " "), "NAME: expected 1 to 200 printable characters"),
        (("create", "a\nb"), "NAME: expected 1 to 200 printable characters"),
        *(
            (("create", "Ms Chan", "--issuer", code), "--issuer: expected the code of a book")
            for code in ("", "00020 00021", "\udcff")
        ),
        (("revoke", "nothing"), "there is no token nothing; tokens: none"),
    ],
)
def test_what_cannot_be_made_or_revoked_is_said(store, arguments, says):
    with at(NOW):
        ran = captable("admin", "token", *arguments)
    assert (ran.code, says in ran.err) == (2, True), ran.err
