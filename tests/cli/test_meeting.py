"""`captable meeting`: the table in every format, a published table checked, results recorded, and bad files refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import captable, done

FILED = Path(__file__).parents[1] / "filed" / "poll-results-2023-06-23" / "table.txt"
AGM = """
- meeting: annual general meeting
  on: 23 June 2023
  scrutineer: The share registrar
- resolution: 6
  subject: Mandate to repurchase up to 10 % of the issued shares
  votes:
    - A 7,520,115,072 for, 0 against
    - B 9,040,397,120 for, 131,000 against, 9,040,528,120 voted
  mandate: repurchase-agm
  purpose: repurchase
  percent: 10
- resolution: 7
  subject: Mandate to issue up to 20 % of the issued shares
  votes:
    - A 7,520,115,072 for, 0 against at 10 votes
    - B 8,626,875,483 for, 413,652,637 against
  mandate: issue-agm
  purpose: issue
  percent: 20
- resolution: 10
  subject: New articles of association
  special: yes
  reserved: yes
  votes:
    - A 7,520,115,072 for, 0 against
    - B 9,040,397,120 for, 131,000 against
"""


@pytest.fixture
def agm(demo):
    Path("agm.yaml").write_text(AGM, encoding="utf-8")
    return demo


def changed(old, new):
    assert old in AGM
    Path("agm.yaml").write_text(AGM.replace(old, new, 1), encoding="utf-8")
    return "agm.yaml"


# --- table --------------------------------------------------------------------------------------------------------


def test_the_table_as_text_prints_the_published_figures(agm):
    out = done("meeting", "table", "agm.yaml").out
    for figure in ("84,241,547,840", "99.999844%", "0.000156%", "95.424464%", "99.508969%", "16,560,643,192", "100%", "0%"):
        assert figure in out
    for words in ("Passed", "Special resolution", "One vote a share (8A.24)", "A (10 votes)", "Not legal advice"):
        assert words in out
    assert "Shares whose holders may attend and vote: 33,468,925,000 (class B: 25,948,809,928 of 1 vote each;" in out
    assert "Scrutineer: The share registrar." in out
    assert "required to abstain from voting in favour (13.40): not stated." in out


def test_the_table_as_json_keeps_whole_numbers(agm):
    found = done("meeting", "table", "agm.yaml", "--json").json
    sixth, seventh, tenth = found["resolutions"]
    assert sixth["total"] == {
        "votes_for": 84_241_547_840,
        "percent_for": "99.999844%",
        "votes_against": 131_000,
        "percent_against": "0.000156%",
        "votes_cast": 84_241_678_840,
        "shares_voted": 16_560_643_192,
    }
    assert [row["votes_per_share"] for row in seventh["rows"]] == [10, 1]
    assert (tenth["special"], tenth["reserved"], tenth["passed"]) == (True, True, True)
    assert {each["share_class"]: each["shares"] for each in found["entitled_to_vote"]} == {
        "A": 7_520_115_072,
        "B": 25_948_809_928,
    }
    assert "Not legal advice" in found["notice"]
    assert found == done("meeting", "table", "agm.yaml", "--format", "json").json


@pytest.mark.parametrize(("form", "begins"), [("html", b"<!DOCTYPE html>"), ("pdf", b"%PDF-"), ("text", b"\n")])
def test_the_table_is_written_to_a_file_in_every_format(agm, form, begins):
    ran = done("meeting", "table", "agm.yaml", "--format", form, "-o", "results")
    assert ran.err == "Poll results written to results\n"
    content = Path("results").read_bytes()
    assert content.startswith(begins)
    done("meeting", "table", "agm.yaml", "--format", form, "-o", "again")
    assert Path("again").read_bytes() == content


def test_the_table_reads_standard_input(agm):
    assert "Passed" in done("meeting", "table", "-", given=AGM.encode()).out


# --- check --------------------------------------------------------------------------------------------------------


def test_a_published_table_is_recomputed_and_its_faults_end_in_exit_code_1(demo):
    ran = captable("meeting", "check", str(FILED), "--on", "2023-06-23")
    assert ran.code == 1
    for figure in ("84,241,678,840", "99.352048%", "16,560,683,191", "83,834,952,503", "0.482809%"):
        assert figure in ran.out
    assert "\nHK803 resolution 1: the columns of votes cast and of voting shares are swapped" in ran.out
    assert "39,999 more than the 9,040,528,120 on 9 of 10 resolutions [Main Board Rule 13.39(5); verified]" in ran.out
    assert ran.out.count("passed") == 10
    assert "Not legal advice" in ran.out
    assert ran.err == "7 findings\n"


def test_a_published_table_is_checked_without_a_book(folder):
    ran = captable("meeting", "check", str(FILED), "--json")
    assert ran.code == 1
    assert [each["resolution"] for each in ran.json["resolutions"]] == [str(number) for number in range(1, 11)]
    assert all(each["passed"] for each in ran.json["resolutions"])
    assert [finding["code"] for finding in ran.json["findings"]] == ["HK803"] * 6 + ["HK806"]


def test_a_table_without_faults_ends_in_exit_code_0(folder):
    Path("results.txt").write_text(
        "1 Accounts\tClass B Shares\t3,000 (75%)\t1,000 (25%)\t4,000\t4,000\nTOTAL\t3,000 (75%)\t1,000 (25%)\t4,000\t4,000\n"
    )
    assert done("meeting", "check", "results.txt").err == "0 findings\n"


def test_of_a_table_of_votes_alone_the_shares_that_voted_are_not_said(folder):
    """10,000 votes of class A may be 1,000 shares of ten; the votes and percentages are recomputed all the same."""
    Path("results.txt").write_text(
        "1 Accounts\tClass A Shares\t9,000 (90%)\t1,000 (10%)\t10,000\nTOTAL\t9,000 (90%)\t1,000 (10%)\t10,000\n"
    )
    out = done("meeting", "check", "results.txt").out
    assert "9,000 90.000000% 1,000 10.000000% 10,000 not printed passed" in " ".join(out.split())
    assert "one vote a share" not in out
    (each,) = done("meeting", "check", "results.txt", "--json").json["resolutions"]
    row, total = each["rows"][0], each["total"]
    assert (row["votes_cast"], row["votes_per_share"], row["shares_voted"]) == (10_000, None, None)
    assert (total["votes_cast"], total["shares_voted"]) == (10_000, None)


@pytest.mark.parametrize("content", ["", "no table here"])
def test_what_has_no_table_is_refused(folder, content):
    Path("results.txt").write_text(content)
    ran = captable("meeting", "check", "results.txt")
    assert (ran.code, ran.out) == (2, "")
    assert "results.txt: expected rows of votes by class" in ran.err


# --- record -------------------------------------------------------------------------------------------------------


def test_results_and_mandates_are_recorded_once(agm):
    ran = done("meeting", "record", "agm.yaml", "--source", "poll results")
    assert "Recorded 5 entries" in ran.out
    assert "6,693,785,000" in ran.out
    assert "3,346,892,500" in ran.out
    again = done("meeting", "record", "agm.yaml", "--source", "poll results")
    assert again.out == ""
    assert "already recorded" in again.err


def test_a_mandate_that_the_book_has_already_is_recognised(demo):
    again = AGM.replace("repurchase-agm", "repurchase-2023").replace("  on: 23", "  annual: yes\n  on: 23")
    Path("agm.yaml").write_text(again, encoding="utf-8")
    ran = done("meeting", "record", "agm.yaml")
    assert "Recorded 4 entries" in ran.out
    assert ran.err.count("already recorded as entry") == 1


def test_a_dry_run_records_nothing(agm):
    before = done("history", "--json").json
    assert "Would record 5 entries" in done("meeting", "record", "agm.yaml", "--dry-run").out
    assert done("history", "--json").json == before


def test_a_mandate_that_was_not_carried_is_said_not_to_be_recorded(agm):
    changed("A 7,520,115,072 for, 0 against at 10 votes", "A 0 for, 7,520,115,072 against")
    ran = done("meeting", "record", "agm.yaml")
    assert "mandate issue-agm was not carried and is not recorded" in ran.err
    assert "issue-agm" not in ran.out


def test_a_resolution_may_extend_a_mandate_by_another(agm):
    more = "- resolution: 8\n  subject: Extension of 7\n  votes: B 9 for, 1 against\n  extends: issue-agm\n"
    Path("agm.yaml").write_text(AGM + more + "  extended_by: repurchase-agm\n", encoding="utf-8")
    done("meeting", "record", "agm.yaml")
    (granted,) = (entry for entry in done("history", "--json").json if entry.get("mandate") == "issue-agm")
    assert granted["extended_by"] == "repurchase-agm"
    Path("agm.yaml").write_text(AGM + more, encoding="utf-8")
    assert "extended_by: missing; an extension is extends, extended_by" in captable("meeting", "table", "agm.yaml").err


def test_a_mandate_names_the_classes_that_it_counts(agm):
    Path("agm.yaml").write_text(AGM.replace("  mandate: issue-agm", "  classes: B\n  mandate: issue-agm"), encoding="utf-8")
    done("meeting", "record", "agm.yaml", "--by", "secretary")
    (granted,) = (entry for entry in done("history", "--json").json if entry.get("mandate") == "issue-agm")
    assert (granted["base"], granted["classes"]) == (25_948_809_928, ["B"])


def test_recorded_results_come_back_from_an_export(agm):
    done("meeting", "record", "agm.yaml")
    done("export", "-o", "book.jsonl")
    done("record", "--file", "book.jsonl", "--store", "copy.db")
    assert (
        done("verify", "--json", "--store", "copy.db").json["00020"]["entries"]
        == done("verify", "--json").json["00020"]["entries"]
    )


def test_a_result_may_be_recorded_by_its_options_alone(demo):
    ran = done(
        "record", "poll-result-declared", "--on", "2023-06-23", "--meeting", "annual general meeting", "--resolution", "9",
        "--subject", "auditor", "--reserved", "--votes", "A 7,520,115,072 for, 0 against; B 9,040,437,119 for, 131,000 against",
    )  # fmt: skip
    assert "Recorded entry" in ran.out


# --- bad files ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        pytest.param("B 9,040,397,120 for", "B 26,040,397,120 for",
                     "class B: 26,040,528,120 shares voted, 91,718,192 more than the 25,948,809,928",
                     id="more votes than shares in issue, and than said"),
        pytest.param("9,040,528,120 voted", "9,040,528,121 voted",
                     "agm.yaml: resolution 6: class B: 9,040,397,120 for and 131,000 against make 9,040,528,120, not",
                     id="votes that do not add up"),
        pytest.param("on: 23 June 2023", "on: 28 December 2021",
                     "the book begins at close of 29 December 2021 (entry 7)", id="too early"),
        pytest.param("at 10 votes", "at 20 votes", "class A: the votes of a share are 10, not 20", id="20 votes a share"),
        pytest.param("reserved: yes\n  votes:\n    - A 7,520,115,072 for, 0 against",
                     "reserved: yes\n  votes:\n    - A 7,520,115,072 for, 0 against at 10 votes",
                     "resolution 10: class A: expected one vote a share on a reserved matter (rule 8A.24), got 10",
                     id="weighted votes on a reserved matter"),
        pytest.param("resolution: 7", "resolution: 6", "agm.yaml: resolution 6: stands twice", id="a number twice"),
        pytest.param("A 7,520,115,072 for, 0 against", "A 7.5 for, 0 against",
                     "agm.yaml:7: votes: expected shares voted such as B 9,040,397,120 for", id="half a share"),
        pytest.param("subject: New articles of association", "subjct: New articles of association",
                     "agm.yaml:22: subjct: unknown field; expected one of resolution, subject", id="an unknown field"),
        pytest.param("percent: 20", "percent: 120", "agm.yaml:20: percent: expected a percentage above 0", id="120 %"),
        pytest.param("  purpose: issue\n", "", "purpose: missing; a mandate is mandate, purpose, percent", id="half a mandate"),
        pytest.param("purpose: issue", "purpose: isue", "purpose: expected issue or repurchase, got isue", id="a purpose"),
        pytest.param("votes:\n    - A 7,520,115,072 for, 0 against\n", "votes: []\n", "expected YAML", id="broken YAML"),
        pytest.param("- resolution: 7", "- resolution:", "agm.yaml:13: resolution: missing", id="no number"),
        pytest.param("on: 23 June 2023", "on: 31 June 2023", "agm.yaml:3: on: expected a date", id="no such day"),
        pytest.param("- meeting: annual general meeting\n  on: 23 June 2023\n  scrutineer: The share registrar\n", "",
                     "agm.yaml: expected one meeting and its resolutions, got 0 and 3", id="no meeting"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_and_named(agm, old, new, message):
    changed(old, new)
    before = done("history", "--json").json
    for command in ("table", "record"):
        ran = captable("meeting", command, "agm.yaml")
        assert (ran.code, ran.out) == (2, "")
        assert message in ran.err
    assert done("history", "--json").json == before


@pytest.mark.parametrize(
    "arguments", [("table", "none.yaml"), ("table", "agm.xlsx"), ("check", "none.txt"), ("table",), ("tabel",)]
)
def test_bad_use_is_exit_code_2(agm, arguments):
    Path("agm.xlsx").write_bytes(b"x")
    assert captable("meeting", *arguments).code == 2


def test_the_help_begins_with_an_example_and_says_it_is_no_advice():
    out = done("meeting", "-h").out
    assert out.index("Examples:") < out.index("Options:")
    assert "Not legal advice" in " ".join(out.split())


def test_the_table_says_which_shares_in_issue_carry_no_votes(book):
    """Of 50,000 class B shares 700 are in treasury in March 2024; 300 preference shares have no votes."""
    done(
        "record",
        "share-class-created",
        "--class",
        "P",
        "--class-label",
        "Preference shares",
        "--votes-per-share",
        "0",
        "--on",
        "2024-03-01",
    )
    done("record", "authorised-capital-increased", "--class", "P", "--shares", "1,000", "--on", "2024-03-01")
    done(
        "record",
        "other-shares-issued",
        "--class",
        "P",
        "--shares",
        "300",
        "--text",
        "Issue of preference shares",
        "--on",
        "2024-03-01",
    )
    Path("egm.yaml").write_text(
        "- {meeting: extraordinary general meeting, on: 2024-03-04}\n"
        "- {resolution: 1, subject: Change of name, votes: ['A 5,000 for, 0 against', 'B 1,000 for, 0 against']}\n",
        encoding="utf-8",
    )
    out = " ".join(done("meeting", "table", "egm.yaml").out.split())
    assert "Shares in issue at close of the day: 55,300 (" in out
    assert "Shares whose holders may attend and vote: 54,300 (" in out
    assert "Left out of these: 300 shares of classes without votes." in out
    assert "Left out of these: 700 treasury shares and shares pending cancellation, which carry no votes [unverified]." in out
