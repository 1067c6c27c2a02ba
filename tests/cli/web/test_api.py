"""The API: the same answers as the commands give, by page, as CSV, unchanged by ETag, and problems in words."""

from __future__ import annotations

import csv
import io
import json

import pytest

from cli.web import desk
from tests.cli.running import at, captable, done
from tests.cli.web.conftest import BETWEEN, NOW, client_of

BOOK = "/v1/issuers/00020"


def answer(client, address):
    found = client.get(address)
    assert found.status_code == 200, found.text
    return found.json()


# --- the same as the commands -------------------------------------------------------------------------------------


@pytest.mark.parametrize("viewpoint", [{}, {"as_of": "2024-12-16"}, {"as_of": "2025-01-05", "known_at": BETWEEN}])
def test_balances_are_those_that_the_command_prints(client, store, viewpoint):
    found = client.get(f"{BOOK}/balances", params=viewpoint).json()
    options = [word for name, value in viewpoint.items() for word in (f"--{name.replace('_', '-')}", value)]
    with at(NOW):
        printed = done("balances", "--json", *options).json
    assert {**found, "known_at": None} == {
        **printed,
        "known_at": None,
        "classes": [{**row, "known_from": None} for row in printed["classes"]],
    }


def test_the_filings_are_those_of_the_command(client, store):
    printed = done("filings", "--json").json
    found = answer(client, f"{BOOK}/filings")["filings"]
    assert len(found) == len(printed) > 0
    for row, same in zip(found, printed, strict=True):
        assert row["name"] == same["return"]
        assert {"reference", "submitted_at", "published_digest", "digest"} <= set(row)
        assert {name: value for name, value in row.items() if name in same} == {name: same[name] for name in row if name in same}


def test_the_series_is_that_of_the_command(client, store):
    found = answer(client, f"{BOOK}/series")["levels"]
    printed = done("series", "--json").json["classes"]
    assert found == [{"share_class": each["share_class"], **level} for each in printed for level in each["levels"]]
    assert [(each["on"], each["issued_excluding_treasury"]) for each in found if each["share_class"] == "B"] == [
        ("2024-01-02", 50_000),
        ("2024-12-17", 54_000),
    ]


def test_entries_are_those_of_the_history(client, store):
    found = answer(client, f"{BOOK}/entries?size=100")["entries"]
    printed = done("history", "--json").json
    assert [each["entry"] for each in found] == list(range(11, 0, -1))
    for ours, theirs in zip(found[::-1], printed, strict=True):
        moment = theirs.pop("recorded_at")
        assert ours.pop("recorded_at").rstrip("Z") == moment.removesuffix("+00:00")
        assert ours == theirs


def test_mandates_and_deadlines_have_the_numbers_of_the_commands(client, store):
    with at(NOW):
        mandates = done("mandates", "--json").json["mandates"]
        due = done("due", "--json").json["due"]
    (ours,) = answer(client, f"{BOOK}/mandates")["mandates"]
    assert ours.items() <= {**mandates[0]}.items()
    assert answer(client, f"{BOOK}/due")["due"] == due


def test_what_is_overdue_is_so_for_the_command_the_page_and_the_api(store):
    """The Monthly Return for January 2025 was due on 7 February."""
    now = "2025-02-10T07:00+08:00"
    client = client_of(store, now)
    with at(now):
        due, check = captable("due", "--json"), captable("check", "--json")
    assert (due.code, check.code) == (1, 1)
    ours = answer(client, f"{BOOK}/due")["due"]
    assert ours == due.json["due"]
    assert [each["name"] for each in ours if each["status"] == "overdue"] == ["Monthly Return for January 2025"]
    assert [each["code"] for each in answer(client, f"{BOOK}/findings")["findings"]] == [each["code"] for each in check.json]
    assert "HK616" in {each["code"] for each in check.json}
    assert '<span aria-hidden="true">!</span> overdue</span>' in client.get("/issuers/00020?all=true").text


# --- reading ------------------------------------------------------------------------------------------------------


def test_the_issuers_are_listed(client):
    (row,) = answer(client, "/v1/issuers")["issuers"]
    assert (row["issuer"], row["chinese_name"], row["entries"]) == ("00020", "例子有限公司", 11)


def test_entries_come_by_the_page(client):
    found = answer(client, f"{BOOK}/entries?size=4&page=3")
    assert ([each["entry"] for each in found["entries"]], found["pages"], found["total"]) == ([3, 2, 1], 3, 11)
    assert answer(client, f"{BOOK}/entries?size=4&page=4")["entries"] == []


def test_an_entry_has_the_fields_of_its_event(client):
    found = answer(client, f"{BOOK}/entries/11")
    assert (found["event"], found["shares"], found["replaces"], found["price"]) == ("PlacingCompleted", 4_000, 9, "HKD 1.5")
    assert answer(client, f"{BOOK}/entries/9")["replaced_by"] == 11


def test_rows_come_as_csv_for_a_spreadsheet(client):
    found = client.get(f"{BOOK}/balances?format=csv&as_of=2024-12-31")
    assert found.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(found.content.decode("utf-8-sig"))))
    assert [(row["share_class"], row["total_issued"]) for row in rows] == [("B", "54000"), ("A", "5000")]


def test_text_that_a_spreadsheet_would_take_for_a_formula_is_text(client, store):
    with at(NOW):
        done("record", "issuer-details-changed", "--name", "=HYPERLINK(1)", "--on", "2025-01-20", "--source", "+1")
    rows = list(csv.DictReader(io.StringIO(client.get(f"{BOOK}/entries?format=csv").content.decode("utf-8-sig"))))
    assert (rows[0]["name"], rows[0]["source"]) == ("'=HYPERLINK(1)", "'+1")


