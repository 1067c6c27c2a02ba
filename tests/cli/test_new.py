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
    "Example Lantern Limited", "2026", "02026", "Bermuda", "", "", "0.1", "HKD 0.1",
    "2,000,000,000", "eight", "800,000,000", "2,000,000", "31 Dec 2024",
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
    ran = done("new", *options(), given=b"\n\n\nn\n")
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
    assert [line.partition(":")[0] for line in ran.err.splitlines()[:3]] == ["--stock-code", "--issued", "--as-at"]
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
