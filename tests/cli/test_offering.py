"""`captable offering`: what it prints, as text and as JSON, and how it ends."""

from __future__ import annotations

import io
import json
import sys
from importlib import resources
from pathlib import Path

import pytest

from cli import main as command_line

TABLE = str(Path(__file__).parent.parent / "filed" / "offering-2021-12-20" / "amounts.txt")
RATES = ("--price", "HKD 3.99", "--on", "2021-12-20")
OFFERED = ("--shares", "1,500,000,000", "--public", "150,000,000", "--on", "2021-12-20")
REFORMED = ("--shares", "1,000,000", "--public", "50,000", "--on", "4 Aug 2025")


@pytest.fixture
def offering(monkeypatch, capsys):
    monkeypatch.setitem(command_line.COMMANDS, "offering", ("cli.commands.offering:offering", ""))

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            command_line.main(["offering", *arguments])
        said = capsys.readouterr()
        assert "Traceback" not in said.out + said.err
        assert "unexpected" not in said.err
        return ended.value.code, said.out, said.err

    return run


@pytest.mark.parametrize("command", ["", "table", "check", "reallocate", "structure"])
def test_help_shows_an_example_before_the_options(offering, command):
    code, out, _ = offering(*command.split(), "-h")
    assert code == 0
    assert f"captable offering {command}".rstrip() in out.split("Example")[1].split("Options:")[0]


def test_without_a_command_the_group_shows_its_help(offering):
    assert offering() == offering("-h")


def test_the_table_prints_every_row_with_its_parts_and_sources(offering):
    code, out, _ = offering("table", *RATES, "--maximum", "75,000,000")
    lines = out.splitlines()
    assert code == 0
    assert lines[1].split()[-2:] == ["payable", "HKD"]
    assert lines[2].split() == ["1,000", "3,990.00", "39.90", "0.11", "0.20", "4,030.21"]
    assert lines[49].split()[::5] == ["75,000,000", "302,265,542.25"]
    assert lines[50] == ""
    assert "verified: SFC transaction levy" in out
    assert "Not legal advice" in lines[-1]


def test_the_table_as_json_keeps_cents_as_text(offering):
    code, out, _ = offering("table", *RATES, "--lots", "1,000; 2,000", "--json")
    said = json.loads(out)
    charges = {"brokerage": "79.80", "sfc-levy": "0.22", "trading-fee": "0.40", "afrc-levy": "0.00"}
    assert code == 0
    assert said["rows"][1] == {"shares": 2_000, "consideration": "7980.00", "charges": charges, "payable": "8060.42"}
    assert [row["payable"] for row in said["rows"]] == ["4030.21", "8060.42"]
    assert {each["confidence"] for each in said["rests_on"]} == {"verified"}
    assert "Not legal advice" in said["notice"]


def test_the_afrc_levy_has_a_column_from_the_day_it_is_charged(offering):
    for day, charged in (("2021-12-31", False), ("2022-01-01", True)):
        _, out, _ = offering("table", "--price", "HKD 3.99", "--on", day, "--lots", "1,000")
        assert ("AFRC transaction levy 0.00015 %" in out) is charged


def test_one_number_of_shares_is_picked_from_the_table(offering):
    assert offering("table", *RATES, "--shares", "2,000")[1].count("8,060.42") == 1
    code, _, err = offering("table", *RATES, "--shares", "2,500")
    assert code == 2
    assert "2,500 shares cannot be applied for; the nearest numbers are 2,000 and 3,000" in err


def test_the_published_table_is_checked_and_its_three_misprints_are_reported(offering):
    code, out, err = offering("check", TABLE, *RATES)
    assert code == 1
    assert out.startswith("45 of 48 rows reproduce at HKD 3.99 a share and the rates of 20 December 2021\n")
    assert [line.split(";")[1].split(" = ")[0] for line in out.splitlines() if line.startswith("HK701")] == [
        " expected 8,060.42",
        " expected 80,604.14",
        " expected 806,041.45",
    ]
    assert "3 findings" in err


def test_the_check_as_json_lists_all_rows_and_the_findings(offering):
    code, out, _ = offering("check", TABLE, *RATES, "--json")
    said = json.loads(out)
    assert (code, said["reproduced"], len(said["rows"]), said["unread"]) == (1, 45, 48, [])
    wrong = {row["shares"]: (row["printed"], row["read"], row["expected"]) for row in said["rows"] if not row["agrees"]}
    assert wrong == {
        2_000: ("8,000.42", "8000.42", "8060.42"),
        20_000: ("80,004.14", "80004.14", "80604.14"),
        200_000: ("8006,041.45", None, "806041.45"),
    }
    assert [finding["code"] for finding in said["findings"]] == ["HK701"] * 3


