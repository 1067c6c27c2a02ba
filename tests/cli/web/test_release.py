"""What waits for release on the page and over the API: it is seen, it counts only once another person releases it, and once."""

from __future__ import annotations

from collections.abc import Iterator

import captable
import pytest
from starlette.testclient import TestClient

from cli.mcp.tools import TOOLS, answered
from cli.web import desk
from cli.web.app import LOCAL, application
from cli.web.guards import Policy
from cli.web.holders import WRITE, Holder
from tests.cli.running import at, done
from tests.cli.web.conftest import CHECKER, MAKER, NOW, desk_of

BOOK, API = "/issuers/00020", "/v1/issuers/00020"
HOLDERS = {
    "maker": Holder(MAKER, None, WRITE),
    "checker": Holder(CHECKER, None, WRITE),
    "reader": Holder("Lee", None),
    "other": Holder("Ho", frozenset({"00388"}), WRITE),
}
FORM = {"Origin": "http://127.0.0.1"}


def client_of(store: str, **policy) -> TestClient:
    asked = desk_of(store, writable=policy.get("writable", False))
    return TestClient(application(asked, Policy(**{"hosts": LOCAL, **policy})), base_url="http://127.0.0.1")


@pytest.fixture
def client(waiting_store: str) -> Iterator[TestClient]:
    return client_of(waiting_store, holders=HOLDERS.get, writable=True)


def by(name: str, **more: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {name}", **more}


def release(client: TestClient, number: int, name: str, key: str = "k1", query: str = "", **more: str):
    return client.post(f"{API}/entries/{number}/release{query}", headers=by(name, **{"Idempotency-Key": key}, **more))


def issued(client: TestClient) -> int:
    return client.get(f"{API}/balances", headers=by("reader")).json()["classes"][0]["issued_excluding_treasury"]


# --- what waits is seen -------------------------------------------------------------------------------------------


def test_what_waits_is_listed_with_who_when_and_what_it_would_change(client, waiting_store):
    found = client.get(f"{API}/waiting", headers=by("reader")).json()
    correction, issue = found["waiting"]
    assert issue == {
        "entry": 13, "event": "OtherSharesIssued", "effective_on": "2025-01-20", "about": "B", "number": 500, "corrects": None,
        "recorded_at": "2025-01-20T23:00:00Z", "recorded_by": MAKER, "source": "letter of 20 January", "refused": None,
        "changes": [{"code": "B", "name": "issued_excluding_treasury", "before": 54_000, "after": 54_500}],
    }  # fmt: skip
    assert (correction["entry"], correction["event"], correction["corrects"]) == (14, "PlacingCompleted", 11)
    # 20 % of 55,000 are 11,000 shares, of which the placing used 4,000, and corrected 4,200.
    assert [(each["code"], each["name"], each["before"], each["after"]) for each in correction["changes"]] == [
        ("B", "issued_excluding_treasury", 54_000, 54_200),
        ("issue-2024", "headroom", 7_000, 6_800),
    ]
    # The command, the library and the tool say the same.
    with at(NOW):
        by_command = done("waiting", "--json").json
    assert [each["entry"] for each in by_command["waiting"]] == [13, 14]
    assert by_command["waiting"][0]["changes"] == issue["changes"]
    with captable.open_store(waiting_store) as opened:
        rows = opened.book().waiting()
        assert [(each.entry, each.changes[0].after) for each in rows] == [(14, 54_200), (13, 54_500)]
        assert "B issued (excl. treasury) 54,000 → 54,500" in repr(rows)
        assert "54,000 → 54,500" in rows._repr_html_()
    asked = desk_of(waiting_store)
    assert [each["entry"] for each in answered(TOOLS["waiting"], asked, {})["waiting"]] == [14, 13]
    asked.store.close()


def test_balances_say_what_they_leave_out(client):
    assert client.get(f"{API}/balances", headers=by("reader")).json()["waiting"] == [13, 14]
    assert client.get(f"{API}/balances?as_of=2025-01-19", headers=by("reader")).json()["waiting"] == [14]


def test_what_waits_is_a_row_of_a_spreadsheet(client):
    found = client.get(f"{API}/waiting?format=csv", headers=by("reader")).text.splitlines()
    assert len(found) == 3
    assert "PlacingCompleted" in found[1]


def test_nothing_waited_at_an_earlier_moment(client):
    found = client.get(f"{API}/waiting?known_at=2025-01-20T12:00", headers=by("reader")).json()
    assert found["waiting"] == []


@pytest.mark.parametrize("address", [BOOK, f"{BOOK}/entries", f"{BOOK}/entries/13"])
def test_the_pages_show_what_waits(client, address):
    page = client.get(address, headers=by("checker")).text
    assert "Other shares issued" in page
    assert "54,000 → 54,500" in page
    assert "Release entry 13</button>" in page


def test_the_front_page_counts_what_waits(client):
    assert "2 wait for release" in client.get("/", headers=by("reader")).text


def test_an_issuer_whose_entries_all_count_has_no_such_part(store):
    page = client_of(store).get(BOOK).text
    assert "elease" not in page


@pytest.mark.parametrize(
    ("name", "says"), [("reader", "captable release 13 --by NAME"), ("maker", f"by another person than {MAKER}")]
)
def test_who_may_not_release_sees_no_button(client, name, says):
    page = client.get(BOOK, headers=by(name)).text
    assert says in page
    assert "</button></form>" not in page


def test_a_server_that_only_reads_has_no_button(waiting_store):
    local = client_of(waiting_store, local=Holder(CHECKER, None, WRITE))
    assert "</button></form>" not in local.get(BOOK).text
    assert local.post(f"{BOOK}/entries/13/release", headers=FORM).status_code in (404, 405)
    assert local.post(f"{API}/entries/13/release", headers={"Idempotency-Key": "k"}).status_code in (404, 405)


def test_what_reaches_far_back_in_a_long_book_is_computed_when_it_is_asked_for(client, monkeypatch):
    monkeypatch.setattr(desk, "SMALL", 0)
    monkeypatch.setattr(desk, "FOLDED", 2)
    found = client.get(f"{API}/waiting", headers=by("reader")).json()["waiting"]
    # Entry 14 corrects one of 17 December, which is more than two entries back.
    assert [each["changes"] is None for each in found] == [True, False]
    every = client.get(f"{API}/waiting?all=true", headers=by("reader")).json()["waiting"]
    assert [each["changes"] is None for each in every] == [False, False]
    page = client.get(BOOK, headers=by("checker")).text
    assert "It reaches far back" in page
    assert "54,000 → 54,200" not in page
    assert "54,000 → 54,200" in client.get(f"{BOOK}?all=waiting", headers=by("checker")).text


# --- release ------------------------------------------------------------------------------------------------------


def test_another_person_releases_it_and_it_counts(client):
    assert issued(client) == 54_000
    found = release(client, 13, "checker")
    assert (found.status_code, found.json()["recorded"]) == (201, [15, 16])
    assert issued(client) == 54_500
    told = client.get(f"{API}/entries/15", headers=by("reader")).json()
    assert (told["event"], told["recorded_by"], told["replaces"]) == ("EntryReleased", CHECKER, 13)
    assert client.get(f"{API}/entries/16", headers=by("reader")).json()["recorded_by"] == MAKER


def test_a_release_sent_again_releases_nothing_twice(client):
    assert release(client, 13, "checker").status_code == 201
    again = release(client, 13, "checker")
    assert (again.status_code, again.json()["already_recorded"], again.json()["recorded"]) == (200, [15], [])
    other = release(client, 13, "checker", "k2")
    assert (other.status_code, other.json()["detail"]) == (409, "entry 13 no longer waits: it was released as entry 16")
    assert issued(client) == 54_500


def test_a_dry_run_releases_nothing(client):
    found = release(client, 13, "checker", query="?dry_run=true")
    assert (found.status_code, found.json()["would_record"]) == (200, [15, 16])
    assert issued(client) == 54_000


def test_who_recorded_it_does_not_release_it(client, waiting_store):
    found = release(client, 13, "maker")
    said = f"entry 13 was recorded by {MAKER}; expected another person to release it"
    assert (found.status_code, found.json()["detail"], found.json()["code"]) == (409, said, "refused")
    page = client.post(f"{BOOK}/entries/13/release", headers=by("maker", **FORM))
    assert (page.status_code, said in page.text) == (409, True)
    assert issued(client) == 54_000


@pytest.mark.parametrize(
    ("name", "status"), [("reader", 403), ("other", 404), ("nobody", 401)], ids=["reads only", "another issuer's", "wrong"]
)
def test_a_token_that_is_not_for_it_releases_nothing(client, name, status):
    assert release(client, 13, name).status_code == status
    assert client.post(f"{BOOK}/entries/13/release", headers=by(name, **FORM)).status_code == status
    assert issued(client) == 54_000


@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "https://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}]
)
def test_a_form_of_another_site_releases_nothing(client, headers):
    assert client.post(f"{BOOK}/entries/13/release", headers=by("checker", **headers)).status_code == 403
    assert issued(client) == 54_000