@pytest.mark.parametrize(
    ("name", "begins"), [("pdf", b"%PDF-"), ("xlsx", b"PK"), ("html", b"<!DOCTYPE html>"), ("text", b""), ("json", b"{")]
)
def test_a_return_comes_in_every_format(client, name, begins):
    found = client.get(f"{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06&format={name}")
    assert found.status_code == 200
    assert found.content.startswith(begins)
    assert ("attachment" in found.headers.get("content-disposition", "")) == (name != "json")


def test_a_filed_return_is_the_one_that_was_filed_to_the_byte(client, folder):
    assert client.get(f"{BOOK}/filings/10?format=pdf").content == (folder / "filed.pdf").read_bytes()


def test_a_return_as_known_before_the_correction_has_the_number_of_then(client):
    address = f"{BOOK}/returns/next-day/2024-12-17?submitted_on=2024-12-18&format=text"
    assert "4,000" in client.get(address).text
    assert "3,000" in client.get(f"{address}&known_at={BETWEEN}").text


# --- unchanged ----------------------------------------------------------------------------------------------------


def test_the_etag_is_the_head_of_the_book_and_spares_the_answer(client, store):
    first = client.get(f"{BOOK}/balances")
    tag = first.headers["etag"]
    assert tag.startswith('"11-')
    again = client.get(f"{BOOK}/balances", headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    with at(NOW):
        done("record", "placing-completed", "--class", "B", "--shares", "500", "--on", "2025-01-20")
    grown = client.get(f"{BOOK}/balances", headers={"If-None-Match": tag})
    assert (grown.status_code, grown.headers["etag"][:4]) == (200, '"12-')


# --- problems -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("address", "status", "code", "says"),
    [
        ("/v1/issuers/00021/balances", 404, "not found", "no book of issuer 00021"),
        (f"{BOOK}/balances?as_of=tomorrow", 400, "bad input", "as_of: expected a date"),
        (f"{BOOK}/balances?asof=2024-12-17", 400, "bad input", "asof: there is no such parameter; there are: as_of, known_at"),
        (f"{BOOK}/balances?as_of=2024-12-17&as_of=2024-12-18", 400, "bad input", "as_of: expected it once"),
        (f"{BOOK}/balances?format=pdf", 400, "bad input", "format: expected json or csv"),
        (f"{BOOK}/entries/77", 404, "not found", "there is no entry 77"),
        (f"{BOOK}/entries?size=1001", 400, "bad input", "size: "),
        (f"{BOOK}/returns/monthly/2024-12?format=docx", 400, "bad input", "format: expected json, text, html, pdf or xlsx"),
        (f"{BOOK}/returns/monthly/2023-01", 404, "not found", "the book begins at close of 2 January 2024"),
        ("/v1/rules/HK999", 404, "not found", "HK999"),
        ("/v1/nowhere", 404, "not found", "Not Found"),
    ],
)
def test_a_problem_is_reported_with_its_details(client, address, status, code, says):
    found = client.get(address)
    assert found.headers["content-type"] == "application/problem+json"
    problem = json.loads(found.text)
    assert (found.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert says in problem["detail"]


def test_only_reading_is_possible(client):
    found = client.post(f"{BOOK}/entries", json={})
    assert (found.status_code, found.headers["content-type"]) == (405, "application/problem+json")
    assert "GET" in found.headers["allow"]


# --- the description ----------------------------------------------------------------------------------------------


def test_the_description_has_every_operation_with_its_parameters_and_answer(client):
    found = answer(client, "/v1/openapi.json")
    entries = found["paths"]["/v1/issuers/{code}/entries"]["get"]
    assert {each["name"] for each in entries["parameters"]} >= {"code", "known_at", "event", "page", "size", "format"}
    assert entries["responses"]["200"]["content"]["application/json"]["schema"] == {"$ref": "#/components/schemas/Entries"}
    assert all(each["get"]["summary"] for each in found["paths"].values())
    named = [each["get"]["operationId"] for each in found["paths"].values()]
    assert len(set(named)) == len(named)
    assert found["components"]["schemas"]["ClassRow"]["properties"]["authorised"]["anyOf"] == [
        {"type": "integer"},
        {"type": "null"},
    ]


def test_findings_and_balances_over_time_are_asked_for_since_a_day(client, monkeypatch):
    every = client.get(f"{BOOK}/findings").json()["findings"]
    late = client.get(f"{BOOK}/findings?since=2024-12-17").json()["findings"]
    # Entries 9 to 11 are of 17 December 2024 and later.
    assert late == [each for each in every if not each["entries"] or set(each["entries"]) & {9, 10, 11}]
    monkeypatch.setattr(desk, "SMALL", 2)
    levels = client.get(f"{BOOK}/series?since=2024-12-17&until=2024-12-31").json()["levels"]
    of_b = [(each["on"], each["issued_excluding_treasury"]) for each in levels if each["share_class"] == "B"]
    assert of_b[-1] == ("2024-12-17", 54_000)
    assert client.get(f"{BOOK}/findings?since=soon").status_code == 400


def test_a_return_that_has_not_changed_is_not_sent_again(client, store):
    address = f"{BOOK}/returns/monthly/2024-12?submitted_on=2025-01-06"
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"If-None-Match": tag})
    assert (again.status_code, again.content) == (304, b"")
    with at(NOW):
        done("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2024-12-18")
    grown = client.get(address, headers={"If-None-Match": tag})
    # 50,000 held, 4,000 placed as corrected, and 5.
    assert (grown.status_code, grown.json()["issued"][0]["closing"]["issued"]["value"]) == (200, 54_005)
