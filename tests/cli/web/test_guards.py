"""What is turned away: other names, other sites, other people's tokens, too much, too often, too slowly, and paths out."""

from __future__ import annotations

import asyncio
import base64
import socket
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from starlette.testclient import TestClient

from cli.web import guards, server
from cli.web.app import LOCAL, application
from cli.web.guards import HEADERS, LARGEST_BODY, Policy, Rate, host_of
from cli.web.holders import WRITE, Holder
from tests.cli.running import fact
from tests.cli.web.conftest import desk_of
from tests.cli.web.running import running

BOOK, ENTRIES = "/v1/issuers/00020/balances", "/v1/issuers/00020/entries"
PLACING = fact(effective_on="2025-01-20", shares=500)
KEY = {"Idempotency-Key": "placing-1"}
GOOD = {"Authorization": "Bearer good"}

HOLDERS = {
    "good": Holder("Ms Reader"),
    "writer": Holder("Ms Writer", frozenset({"00020"}), WRITE),
    "other": Holder("Other Company", frozenset({"00388"}), WRITE),
}


def client_with(store, **policy):
    found = application(desk_of(store, writable=policy.get("writable", False)), Policy(**{"hosts": LOCAL, **policy}))
    return TestClient(found, base_url="http://127.0.0.1")


@pytest.fixture
def guarded(store):
    """A server that asks for a token."""
    return client_with(store, holders=HOLDERS.get, writable=True)


@pytest.fixture
def writable(store):
    """A server on this machine that takes facts."""
    return client_with(store, writable=True, local=Holder("secretary", None, WRITE))


# --- who may be asked for -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["evil.example", "127.0.0.1.evil.example", "", "localhost@evil.example", "[::1", "0.0.0.0"])
def test_a_forged_host_is_turned_away(client, name):
    found = client.get(BOOK, headers={"Host": name})
    assert (found.status_code, found.headers["content-type"]) == (421, "application/problem+json")


@pytest.mark.parametrize("name", ["127.0.0.1:8020", "LOCALHOST", "[::1]:8020"])
def test_the_names_of_this_machine_are_taken(client, name):
    assert client.get(BOOK, headers={"Host": name}).status_code == 200


def test_a_name_without_its_port():
    assert [host_of(each) for each in ("A.example:1", "[::1]:2", "b", "[")] == ["a.example", "::1", "b", ""]


# --- tokens -------------------------------------------------------------------------------------------------------


def basic(secret):
    return {"Authorization": "Basic " + base64.b64encode(f"anyone:{secret}".encode()).decode()}


@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer"}, {"Authorization": "Digest good"}, basic("wrong"),
     {"Authorization": "Basic !"}, {"Authorization": "Basic /w=="}],
)  # fmt: skip
@pytest.mark.parametrize("address", [BOOK, "/", "/issuers/00020", "/v1/openapi.json", "/nowhere"])
def test_without_a_good_token_nothing_is_answered(guarded, headers, address):
    found = guarded.get(address, headers=headers)
    assert found.status_code == 401
    assert found.headers["www-authenticate"].startswith("Bearer")
    assert "Example" not in found.text


@pytest.mark.parametrize("headers", [GOOD, basic("good"), {"Authorization": "bearer good"}])
def test_a_good_token_opens_the_page_and_the_api(guarded, headers):
    assert guarded.get(BOOK, headers=headers).status_code == 200
    assert "Share capital" in guarded.get("/issuers/00020", headers=headers).text


def test_the_style_of_the_pages_needs_no_token(guarded):
    assert guarded.get("/static/captable.css").status_code == 200


def test_a_token_for_another_issuer_sees_nothing_of_this_one(guarded):
    other = {"Authorization": "Bearer other"}
    for address in (BOOK, "/issuers/00020", "/issuers/00020/entries/1"):
        found = guarded.get(address, headers=other)
        assert (found.status_code, "no book of issuer 00020" in found.text) == (404, True)
    assert guarded.get("/v1/issuers", headers=other).json() == {"issuers": []}
    assert "Example" not in guarded.get("/", headers=other).text
    assert guarded.post(ENTRIES, json=PLACING, headers={**other, **KEY}).status_code == 404


def test_a_page_kept_for_one_token_is_not_shown_to_another(guarded):
    assert "Example" in guarded.get("/", headers=GOOD).text
    assert "Example" not in guarded.get("/", headers={"Authorization": "Bearer other"}).text


