"""`captable new`: what is asked, what options say, what is recorded, and what is refused before anything is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.running import balances, captable, done

GIVEN = {
    "--name": "Example Lantern Limited", "--stock-code": "02026", "--par-value": "HKD 0.1", "--authorised": "2,000,000,000",
    "--issued": "800,000,000", "--treasury": "2,000,000", "--as-at": "31 Dec 2024",
}  # fmt: skip
TYPED = (
    "Example Lantern Limited", "2026", "02026", "Bermuda", "", "31 Dec 2024",
    # Code, label, type and votes of the class; its par value and figures; no further class, no mandate.
    "", "", "", "", "0.1", "HKD 0.1", "2,000,000,000", "eight", "800,000,000", "2,000,000", "", "", "",
)  # fmt: skip


def options(**other: str | None) -> list[str]:
    given = {**GIVEN, **{f"--{name.replace('_', '-')}": value for name, value in other.items()}}
    return [word for name, value in given.items() if value is not None for word in (name, value)]


def typed(*more: str) -> bytes:
    return "".join(f"{line}\n" for line in (*TYPED, *more)).encode()


def test_a_book_begins_from_options_without_a_question():
    ran = done("new", *options(), "--yes")
    row = balances("--as-of", "2024-12-31")["ordinary"]
    # 800,000,000 and 2,000,000 in treasury.
    assert (row["authorised"], row["issued_excluding_treasury"], row["treasury"]) == (2_000_000_000, 800_000_000, 2_000_000)
    assert row["total_issued"] == 802_000_000
    assert done("balances", "--as-of", "2024-12-31", "--json").json["issuer"] == "02026"
    assert ran.err.splitlines()[-5:] == [
        "captable.db is made. Next:",
        "  captable balances --as-of 2024-12-31",
        "  captable record mandate-granted -h",
        "  captable record shares-repurchased --class ordinary -h",
        "  captable due",
    ]


def test_what_the_options_leave_out_is_asked_for_until_it_can_be_read():
    ran = done("new", given=typed("y"))
    assert "expected a stock code of five digits such as 00020, got 2026. Did you mean 02026?" in ran.err
    assert "expected a currency and an amount" in ran.err
    assert "expected a whole number, got eight" in ran.err
    assert done("show", "1", "--json").json["incorporated_in"] == "Bermuda"
    assert balances("--as-of", "2024-12-31")["ordinary"]["total_issued"] == 802_000_000


def test_the_facts_are_shown_before_they_are_agreed_to_and_nothing_is_made_otherwise():
    ran = done("new", *options(), given=b"\n" * 9 + b"n\n")
    assert "Would record 4 entries" in ran.out
    assert (
        "  Balance brought forward: effective_on 2024-12-31, share_class ordinary, issued_excluding_treasury 800,000" in ran.err
    )
    assert ran.err.endswith("nothing was recorded\n")
    assert not Path("captable.db").exists()


def test_answers_that_end_early_make_nothing():
    assert captable("new", given=b"Example Lantern Limited\n").code == 130
    assert not Path("captable.db").exists()


def test_every_option_that_is_missing_or_wrong_is_named_at_once():
    ran = captable("new", *options(stock_code="2026", issued=None, as_at="31/2/2024"), "--yes")
    assert (ran.code, ran.out) == (2, "")
    assert [line.partition(":")[0] for line in ran.err.splitlines()[:3]] == ["--stock-code", "--as-at", "--issued"]
    assert not Path("captable.db").exists()


@pytest.mark.parametrize(("authorised", "stored"), [("no", False), ("none", False), ("registered", "registered")])
def test_an_issuer_without_authorised_capital_or_par_value_says_so(authorised, stored):
    done("new", *options(authorised=authorised, par_value="none"), "--yes")
    assert balances("--as-of", "2024-12-31")["ordinary"]["authorised"] in (None, 802_000_000)
    created = done("show", "2", "--json").json
    assert (created["authorised"], created.get("par_value")) == (stored, None)


def test_more_issued_than_authorised_is_refused_before_anybody_agrees():
    ran = captable("new", *options(authorised="801,999,999"), "--yes")
    assert (ran.code, "authorised" in ran.err) == (3, True)
    assert not Path("captable.db").exists()


def test_the_facts_are_kept_as_a_file_that_begins_the_same_book():
    done("new", *options(), "--yes", "--keep", "lantern.jsonl", "--source", "Monthly Return for December 2024")
    done("record", "--file", "lantern.jsonl", "--store", "again.db")
    shown = [done("history", "--store", store, "--json").json for store in ("captable.db", "again.db")]
    facts = [[{name: row[name] for name in ("event", "effective_on", "source")} for row in rows] for rows in shown]
    assert facts[0] == facts[1]
    assert {row["source"] for row in facts[0]} == {"Monthly Return for December 2024"}
    assert balances("--as-of", "2024-12-31") == balances("--as-of", "2024-12-31", "--store", "again.db")


@pytest.mark.parametrize("name", ["init", "create", "begin", "setup"])
def test_other_names_for_it_suggest_it(name):
    assert f"there is no command '{name}'. Did you mean captable new?" in captable(name).err


# --- Several classes, mandates, programs --------------------------------------------------------------------------------

WVR = (
    "new", "--name", "Example Lantern Limited", "--stock-code", "02026", "--as-at", "31 Dec 2024", "--par-value", "USD 0.0001",
    "--class-label", "WVR ordinary shares",
    "--class", "B", "--type-label", "B", "--votes", "1", "--authorised", "9,000,000", "--issued", "800,000", "--treasury", "5,000",
    "--class", "A", "--type-label", "A", "--votes", "10", "--authorised", "1,000,000", "--issued", "70,000", "--treasury", "0",
)  # fmt: skip


def test_options_of_several_classes_are_given_once_for_each_in_the_order_of_their_codes():
    done(*WVR, "--yes")
    rows = balances("--as-of", "2024-12-31")
    assert {code: (row["authorised"], row["issued_excluding_treasury"], row["treasury"]) for code, row in rows.items()} == {
        "B": (9_000_000, 800_000, 5_000),
        "A": (1_000_000, 70_000, 0),
    }
    created = [done("show", str(number), "--json").json for number in (2, 5)]
    assert [(each["share_class"], each["type_label"], each.get("stock_code")) for each in created] == [
        ("B", "B", "02026"),
        ("A", "A", None),
    ]
    assert [each.get("votes_per_share", 1) for each in created] == [1, 10]
    assert {each["par_value"] for each in created} == {"USD 0.0001"}


def test_a_figure_given_once_is_not_that_of_two_classes():
    ran = captable(*WVR, "--yes", "--treasury", "7")
    assert ran.code == 2
    assert "--treasury: expected 2 of them, one for each class, got 3" in ran.err
    assert not Path("captable.db").exists()


def test_further_classes_are_asked_for_until_there_is_none():
    second = ("A", "WVR ordinary shares", "A", "10", "HKD 0.1", "1,000", "700", "0", "none", "")
    first = ("B", "WVR ordinary shares", "B", "1", "HKD 0.1", "2,000", "900", "5")
    asked = ("Example Lantern Limited", "02026", "", "", "31 Dec 2024", *first, *second, "", "", "y")
    done("new", given="".join(f"{line}\n" for line in asked).encode())
    rows = balances("--as-of", "2024-12-31")
    assert {code: row["total_issued"] for code, row in rows.items()} == {"B": 905, "A": 700}


def test_the_mandates_of_the_last_meeting_are_known_from_the_first_day():
    granted = ("--repurchase-mandate", "20 May 2024", "--repurchase-base", "810,000,000", "--repurchase-used", "10,000,000")
    done("new", *options(), *granted, "--yes")
    (mandate,) = done("mandates", "--as-of", "2024-12-31", "--json").json["mandates"]
    # 10 % of 810,000,000 are 81,000,000; 10,000,000 of them are used.
    assert (mandate["mandate"], mandate["limit"], mandate["used"], mandate["headroom"]) == (
        "repurchase-2024",
        81_000_000,
        10_000_000,
        71_000_000,
    )


def test_a_mandate_without_its_base_is_named_and_nothing_is_made():
    ran = captable("new", *options(), "--issue-mandate", "20 May 2024", "--yes")
    assert ran.code == 2
    assert [line.partition(":")[0] for line in ran.err.splitlines()[:2]] == ["--issue-base", "--issue-used"]
    assert not Path("captable.db").exists()


def test_a_program_records_and_reads_json():
    recorded = done("new", *options(), "--yes", "--json").json
    assert recorded["recorded"] == [1, 2, 3, 4]


def test_with_json_nothing_is_asked_and_without_yes_nothing_is_recorded():
    rehearsed = done("new", *options(), "--json").json
    assert (len(rehearsed["would_record"]), rehearsed["recorded"]) == (4, [])
    assert not Path("captable.db").exists()


def test_options_that_cannot_be_read_are_named_before_anything_is_asked():
    ran = captable("new", "--stock-code", "2026", "--issued", "eight", given=b"")
    assert ran.code == 2
    assert [line.partition(":")[0] for line in ran.err.splitlines()[:2]] == ["--stock-code", "--issued"]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        (("--keep", "facts.yaml"), "--keep: expected a file named .jsonl, got facts.yaml"),
        (("--class", "B", "--class", "B"), "--class: expected each code once, got B, B"),
        (("--issued", "-5"), "--issued: expected a number of shares, 0 or more, got -5"),
        (("--name", " "), "--name: expected some text"),
    ],
)
def test_what_an_option_cannot_be_is_named(more, said):
    ran = captable("new", "--yes", *more)
    assert ran.code == 2
    assert said in ran.err
    assert list(Path().iterdir()) == []