def test_without_a_key_the_api_releases_nothing(client):
    assert client.post(f"{API}/entries/13/release", headers=by("checker")).status_code == 400
    assert issued(client) == 54_000


def test_what_is_not_there_or_does_not_wait_is_said(client):
    assert release(client, 99, "checker").status_code == 404
    found = release(client, 9, "checker")
    assert (found.status_code, found.json()["detail"]) == (409, "entry 9 does not wait for release")


def test_the_button_of_the_page_leads_to_the_fact_that_counts_now(client):
    for _ in range(2):
        # Pressed twice, it is released once.
        found = client.post(f"{BOOK}/entries/13/release", headers=by("checker", **FORM), follow_redirects=False)
        assert (found.status_code, found.headers["location"]) == (303, f"{BOOK}/entries/16")
    assert client.get(f"{API}/entries", headers=by("reader")).json()["total"] == 16
    assert "54,500" in client.get(BOOK, headers=by("reader")).text


def test_what_the_book_can_no_longer_take_says_so_and_has_no_button(client, waiting_store):
    with at(NOW):
        done("record", "authorised-capital-reduced", "--on", "2025-01-20", "--class", "B", "--shares", "45,600", "--by", MAKER)
    assert release(client, 15, "checker", "k2").status_code == 201
    assert release(client, 14, "checker", "k3").status_code == 201
    # 100,000 - 45,600 leaves 54,400 authorised, of which 54,200 are issued now.
    (row,) = client.get(f"{API}/waiting", headers=by("reader")).json()["waiting"]
    assert row["changes"] == []
    assert "authorised" in row["refused"] or "unissued" in row["refused"]
    page = client.get(BOOK, headers=by("checker")).text
    assert "cannot be released now" in page
    assert "Release entry 13</button>" not in page
    found = release(client, 13, "checker", "k4")
    assert (found.status_code, found.json()["detail"]) == (409, row["refused"])
