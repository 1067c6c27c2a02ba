"""`captable mandates`: the table, the same as JSON, viewpoints, and findings in the exit code."""

from __future__ import annotations

import pytest

from domain.law.rule import NO_ADVICE
from tests.cli.running import captable, done, fact, write

GRANTED = {"effective_on": "2024-01-03", "purpose": "issue", "percent": "20", "base": "55,000"}


def rows(*arguments):
    return {row["mandate"]: row for row in done("mandates", "--json", *arguments).json["mandates"]}


def test_the_worked_issuers_mandates_at_the_end_of_2024(demo):
    ran = done("mandates", "--as-of", "2024-12-31")
    lines = {line.split()[0]: line for line in ran.out.splitlines()}
    figures = "issue-2024 issue 26 June 2024 20 B, A 33,468,925,000 6,693,785,000 0 1,865,000,000 4,828,785,000"
    assert " ".join(lines["issue-2024"].split()).startswith(figures)
    assert "ended 26 June 2024: issue-2024 granted" in lines["issue-2023"]
    assert "conclusion of the next annual general meeting" in ran.out
    assert NO_ADVICE in ran.out


@pytest.mark.parametrize(
    ("on", "mandate", "used", "left"),
    [
        ("2023-06-23", "issue-2023", 0, 6_693_785_000),
        ("2023-06-23", "repurchase-2023", 0, 3_346_892_500),
        ("2024-06-27", "issue-2023", 0, 6_693_785_000),
        ("2024-06-28", "issue-2023", 1_673_446_000, 5_020_339_000),
        ("2024-12-16", "issue-2024", 0, 6_693_785_000),
        ("2024-12-17", "issue-2024", 1_865_000_000, 4_828_785_000),
    ],
)
def test_figures_are_whole_numbers_in_json(on, mandate, used, left, demo):
    found = rows("--as-of", on)[mandate]
    assert (found["used"], found["headroom"], found["limit"]) == (used, left, used + left)


def test_what_was_not_yet_known_is_not_shown(demo):
    assert rows("--known-at", "2020-01-01") == {}
    assert "no mandate is recorded" in done("mandates", "--as-of", "2022-06-23").out


def test_json_has_exactly_the_keys_that_others_rely_on(demo):
    found = done("mandates", "--json", "--as-of", "2024-12-31").json
    assert list(found) == ["issuer", "as_of", "known_at", "mandates", "findings", "notice"]
    assert list(found["mandates"][0]) == [
        "mandate", "purpose", "granted_on", "entry", "percent", "classes", "base", "recorded_base", "book_bases", "extended_by", "extended",
        "limit", "reserved", "used", "headroom", "ended_on", "ended_by", "ended_because", "not_known",
        "in_doubt", "latest_end",
    ]  # fmt: skip


def granted(**said):
    return fact("MandateGranted", **{**GRANTED, **said})


def test_an_extension_has_a_column_of_its_own(book):
    repurchase = granted(mandate="repurchase", purpose="repurchase", percent="10")
    extended = granted(mandate="issue", extended_by="repurchase")
    # The founding book buys 700 back in February 2024, under no mandate; these are bought under one.
    bought = fact(
        "SharesRepurchased",
        effective_on="2024-03-01",
        share_class="B",
        shares=500,
        intention="cancellation",
        mandate="repurchase",
    )
    done("record", "--file", write("mandates.jsonl", repurchase, extended, bought))
    assert rows("--as-of", "2024-03-01")["issue"]["extended"] == 500
    out = done("mandates", "--as-of", "2024-03-01").out
    assert "extended by" in out
    assert "11,500" in out


def test_findings_are_listed_and_end_in_exit_code_1(book):
    done("record", "--file", write("mandates.jsonl", granted(mandate="issue", base="55,001")))
    ran = captable("mandates", "--as-of", "2024-03-01")
    assert ran.code == 1
    assert "HK305 the base of mandate issue is recorded as 55,001, the book has 55,000" in ran.out
    assert ran.err == "1 finding\n"


def test_an_extension_is_refused_where_the_mandate_is_unknown(book):
    ran = captable("record", "mandate-granted", "--mandate", "m", "--on", "2024-01-03", "--purpose", "issue", "--percent", "20",
                   "--base", "55,000", "--extended-by", "repurchase")  # fmt: skip
    assert ran.code == 2
    assert '--extended-by: unknown mandate "repurchase"' in ran.err