def test_a_token_that_reads_records_nothing(guarded):
    found = guarded.post(ENTRIES, json=PLACING, headers={**GOOD, **KEY})
    assert (found.status_code, found.json()["detail"]) == (403, "This token reads, and records nothing.")


def test_wrong_tokens_are_taken_a_few_times_only(guarded):
    found = [guarded.get(BOOK, headers={"Authorization": f"Bearer {number}"}).status_code for number in range(12)]
    assert found == [401] * 10 + [429] * 2


# --- recording ----------------------------------------------------------------------------------------------------


def test_recording_is_off_unless_it_is_allowed(client):
    for path in (ENTRIES, f"{ENTRIES}/13/release"):
        refused = client.post(path, json=PLACING, headers=KEY)
        assert refused.status_code == 405
        assert refused.json()["detail"] == "This server only reads. captable serve --allow-write lets the API record."


def test_a_fact_is_recorded_once_however_often_it_is_sent(writable):
    first, second = (writable.post(ENTRIES, json=PLACING, headers=KEY) for _ in range(2))
    assert (first.status_code, first.json()["recorded"], first.json()["head"]["number"]) == (201, [12], 12)
    assert (second.status_code, second.json()["recorded"], second.json()["already_recorded"]) == (200, [], [12])
    entry = writable.get(f"{ENTRIES}/12").json()
    assert (entry["recorded_by"], entry["command_id"]) == ("secretary", "placing-1/1")


def test_another_fact_under_a_used_key_is_refused(writable):
    assert writable.post(ENTRIES, json=PLACING, headers=KEY).status_code == 201
    found = writable.post(ENTRIES, json={**PLACING, "shares": 501}, headers=KEY)
    assert (found.status_code, found.json()["code"]) == (409, "refused")


def test_several_facts_are_recorded_together_or_not_at_all(writable):
    impossible = {**PLACING, "shares": 10**9}
    found = writable.post(ENTRIES, json=[PLACING, impossible], headers=KEY)
    assert (found.status_code, "above the 100,000 authorised" in found.json()["detail"]) == (409, True)
    assert writable.get(ENTRIES).json()["total"] == 11
    assert writable.post(ENTRIES, json=[PLACING, {**PLACING, "shares": 7}], headers=KEY).json()["recorded"] == [12, 13]


def test_a_dry_run_records_nothing(writable):
    found = writable.post(f"{ENTRIES}?dry_run=true", json=PLACING, headers=KEY)
    assert (found.status_code, found.json()["would_record"], found.json()["recorded"]) == (200, [12], [])
    assert writable.get(ENTRIES).json()["total"] == 11


def test_who_records_is_who_holds_the_token_whatever_the_record_says(guarded):
    sent = {**PLACING, "recorded_by": "somebody else"}
    assert guarded.post(ENTRIES, json=sent, headers={"Authorization": "Bearer writer", **KEY}).status_code == 201
    assert guarded.get(f"{ENTRIES}/12", headers=GOOD).json()["recorded_by"] == "Ms Writer"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "expected a record or a list of records as JSON"),
        (b"[]", "expected 1 to 1,000 records, got 0"),
        (b"[1]", "record 1"),
        (b'{"event": "PlacingComplete"}', "PlacingCompleted"),
        (
            b'{"event": "PlacingCompleted", "share_class": "B", "shares": 5.5, "effective_on": "2025-01-20"}',
            "shares: expected a whole",
        ),
        (b'{"event": "PlacingCompleted", "share_class": "B", "shares": 5, "effective_on": "2025-01-20", "x": 1}', "x: "),
    ],
)
def test_what_cannot_be_read_is_said_with_its_place(writable, body, says):
    found = writable.post(ENTRIES, content=body, headers={**KEY, "Content-Type": "application/json"})
    assert (found.status_code, says in found.json()["detail"]) == (400, True), found.text


@pytest.mark.parametrize("key", [None, "", "x" * 151, "a\tb"])
def test_a_key_is_needed(writable, key):
    found = writable.post(ENTRIES, json=PLACING, headers={} if key is None else {"Idempotency-Key": key})
    assert (found.status_code, "Idempotency-Key" in found.json()["detail"]) == (400, True)


# --- other sites --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Origin": "http://127.0.0.1:1"}],
)  # fmt: skip
def test_a_page_of_another_site_records_nothing(writable, headers):
    assert writable.post(ENTRIES, json=PLACING, headers={**KEY, **headers}).status_code == 403


def test_a_form_records_nothing(writable):
    assert writable.post(ENTRIES, data={"event": "PlacingCompleted"}, headers=KEY).status_code == 415


