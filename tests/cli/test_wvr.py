"""`captable wvr`: the working of chapter 8A, a planned cancellation, and a breach."""

from __future__ import annotations

import pytest

from tests.cli.running import captable, done, fact, write


def line(out, begins):
    return next(each.split() for each in out.splitlines() if each.startswith(begins))


def test_the_working_prints_each_cancellation_of_2022(demo):
    ran = done("wvr", "--as-of", "2022-12-30")
    assert line(ran.out, "31 August")[3:] == [
        "6,700,000", "7,528,760,000", "33,507,400,000", "1,505,419.46", "1,505,420", "1,505,420", "enough",
    ]  # fmt: skip
    assert line(ran.out, "30 December")[3:] == [
        "31,775,000", "7,527,254,580", "33,500,700,000", "7,139,507.96", "7,139,508", "7,139,508", "enough",
    ]  # fmt: skip
    assert line(ran.out, "all ")[1:] == ["33,468,925,000", "101,149,960,648", "100", "%"]
    assert "holds: 25,948,809,928 of 101,149,960,648 votes are without weighted rights, 25.65 %" in ran.out
    assert "22.468947 %" in ran.out
    for mark in ("[Main Board Rule 8A.09; verified]", "[Main Board Rule 8A.10; verified]", "[Main Board Rule 8A.13; verified]"):
        assert mark in ran.out
    assert "Not legal advice" in ran.out
    assert ran.err == "0 findings\n"


@pytest.mark.parametrize(
    ("on", "shares", "required", "exact"),
    [("2022-12-29", "31,775,000", "7,139,508", "7,139,507.96"), ("2022-06-24", "6700000", "1,505,420", "1,505,419.46")],
)
def test_a_planned_cancellation_is_answered_with_the_conversion_it_needs(demo, on, shares, required, exact):
    out = done("wvr", "--as-of", on, "--cancel", shares).out
    assert f"requires converting {required} weighted shares" in out
    assert f"exact {exact}, rounded up {required}" in out
    assert "Not legal advice" in out


def test_a_plan_as_json_gives_the_exact_figure(demo):
    found = done("wvr", "--as-of", "2022-12-29", "--cancel", "31,775,000", "--json").json
    assert (found["required"], found["exact"], found["confidence"]) == (7_139_508, "7139507.9589", "verified")


def test_the_working_as_json_has_holdings_tests_and_cancellations(demo):
    found = done("wvr", "--as-of", "2022-12-31", "--json").json
    assert [each["votes"] for each in found["holdings"]] == [25_948_809_928, 75_201_150_720]
    assert [each["holds"] for each in found["tests"]] == [True] * 3
    assert [(each["required"], each["converted"]) for each in found["cancellations"]] == [(1_505_420,) * 2, (7_139_508,) * 2]
    assert found["findings"] == []
    assert {each["confidence"] for each in found["rests_on"]} == {"verified"}


def test_one_share_fewer_is_reported_as_a_breach_with_exit_code_1(demo):
    number = next(entry["entry"] for entry in done("history", "--json").json if entry.get("shares") == 7_139_508)
    done("correct", str(number), "--shares", "7,139,507")
    ran = captable("wvr", "--as-of", "2022-12-30")
    assert ran.code == 1
    assert "HK504 31,775,000 shares left on 30 December 2022: at least 7,139,508 weighted shares had to be converted" in ran.out
    assert "1 too few" in ran.out
    assert line(ran.out, "30 December")[-2:] == ["TOO", "FEW"]
    # What was known before the correction still stands.
    assert "HK504" not in done("wvr", "--as-of", "2022-12-30", "--known-at", "2020-01-01").out


def test_rights_that_ceased_are_shown_until_the_shares_convert(demo):
    done("record", "voting-rights-ceased", "--on", "15 December 2023", "--class", "A", "--holder", "Amind Inc.",
         "--shares", "6,906,080,602", "--reason", "death of the beneficiary")  # fmt: skip
    before, after = (done("wvr", "--as-of", on).out for on in ("2023-12-15", "2024-07-31"))
    assert line(before, "A      Amind")[3:5] == ["6,906,080,602", "1"]
    assert "1.834641 %" in before
    assert "ended on 31 July 2024: 6,906,080,602 shares of class A of Amind Inc., 1 votes each" in after
    assert captable("wvr", "--as-of", "2024-12-31").code == 0


def test_treasury_shares_make_the_working_unverified(demo):
    done(
        "record", "shares-repurchased", "--on", "20 December 2024", "--class", "B", "--shares", "1,000", "--intention", "treasury"
    )
    out = captable("wvr", "--as-of", "2024-12-20").out
    assert "Treasury shares are left out of the shares in issue [unverified]." in out
    assert "carry no votes [unverified]." in out
    assert "counted in" in captable("wvr", "--as-of", "2024-12-20", "--count-treasury").out


def test_before_the_book_begins_no_votes_are_known(demo):
    ran = captable("wvr", "--as-of", "2021-01-01")
    assert (ran.code, ran.out) == (2, "")
    assert "the book begins at close of 29 December 2021 (entry 7)" in ran.err


@pytest.mark.parametrize("shares", ["0", "-5", "5.5", "40,000,000,000", "many"])
def test_a_plan_that_cannot_be_is_refused(demo, shares):
    ran = captable("wvr", "--cancel", shares)
    assert (ran.code, ran.out) == (2, "")
    assert "expected" in ran.err


def test_the_help_begins_with_an_example():
    out = done("wvr", "-h").out
    assert out.index("Examples:") < out.index("Options:")
    assert "Not legal advice" in " ".join(out.split())


def test_a_planned_cancellation_is_measured_by_the_lowest_proportion_so_far(folder):
    """400,000 of 1,000,000 are weighted, and of 990,000 after a cancellation: of 980,000 no more than 392,000 may be."""
    heading = {"class_label": "WVR ordinary shares", "listed": True, "effective_on": "2024-07-01"}
    done("record", "--file", write(
        "facts.jsonl",
        fact("IssuerRegistered", effective_on="2024-07-01", issuer="00020", name="Example Inc."),
        fact("ShareClassCreated", share_class="B", type_label="B", stock_code="00020", **heading),
        fact("ShareClassCreated", share_class="A", type_label="A", votes_per_share=10, **{**heading, "listed": False}),
        fact("AuthorisedCapitalIncreased", effective_on="2024-07-01", share_class="B", shares=2_000_000),
        fact("AuthorisedCapitalIncreased", effective_on="2024-07-01", share_class="A", shares=500_000),
        fact("BalanceBroughtForward", effective_on="2024-07-01", share_class="B", held=600_000),
        fact("BalanceBroughtForward", effective_on="2024-07-01", share_class="A", held=400_000),
        fact("SharesRepurchased", effective_on="2024-08-05", share_class="B", shares=10_000, intention="cancellation"),
        fact("RepurchasedSharesCancelled", effective_on="2024-08-06", share_class="B", shares=10_000),
    ))  # fmt: skip
    out = done("wvr", "--as-of", "2024-08-06", "--cancel", "10,000").out
    assert "Cancelling 10,000 shares after 6 August 2024 requires converting 8,000 weighted shares" in out
    assert "measured by the lowest proportion so far, 400,000 of 1,000,000" in out