def test_a_table_that_reproduces_ends_well(offering, tmp_path):
    good = tmp_path / "good.txt"
    good.write_text("1,000 4,030.21\n2,000 8,060.42\n")
    code, out, err = offering("check", str(good), *RATES)
    assert (code, "2 of 2 rows reproduce" in out, "0 findings" in err) == (0, True, True)


def test_a_line_that_cannot_be_read_is_reported_and_counts(offering, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text("1,000 4,030.21\n2,000 25,000 100,755.18\n3,000 12,090.62\n")
    code, out, err = offering("check", str(text), *RATES)
    assert code == 1
    assert "line 2: not read: 2,000 25,000 100,755.18" in out
    assert "1 finding" in err


def test_a_wrong_price_is_suspected_where_most_rows_differ(offering):
    code, _, err = offering("check", TABLE, "--price", "HKD 3.85", "--on", "2021-12-20")
    assert code == 1
    assert "check the price and the day" in err


def test_the_text_may_come_from_standard_input(offering, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"1,000 4,030.21\n")))
    assert offering("check", "-", *RATES)[0] == 0


def test_the_clawback_prints_the_tranches_and_its_mark(offering):
    code, out, _ = offering("reallocate", *OFFERED, "--multiple", "50")
    assert code == 0
    assert out.startswith("clawback under PN18: subscribed 50.0000 times, at least 40 % for the public\n")
    assert "secondary: clawback under PN18" in out
    assert "Not legal advice" in out


def test_a_multiple_just_below_a_step_does_not_print_as_the_step(offering):
    _, out, _ = offering("reallocate", *OFFERED, "--applied", "2,249,999,999")
    assert out.startswith("clawback under PN18: subscribed 14.9999 times, no clawback\n")


def test_mechanism_a_is_marked_secondary_as_text_and_as_json(offering):
    arguments = ("reallocate", *REFORMED, "--mechanism", "A", "--multiple", "100", "--international-multiple", "1")
    assert "secondary: clawback under Mechanism A" in offering(*arguments)[1]
    said = json.loads(offering(*arguments, "--json")[1])
    assert (said["public"], said["international"], said["moved"], said["percent"]) == (350_000, 650_000, 300_000, "35")
    assert [each["confidence"] for each in said["rests_on"]] == ["secondary"]
    assert said["not_checked"] == []


def test_a_clawback_says_that_demand_for_the_international_tranche_is_not_known(offering):
    unknown = "not checked: whether the international tranche is fully subscribed: without that there is no clawback"
    assert unknown in offering("reallocate", *OFFERED, "--multiple", "50")[1]
    assert unknown not in offering("reallocate", *OFFERED, "--multiple", "50", "--international-multiple", "1")[1]
    _, out, _ = offering("reallocate", *OFFERED, "--multiple", "50", "--international-multiple", "0.99")
    assert out.startswith("clawback under PN18: subscribed 50.0000 times, no clawback\n")
    assert unknown not in out


def test_a_specialist_technology_company_has_steps_of_its_own(offering):
    more = ("--mechanism", "18C", "--multiple", "50", "--international-multiple", "1", "--json")
    assert json.loads(offering("reallocate", *REFORMED, *more)[1])["public"] == 200_000


def test_a_voluntary_reallocation_says_what_it_did_not_check(offering):
    code, out, _ = offering("reallocate", *OFFERED, "--move", "150,000,000")
    assert code == 0
    assert "not checked: the offer price" in out
    assert "not checked: whether demand in the two tranches allows it" in out


def test_a_voluntary_reallocation_beyond_its_limits_is_found(offering):
    prices = ("--price", "HKD 3.99", "--lowest-price", "HKD 3.85")
    code, out, _ = offering("reallocate", *OFFERED, "--move", "150,000,001", *prices)
    assert code == 1
    assert [line[:5] for line in out.splitlines() if line.startswith("HK")] == ["HK705", "HK706"]


def test_the_structure_prints_limits_days_steps_and_facts(offering):
    option = ("--over-allotment", "225,000,000", "--exercised", "2022-01-21: 225,000,000")
    days = ("--applications-close-on", "2021-12-23", "--listed-on", "2021-12-30", "--offer-price", "HKD 3.85")
    code, out, _ = offering("structure", *OFFERED, *option, *days)
    assert code == 0
    for words in ("225,000,000 (15.00 %)", "22 January 2022", "300,000,000 (20.00 %)", "75,000,000 (5.00 %)"):
        assert words in out
    assert "subscribed 15 times or more: 450,000,000 shares for the public (30 %)" in out
    assert "unverified: over-allotment option" in out


