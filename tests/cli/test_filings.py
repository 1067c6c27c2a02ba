"""The filing register on the command line: what was submitted, the same bytes again, and what would read otherwise now."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

import pytest

from tests.cli.running import captable, done

DECEMBER = ("--month", "2024-12", "--submitted-on", "2025-01-06")
THE_PLACING = "41"


def filed(*arguments: str, path: str = "filed.pdf") -> tuple[str, bytes]:
    """File a return; the number of its entry and the document."""
    said = done("file", *arguments, "-o", path)
    return said.out.split()[2], Path(path).read_bytes()


@pytest.mark.parametrize("fmt", ["pdf", "xlsx", "html", "text", "json"])
def test_a_return_filed_is_made_again_to_the_byte_after_corrections(demo, fmt):
    number, content = filed("monthly", *DECEMBER, "--format", fmt)
    done("correct", THE_PLACING, "--shares", "1,865,000,001")
    done("record", "return-settings-changed", "--on", "2024-12-01", "--percent-decimals", "4")
    done("filings", "show", number, "-o", "again")
    assert Path("again").read_bytes() == content


def test_the_register_keeps_the_digest_of_what_was_filed(demo):
    number, content = filed("monthly", *DECEMBER)
    shown = done("show", number, "--json").json
    assert shown["digest"] == sha256(content).hexdigest()
    assert shown["rendering"] == "pdf"
    assert shown["form"] == "FF301 1.1.1"
    assert shown["book_number"] == 48


def test_a_correction_of_what_was_filed_says_which_returns_it_touches(demo):
    number, _ = filed("monthly", *DECEMBER)
    said = done("correct", THE_PLACING, "--shares", "1,865,000,001").out
    assert f"Filed return affected: Monthly Return for December 2024 (captable filings diff {number})" in said


def test_a_correction_of_what_no_filed_return_shows_touches_none(demo):
    filed("monthly", *DECEMBER)
    assert "Filed already" not in done("correct", THE_PLACING, "--agreed-on", "2024-12-10").out


def test_what_would_read_otherwise_is_listed_field_by_field_with_its_entries(demo):
    number, _ = filed("monthly", *DECEMBER)
    done("correct", THE_PLACING, "--shares", "1,865,000,001")
    ran = captable("filings", "diff", "--json")
    assert ran.code == 1
    (changed,) = json.loads(ran.out)
    assert changed["entry"] == int(number)
    fields = {field["field"]: (field["then"], field["now"], field["entries"]) for field in changed["fields"]}
    correction = int(number) + 1
    assert fields["Part II, class B, increase or decrease, number of issued shares, treasury excluded"] == (
        "1,865,000,000",
        "1,865,000,001",
        [int(THE_PLACING), correction],
    )
    assert fields["Part II, class B, closing balance, number of issued shares, treasury excluded"][:2] == (
        "36,393,336,530",
        "36,393,336,531",
    )


def test_nothing_would_read_otherwise_after_a_fact_of_a_later_month(demo):
    filed("monthly", *DECEMBER)
    done("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2025-01-15")
    ran = captable("filings", "diff")
    assert (ran.code, ran.out) == (0, "")
    assert "0 of 1 filed return no longer match" in ran.err


def test_filing_the_same_return_twice_records_it_once(demo):
    filed("monthly", *DECEMBER)
    again = done("file", "monthly", *DECEMBER)
    assert "already recorded as entry 49" in again.err


def test_a_resubmission_keeps_both(demo):
    first, before = filed("monthly", *DECEMBER)
    done("correct", THE_PLACING, "--shares", "1,865,000,001")
    second, after = filed("monthly", "--month", "2024-12", "--submitted-on", "2025-01-09", path="second.pdf")
    rows = {row["entry"]: row["status"] for row in done("filings", "--json").json}
    assert (rows[int(first)], rows[int(second)]) == ("New Submission", "Resubmission")
    for number, content in ((first, before), (second, after)):
        done("filings", "show", number, "-o", "again.pdf", "--overwrite")
        assert Path("again.pdf").read_bytes() == content


def test_what_was_submitted_again_is_not_compared_unless_it_is_named(demo):
    first, _ = filed("monthly", *DECEMBER)
    done("correct", THE_PLACING, "--shares", "1,865,000,001")
    assert captable("filings", "diff").code == 1
    second, _ = filed("monthly", "--month", "2024-12", "--submitted-on", "2025-01-09", path="second.pdf")
    ran = captable("filings", "diff")
    assert (ran.code, ran.out) == (0, "")
    assert "0 of 1 filed return no longer match" in ran.err
    assert f"1 filed return submitted again since, and not compared: entry {first} (captable filings diff {first}" in ran.err
    named = captable("filings", "diff", first)
    assert (named.code, "1 of 1 filed return no longer matches" in named.err, "not compared" in named.err) == (1, True, False)
    done("correct", str(int(first) + 1), "--shares", "1,865,000,000")
    again = captable("filings", "diff", "--json")
    assert (again.code, [each["entry"] for each in json.loads(again.out)]) == (1, [int(second)])
    said = done("correct", str(int(second) + 1), "--shares", "1,865,000,003").out
    assert f"(captable filings diff {second})" in said
    assert f"(captable filings diff {first})" not in said


def test_what_is_learned_of_a_submission_later_is_added_to_it(demo):
    number, content = filed("monthly", *DECEMBER)
    said = ("--submitted-at", "17:45", "--reference", "ESS-1")
    refused = captable("file", "monthly", *DECEMBER, "-o", "again.pdf", *said)
    way_on = f"captable correct {number} --reference ESS-1 --submitted-at 17:45"
    assert (refused.code, way_on in refused.err, Path("again.pdf").exists()) == (3, True, False)
    corrected = done(*way_on.split()[1:]).out.split()[2]
    assert done("show", corrected, "--json").json["reference"] == "ESS-1"
    assert f"already recorded as entry {corrected}" in done("file", "monthly", *DECEMBER, "-o", "again.pdf", *said).err
    assert f"entry {number} is no longer in effect: entry {corrected} replaces it" in captable("filings", "show", number).err
    done("filings", "show", corrected, "-o", "as-filed.pdf")
    assert Path("as-filed.pdf").read_bytes() == content


def test_a_filing_that_was_withdrawn_is_recorded_again(demo):
    number, _ = filed("monthly", *DECEMBER)
    done("withdraw", number, "--reason", "not submitted")
    again, _ = filed("monthly", *DECEMBER)
    assert int(again) == int(number) + 2
    assert int(again) in [row["entry"] for row in done("filings", "--json").json]


def test_what_was_filed_is_not_edited(demo):
    number, _ = filed("monthly", *DECEMBER)
    ran = captable("correct", number, "--submitted-on", "2025-01-07")
    assert ran.code == 3
    assert "is a return that was filed; it is not edited" in ran.err


def test_a_filing_that_was_not_made_here_cannot_be_made_again(demo):
    ran = captable("filings", "show", "43")
    assert ran.code == 2
    assert "entry 43 records a filing that was not prepared from this book" in ran.err


def test_an_entry_that_is_no_filing_is_named_with_those_that_are(demo):
    ran = captable("filings", "show", THE_PLACING)
    assert ran.code == 2
    assert "entry 41 is not a filing; filings: entries 19, 24, 38, 42, 43, 47" in ran.err


def test_the_next_return_opens_where_the_filed_one_closed(demo):
    done("record", "placing-completed", "--class", "B", "--shares", "5", "--on", "2025-01-15")
    filed("next-day", "--on", "2025-01-15", "--submitted-on", "2025-01-16")
    done("record", "placing-completed", "--class", "B", "--shares", "7", "--on", "2025-01-17")
    said = done("return", "next-day", "--on", "2025-01-17", "--submitted-on", "2025-01-20", "--explain").out
    assert "15 January 2025, closing balance of the Next Day Disclosure Return of 15 January 2025" in said


def test_a_book_with_findings_prints_drafts_until_they_are_cleared_or_the_return_is_final(demo):
    done("correct", THE_PLACING, "--shares", "1,865,000,001")
    asked = ("return", "monthly", *DECEMBER, "--format", "html")
    draft, final = captable(*asked), captable(*asked, "--final")
    assert "marked DRAFT: 1 finding" in draft.err
    assert "DRAFT" in draft.out
    assert "DRAFT" not in final.out + final.err


def test_every_figure_is_explained_in_json_with_its_entries(demo):
    lines = done("return", "monthly", *DECEMBER, "--explain", "--format", "json").json
    found = {(line["label"], line["value"]): line["entries"] for line in lines}
    assert found["Others, Sold", "-20,535,830"] == [44]
    assert found["Placing/subscription - new shares involved", "1,865,000,000"] == [41]


def test_every_return_that_is_due_is_filed_without_naming_one(demo):
    ran = captable("file", "--due", "monthly", "--month", "2024-12")
    assert (ran.code, ran.err.splitlines()[0]) == (2, "captable: --due files every return that is due; leave out monthly")


def test_a_return_that_is_filed_goes_to_standard_output_if_that_is_named(demo):
    """Nothing moved in January 2025: what is printed has the balance of 31 December."""
    ran = done("file", "monthly", "--month", "2025-01", "--submitted-on", "2025-02-05", "--format", "text", "-o", "-")
    assert "36,393,336,530" in ran.out