def test_our_own_page_may_record(writable):
    headers = {**KEY, "Origin": "http://127.0.0.1", "Sec-Fetch-Site": "same-origin"}
    assert writable.post(ENTRIES, json=PLACING, headers=headers).status_code == 201


@pytest.mark.parametrize("address", ["/", "/issuers/00020", BOOK, "/nowhere", "/static/captable.css", "/v1/issuers/1/balances"])
def test_every_answer_carries_what_keeps_a_browser_safe(client, address):
    headers = client.get(address).headers
    assert {name: headers[name] for name in HEADERS} == HEADERS
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


# --- too much, too often, out of the folder -----------------------------------------------------------------------


def test_a_body_of_a_hundred_megabytes_is_not_read(writable):
    found = writable.post(ENTRIES, headers={**KEY, "Content-Length": "100000000", "Content-Type": "application/json"})
    assert found.status_code == 413


def test_a_body_that_does_not_say_how_long_it_is_is_cut_off(writable):
    def endless():
        for _ in range(101):
            yield b" " * (LARGEST_BODY // 100)

    found = writable.post(ENTRIES, content=endless(), headers={**KEY, "Content-Type": "application/json"})
    assert found.status_code == 413


def test_a_client_that_asks_too_often_must_wait(store):
    client = client_with(store, rate=Rate(60, 3, clock=lambda: 0.0))
    found = [client.get(BOOK) for _ in range(4)]
    assert [each.status_code for each in found] == [200, 200, 200, 429]
    assert found[-1].headers["retry-after"] == "5"


def test_a_rate_fills_again_with_time():
    now = [0.0]
    rate = Rate(60, 2, clock=lambda: now[0])
    assert [rate.allows("a") for _ in range(3)] == [True, True, False]
    assert rate.allows("b")
    now[0] = 1.0
    assert [rate.allows("a") for _ in range(2)] == [True, False]


def test_only_so_many_clients_are_remembered(monkeypatch):
    monkeypatch.setattr(guards, "CLIENTS", 2)
    rate = Rate(60, 1, clock=lambda: 0.0)
    assert [rate.allows(name) for name in ("a", "b", "c", "a")] == [True, True, True, True]


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2f..%2fmain.py", "/static//etc/passwd", "/static/%00"]
)
def test_no_path_leads_out_of_the_static_files(client, path):
    assert client.get(path).status_code == 404


# --- too slowly ---------------------------------------------------------------------------------------------------


def test_a_body_that_does_not_come_is_not_waited_for(store, monkeypatch):
    monkeypatch.setattr(guards, "PATIENCE", 0.05)
    app = application(desk_of(store), Policy(hosts=LOCAL, writable=True, local=Holder("secretary", None, WRITE)))
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json"), (b"idempotency-key", b"k")]
    scope = {"type": "http", "method": "POST", "path": ENTRIES, "headers": headers, "query_string": b"", "client": ("c", 1)}
    sent = []

    async def never():
        await asyncio.sleep(60)

    async def send(message):
        sent.append(message)

    asked = {**scope, "http_version": "1.1", "scheme": "http", "server": ("localhost", 80), "root_path": ""}
    # In a thread of its own: where a browser was driven before, this one has a loop already.
    with ThreadPoolExecutor(1) as other:
        other.submit(lambda: asyncio.run(app(asked, never, send))).result()
    assert sent[0]["status"] == 408


def test_a_head_that_does_not_come_ends_the_connection(store, monkeypatch):
    """Half a head on a real connection: the server hangs up, after a first request too, and goes on answering others."""
    monkeypatch.setattr(server, "PATIENCE", 0.3)
    # Half a head that comes together with a whole request is waited for as a connection without a request is.
    monkeypatch.setattr(server, "KEPT_ALIVE", 0.3)
    whole, half = b"GET /v1/issuers HTTP/1.1\r\nHost: localhost\r\n\r\n", b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
    with running(application(desk_of(store))) as place:
        for begun in (b"", half, whole + half):
            with socket.create_connection(place, timeout=30) as slow:
                slow.sendall(begun)
                assert read_to_the_end(slow).count(b"HTTP/1.1 200 OK") == (1 if whole in begun else 0)
        assert httpx2.get(f"http://127.0.0.1:{place[1]}/v1/issuers").status_code == 200


def read_to_the_end(connection):
    """All that comes until the server hangs up."""
    return b"".join(iter(lambda: connection.recv(65_536), b""))