def test_the_facts_of_a_completed_offering_can_be_recorded(offering):
    from infrastructure.readers.records import read_records

    completed = ("--over-allotment", "225,000,000", "--listed-on", "2021-12-30", "--offer-price", "HKD 3.85")
    code, out, _ = offering("structure", *OFFERED, *completed, "--exercised", "2022-01-21: 225,000,000", "--facts")
    batch = read_records("facts.jsonl", out.encode(), recorded_by="the secretary")
    assert (code, batch.problems) == (0, ())
    assert [(type(draft.event).__name__, draft.event.shares) for draft in batch.drafts] == [
        ("GlobalOfferingCompleted", 1_500_000_000),
        ("OverAllotmentOptionExercised", 225_000_000),
    ]
    history = (resources.files("infrastructure.worked_issuer") / "sensetime.yaml").read_bytes()
    recorded = {draft.event for draft in read_records("sensetime.yaml", history, recorded_by="demo").drafts}
    assert {draft.event for draft in batch.drafts} <= recorded


def test_the_structure_as_json_lists_findings_and_what_was_not_checked(offering):
    arguments = ("structure", *REFORMED, "--mechanism", "A", "--over-allotment", "150,001", "--json")
    code, out, _ = offering(*arguments)
    said = json.loads(out)
    assert (code, [finding["code"] for finding in said["findings"]]) == (1, ["HK702"])
    assert said["not_checked"][0] == "the bookbuilding tranche: give --bookbuilding"
    assert said["not_checked"][1].startswith("public float at listing (HK332, Main Board Rules 8.08(1), 8.08A;")
    assert len(said["not_checked"]) == 2
    assert [step["public"] for step in said["steps"]] == [150_000, 250_000, 350_000]
    assert "largest_public_by_voluntary_reallocation" not in said


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("table", "--price", "3.99", "--on", "2021-12-20"), "expected a currency and an amount such as HKD 1.5"),
        (("table", "--price", "HKD 0", "--on", "2021-12-20"), "expected an offer price above zero"),
        (("table", "--price", "HKD 3.99", "--on", "2009-12-20"), "no SFC transaction levy is known before 1 October 2010"),
        (("table", *RATES, "--maximum", "1,500"), "expected a maximum of 1 to 100,000 board lots of 1,000, got 1,500 shares"),
        (("table", *RATES, "--maximum", "0"), "got 0 shares"),
        (("table", *RATES, "--board-lot", "0"), "board lots of 0"),
        (("table", *RATES, "--lots", ";"), "expected numbers of shares such as 1,000; 2,000"),
        (("table", *RATES, "--lots", "1,000; x"), "expected a whole number, got x"),
        (("table", *RATES, "--lots", "-1000"), "expected a whole number of shares above zero, got -1000"),
        (("check", "nowhere.txt", *RATES), "nowhere.txt"),
        (("check", __file__, *RATES), "no table of numbers of shares"),
        (("reallocate", *OFFERED), "give one of --applied, --multiple and --move"),
        (("reallocate", *OFFERED, "--applied", "1", "--multiple", "1"), "give one of --applied, --multiple and --move"),
        (("reallocate", *OFFERED, "--applied", "-1"), "applied for of zero or more, got -1"),
        (("reallocate", *OFFERED, "--multiple", "-1"), "expected a plain decimal number"),
        (("reallocate", *OFFERED, "--move", "0"), "expected 1 to 1,350,000,000 shares to move, got 0"),
        (("reallocate", *REFORMED, "--multiple", "1"), "--mechanism: expected A or 18C or B"),
        (("reallocate", *REFORMED, "--mechanism", "A", "--move", "1"), "voluntary reallocation limit is not in force"),
        (("reallocate", *OFFERED, "--mechanism", "A", "--multiple", "1"), "--mechanism: expected PN18 on 20 December 2021"),
        (("structure", *OFFERED, "--international", "1"), "--international: expected tranches that make up 1,500,000,000 shares"),
        (("structure", *OFFERED, "--facts"), "--offer-price: expected the final offer price"),
        (("structure", *OFFERED, "--exercised", "soon"), "expected a date"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_named(offering, arguments, message):
    code, out, err = offering(*arguments)
    assert (code, out) == (2, "")
    assert message in err


def test_a_pdf_is_refused_with_what_to_give_instead(offering, tmp_path):
    file = tmp_path / "announcement.pdf"
    file.write_bytes(b"%PDF-1.7\n")
    code, _, err = offering("check", str(file), *RATES)
    assert code == 2
    assert "is a PDF; expected its text" in err
